/** Vaults in every place a key can be in, with something sealed in them. */
import type { Environment, Host } from '../../../../src/core/ports.ts'
import { sealedKeyId } from '../../../../src/core/vault/envelope.ts'
import type { SlotType } from '../../../../src/core/vault/vault-file.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import { silentVoice, type Voice } from '../../../../src/core/voice.ts'
import {
  cacheDirectory,
  configDirectory,
  memoryHost,
  noKeychain,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../support/memory-host.ts'
import { vaultPath } from '../../../support/profiles.ts'

export const places = ['explicit', 'keychain', 'passphrase', 'key-file'] as const

export const secretPath = `${configDirectory}/secure/ci.client-secret.bin`
export const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`

/** What is sealed in every vault made here. */
const contents: Readonly<Record<string, string>> = {
  [secretPath]: 's3cret~of~ci',
  [`${configDirectory}/secure/web.certificate-password.bin`]: 'p4ss~of~web',
  [cachePath]: '{"tokens":"of ci"}',
  [`${cacheDirectory}/entra-auth-cli.work.bin`]: '{"tokens":"of work"}',
}
export const sealedPaths = Object.keys(contents)

const key = 'ab'.repeat(32)
const environments: Readonly<Record<SlotType, Record<string, string>>> = {
  explicit: { ENTRA_AUTH_CLI_KEY: key },
  keychain: {},
  passphrase: { ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse' },
  'key-file': {},
}

/** A machine whose vault's key is in `place`, with two secrets and two token caches. */
export async function machineWith(place: SlotType, options: MemoryHostOptions = {}): Promise<MemoryHost> {
  const host = memoryHost({ ...options, env: { ...environments[place], ...options.env } })
  const vault = await openVault(place === 'key-file' ? { ...host, keychain: noKeychain } : host, silentVoice)
  for (const [path, content] of Object.entries(contents)) await vault.write(path, content)
  return host
}

/** The same machine for a process with other variables. */
export function withEnvironment(host: MemoryHost, env: Environment): MemoryHost {
  return { ...host, env: { ...env } }
}

/** What a process of its own reads: contents by path, or the damage. */
export async function readAll(
  host: Host,
  voice: Voice = silentVoice,
): Promise<Record<string, string | undefined>> {
  const vault = await openVault(host, voice)
  const entries = sealedPaths.map(async (path) => {
    const opened = await vault.read(path)
    return [path, opened?.ok ? opened.content.toString() : opened?.damage] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

export const allContents: Readonly<Record<string, string | undefined>> = contents

export interface StoredVault {
  readonly version: number
  readonly vaultId: string
  readonly activeKeyId: string
  readonly slots: readonly { readonly type: SlotType; readonly keyId: string }[]
}

export function vaultIn(host: MemoryHost): StoredVault {
  return JSON.parse(host.fileMap.get(vaultPath)?.toString() ?? 'null') as StoredVault
}

/** The ids of the keys that seal anything. */
export function keysInUse(host: MemoryHost): ReadonlySet<string | undefined> {
  return new Set(
    sealedPaths.flatMap((path) => {
      const sealed = host.fileMap.get(path)
      return sealed ? [sealedKeyId(sealed)] : []
    }),
  )
}

/** The ids of the keys that lie about as files, and of those in the keychain. */
export function keptKeys(host: MemoryHost): {
  readonly files: readonly string[]
  readonly keychain: readonly string[]
} {
  return {
    files: [...host.fileMap.keys()].flatMap((path) => /key-([0-9a-f]{16})\.bin$/.exec(path)?.[1] ?? []),
    keychain: [...host.keychainItems.keys()].map((account) => account.split(':')[1] ?? account),
  }
}

/** All that is on disk, to see that nothing was changed. */
export function filesOf(host: MemoryHost): Readonly<Record<string, string>> {
  return Object.fromEntries([...host.fileMap].map(([path, content]) => [path, content.toString('hex')]))
}
