import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import { profileFileName, profileKey } from '../profiles/profile.ts'
import { openVault, type VaultHost, type Warn } from './vault.ts'

const secretKinds = ['client-secret', 'certificate-password'] as const

/** The kinds of secret a profile may have. */
export type SecretKind = (typeof secretKinds)[number]

/** A profile's sealed secret, or undefined where none is kept. @throws EntraAuthError `store_unavailable` */
export async function readSecret(
  host: VaultHost,
  profileName: string,
  kind: SecretKind,
  warn: Warn,
): Promise<string | undefined> {
  const path = secretPath(host, profileName, kind)
  const sealed = await host.files.read(path)
  if (sealed === undefined) return undefined
  const opened = (await openVault(host, warn)).open(logicalName(profileName, kind), sealed)
  if (opened.ok) return opened.content.toString('utf8')
  throw new EntraAuthError(
    'store_unavailable',
    `the ${kind} of "${profileName}" cannot be opened (${opened.damage})`,
    {
      hint: `set it anew with "entra-auth-cli config create -n ${profileName} --overwrite"; "${path}" was left as it is`,
    },
  )
}

export async function writeSecret(
  host: VaultHost,
  profileName: string,
  kind: SecretKind,
  secret: string,
  warn: Warn,
): Promise<void> {
  const vault = await openVault(host, warn)
  await host.files.write(
    secretPath(host, profileName, kind),
    vault.seal(logicalName(profileName, kind), secret),
  )
}

/** A profile's secrets by their kind. */
export type Secrets = Readonly<Partial<Record<SecretKind, string>>>

/** The same, ready to lie on disk. */
export type SealedSecrets = Readonly<Partial<Record<SecretKind, Buffer>>>

/** Seals secrets without keeping them yet. Opens the vault only if there are any. @throws EntraAuthError `store_unavailable` */
export async function sealSecrets(
  host: VaultHost,
  profileName: string,
  secrets: Secrets,
  warn: Warn,
): Promise<SealedSecrets> {
  const given = secretKinds.flatMap((kind) => {
    const secret = secrets[kind]
    return secret === undefined ? [] : [{ kind, secret }]
  })
  if (given.length === 0) return {}
  const vault = await openVault(host, warn)
  return Object.fromEntries(
    given.map(({ kind, secret }) => [kind, vault.seal(logicalName(profileName, kind), secret)]),
  )
}

/** Keeps these secrets of a profile, and no others. */
export async function replaceSecrets(
  host: VaultHost,
  profileName: string,
  sealed: SealedSecrets,
): Promise<void> {
  for (const kind of secretKinds) {
    const content = sealed[kind]
    const path = secretPath(host, profileName, kind)
    await (content ? host.files.write(path, content) : host.files.remove(path))
  }
}

/** Needs no key: what cannot be opened can still be removed. */
export async function removeSecrets(host: VaultHost, profileName: string): Promise<void> {
  for (const kind of secretKinds) await host.files.remove(secretPath(host, profileName, kind))
}

function secretPath(host: VaultHost, profileName: string, kind: SecretKind): string {
  return join(host.configDirectory, 'secure', `${profileFileName(profileName)}.${kind}.bin`)
}

function logicalName(profileName: string, kind: SecretKind): string {
  return `${kind}:${profileKey(profileName)}`
}
