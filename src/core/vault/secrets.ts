import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import { profileFileName } from '../profiles/profile.ts'
import { profilesLock } from '../profiles/profile-store.ts'
import type { Voice } from '../voice.ts'
import { openVault, type Vault, type VaultHost } from './vault.ts'
import { secureFolder, type VaultFileHost } from './vault-file.ts'

/** Every kind of secret there is. */
export const secretKinds = ['client-secret', 'certificate-password'] as const

/** The kinds of secret a profile may have. */
export type SecretKind = (typeof secretKinds)[number]

/** A profile's secrets by their kind. */
export type Secrets = Readonly<Partial<Record<SecretKind, string>>>

/** A profile's sealed secret, or undefined where none is kept. @throws EntraAuthError `store_unavailable` */
export async function readSecret(
  host: VaultHost,
  profileName: string,
  kind: SecretKind,
  voice: Voice,
): Promise<string | undefined> {
  const path = secretPath(host, profileName, kind)
  // Most profiles keep none: then no vault is opened, and none is made.
  if ((await host.files.look(path)) === undefined) return undefined
  const opened = await (await openVault(host, voice)).read(path)
  if (opened === undefined) return undefined
  if (opened.ok) return opened.content.toString('utf8')
  throw new EntraAuthError(
    'store_unavailable',
    `the ${kind} of "${profileName}" cannot be opened (${opened.damage})`,
    {
      hint: `set it anew with "entra-auth-cli config edit ${profileName} --${kind} -"; "${path}" was left as it is`,
    },
  )
}

export async function writeSecret(
  host: VaultHost,
  profileName: string,
  kind: SecretKind,
  secret: string,
  voice: Voice,
): Promise<void> {
  const vault = await openVault(host, voice)
  await host.files.locked(secretsLock(host), () => vault.write(secretPath(host, profileName, kind), secret))
}

/** The lock under which secrets are written: the one of the profiles they belong to. */
export function secretsLock(host: VaultFileHost): string {
  return profilesLock(host)
}

/** Keeps these secrets of a profile, and no others. Only under `secretsLock`. */
export async function replaceSecrets(
  host: VaultHost,
  vault: Vault | undefined,
  profileName: string,
  secrets: Secrets,
): Promise<void> {
  for (const kind of secretKinds) {
    const secret = secrets[kind]
    const path = secretPath(host, profileName, kind)
    await (secret === undefined ? host.files.remove(path) : vault?.write(path, secret))
  }
}

/** Only under `secretsLock`. Needs no key: what cannot be opened can still be removed. */
export async function removeSecrets(host: VaultFileHost, profileName: string): Promise<void> {
  for (const kind of secretKinds) await host.files.remove(secretPath(host, profileName, kind))
}

/** The sealed secrets of all profiles, as paths. */
export async function secretPaths(host: VaultFileHost): Promise<readonly string[]> {
  const names = await host.files.list(secureFolder(host))
  return names
    .filter((name) => secretKinds.some((kind) => name.endsWith(`.${kind}.bin`)))
    .map((name) => join(secureFolder(host), name))
}

/** Where a profile's secret is kept, whether there is one or not. */
export function secretPath(host: VaultFileHost, profileName: string, kind: SecretKind): string {
  return join(secureFolder(host), `${profileFileName(profileName)}.${kind}.bin`)
}
