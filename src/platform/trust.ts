import { readFile } from 'node:fs/promises'
import * as tls from 'node:tls'
import type { Environment } from '../core/ports.ts'
import { fileError } from './file-errors.ts'

/** Where the authorities come from that a server's certificate may be signed by. */
export interface TrustSources {
  /** A PEM file of the profile. */
  readonly caFile?: string
  /** Whether to take the operating system's authorities too, where Node can read them (22.15 and later). */
  readonly system: boolean
}

// Node 20 has no such function, and its types do not know it.
const getCACertificates = (tls as { getCACertificates?: (type: 'default' | 'system') => string[] })
  .getCACertificates

/** Whether this Node can read the operating system's authorities. */
export const hasSystemStore = getCACertificates !== undefined

/**
 * The authorities to trust, or undefined for Node's own choice (its built-in ones and `NODE_EXTRA_CA_CERTS`).
 * A list given to TLS replaces that choice, so it is part of every list made here.
 * @throws EntraAuthError `file_unusable` when the PEM file cannot be read or holds no certificate
 */
export async function secureContext(
  sources: TrustSources,
  env: Environment,
): Promise<tls.SecureContext | undefined> {
  if (!sources.caFile && !sources.system) return undefined
  const ca = getCACertificates?.('default') ?? [...tls.rootCertificates, ...(await extraCertificates(env))]
  const system = sources.system ? (getCACertificates?.('system') ?? []) : []
  const own = sources.caFile ? [await readCertificates(sources.caFile)] : []
  try {
    return tls.createSecureContext({ ca: [...ca, ...system, ...own] })
  } catch (error) {
    throw fileError('read', sources.caFile ?? 'the system certificates', error)
  }
}

async function readCertificates(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError('read', path, error)
  })
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw fileError('read', path, 'it holds no certificate in PEM form')
  }
  return text
}

/** Node itself goes on without a file it cannot read, after a warning; so do we. */
async function extraCertificates(env: Environment): Promise<string[]> {
  const path = env.NODE_EXTRA_CA_CERTS
  if (!path) return []
  return readFile(path, 'utf8').then(
    (text) => [text],
    () => [],
  )
}
