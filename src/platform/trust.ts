import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as tls from 'node:tls'
import type { Environment } from '../core/ports.ts'
import { fileError } from './file-errors.ts'

/** Where the authorities come from that a server's certificate may be signed by. */
export interface TrustSources {
  /** A PEM file of the profile. */
  readonly caFile?: string
  readonly reach: TrustReach
}

/**
 * How far to look for authorities beside those in the profile's file: nowhere, to Node's choice, or to the operating
 * system's too, where they can be read. Each takes tens of milliseconds to read.
 */
export type TrustReach = 'file' | 'node' | 'system'

/** What to try in turn, until an authority is known: each holds all that those before it hold. */
export function reachesFor(caFile: string | undefined): readonly TrustReach[] {
  const beyond: readonly TrustReach[] = hasSystemStore ? ['node', 'system'] : ['node']
  // Whoever names a file in a profile does so for the authority of that profile.
  return caFile ? ['file', ...beyond] : beyond
}

// Node 20 has no such function, and its types do not know it.
const getCACertificates = (tls as { getCACertificates?: (type: 'default' | 'system') => string[] })
  .getCACertificates

/** Whether the operating system's authorities can be read: by Node 22.15 and later, elsewhere as Linux keeps them. */
export const hasSystemStore = getCACertificates !== undefined || process.platform === 'linux'

/**
 * The authorities to trust, or undefined for Node's own choice (its built-in ones and `NODE_EXTRA_CA_CERTS`).
 * A list given to TLS replaces that choice, so it is part of every list made here.
 * @throws EntraAuthError `file_unusable` when the PEM file cannot be read or holds no certificate
 */
export async function secureContext(
  sources: TrustSources,
  env: Environment,
): Promise<tls.SecureContext | undefined> {
  const { caFile, reach } = sources
  if (!caFile && reach !== 'system') return undefined
  const own = caFile ? [await readCertificates(caFile)] : []
  const nodes = reach === 'file' ? [] : await nodeCertificates(env)
  const system = reach === 'system' ? (getCACertificates?.('system') ?? (await linuxCertificates(env))) : []
  try {
    return tls.createSecureContext({ ca: [...nodes, ...system, ...own] })
  } catch (error) {
    throw fileError('read', caFile ?? 'the system certificates', error)
  }
}

async function nodeCertificates(env: Environment): Promise<readonly string[]> {
  return getCACertificates?.('default') ?? [...tls.rootCertificates, ...(await extraCertificates(env))]
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

/** Where distributions of Linux keep all authorities in one file: Debian, Fedora, SUSE, Alpine. */
const linuxBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * What OpenSSL would trust on this machine, for a Node that cannot tell. What cannot be read is passed by.
 * @see https://docs.openssl.org/3.0/man7/openssl-env/
 */
async function linuxCertificates({ SSL_CERT_FILE, SSL_CERT_DIR }: Environment): Promise<readonly string[]> {
  const named = SSL_CERT_FILE ? [SSL_CERT_FILE] : linuxBundles
  const folders = SSL_CERT_DIR ? SSL_CERT_DIR.split(':') : []
  const [inFiles, inFolders] = await Promise.all([
    pemTexts(named),
    Promise.all(folders.map(filesIn)).then((paths) => pemTexts(paths.flat())),
  ])
  // The bundles of one machine are the same list under several names.
  return [...inFiles.slice(0, 1), ...inFolders]
}

async function pemTexts(paths: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')))
  return texts.filter((text) => text.includes('-----BEGIN CERTIFICATE-----'))
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.map((name) => join(folder, name))
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
