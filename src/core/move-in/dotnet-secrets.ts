import { posix, win32 } from 'node:path'
import type { Host } from '../ports.ts'
import type { SecretKind } from '../vault/secrets.ts'
import type { Voice } from '../voice.ts'
import { dotnetPlaces, dotnetSecretFile, revealed } from './dotnet-places.ts'

export type DotnetHost = Pick<
  Host,
  'files' | 'env' | 'platform' | 'keychain' | 'commands' | 'configDirectory' | 'hideFromChildren'
>

/** A secret as the older tool kept it. */
export interface DotnetSecret {
  readonly kind: SecretKind
  readonly value: string
}

/** What is kept of a profile, what lies about that holds it, and what could not be read. */
export interface DotnetSecrets {
  readonly secrets: readonly DotnetSecret[]
  readonly files: readonly string[]
  /** Accounts in the keychain. */
  readonly keychainAccounts: readonly string[]
  readonly unreadable: readonly string[]
}

const secretKeys: readonly (readonly [SecretKind, (name: string) => string])[] = [
  ['client-secret', (name) => `profile:${name}:secret`],
  ['certificate-password', (name) => `profile:${name}:cert-password`],
]

/** Keys of what is not brought over, because a sign-in gets it again, but should not lie about. */
const tokenKeys = [
  (name: string) => `token-cache:public:${name}`,
  (name: string) => `token-cache:confidential:${name}`,
  () => 'token-cache:graph-discovery',
]

/** Whether the older tool left a client secret of a profile in a file. Nothing is opened, and no keychain asked. */
export async function hasDotnetSecret(
  name: string,
  host: Pick<DotnetHost, 'files' | 'env' | 'platform'>,
): Promise<boolean> {
  const { join } = host.platform === 'win32' ? win32 : posix
  const paths = dotnetPlaces(host).secretFolders.map((folder) =>
    join(folder, dotnetSecretFile(`profile:${name}:secret`)),
  )
  return (await Promise.all(paths.map((path) => host.files.look(path)))).some((facts) => facts !== undefined)
}

/** The secrets that the older tool kept of a profile: in files on Linux and Windows, in the keychain on macOS. */
export function dotnetSecretsOf(
  name: string,
  host: DotnetHost,
  voice: Voice,
  signal: AbortSignal,
): Promise<DotnetSecrets> {
  return host.platform === 'darwin' ? fromKeychain(name, host, voice, signal) : fromFiles(name, host, signal)
}

async function fromFiles(name: string, host: DotnetHost, signal: AbortSignal): Promise<DotnetSecrets> {
  const { join } = host.platform === 'win32' ? win32 : posix
  const found = { secrets: new Map<SecretKind, string>(), files: [] as string[], unreadable: [] as string[] }
  for (const folder of dotnetPlaces(host).secretFolders) {
    for (const [kind, keyOf] of secretKeys) {
      const path = join(folder, dotnetSecretFile(keyOf(name)))
      const content = await host.files.read(path)
      if (content === undefined) continue
      const value = host.platform === 'win32' ? await unprotected(path, host, signal) : revealed(content)
      if (value === undefined) found.unreadable.push(path)
      else if (!found.secrets.has(kind)) found.secrets.set(kind, value)
      if (value !== undefined) found.files.push(path)
    }
    for (const keyOf of tokenKeys) {
      const path = join(folder, dotnetSecretFile(keyOf(name)))
      if (await host.files.look(path)) found.files.push(path)
    }
  }
  return {
    secrets: [...found.secrets].map(([kind, value]) => ({ kind, value })),
    files: found.files,
    keychainAccounts: [],
    unreadable: found.unreadable,
  }
}

/**
 * Opens a file that Windows protects for its user. PowerShell does it, for nothing on this side of Node can; the path goes
 * to it encoded, so that no shell reads it, and the secret comes back through a pipe.
 * @see https://learn.microsoft.com/dotnet/api/system.security.cryptography.protecteddata.unprotect
 */
async function unprotected(
  path: string,
  { commands }: DotnetHost,
  signal: AbortSignal,
): Promise<string | undefined> {
  const quoted = `'${path.replaceAll("'", "''")}'`
  const script = `$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; Add-Type -AssemblyName System.Security; [Console]::Out.Write([Convert]::ToBase64String([Security.Cryptography.ProtectedData]::Unprotect([IO.File]::ReadAllBytes(${quoted}), $null, 'CurrentUser')))`
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  const result = await commands.run(`powershell.exe -NoProfile -NonInteractive -EncodedCommand ${encoded}`, {
    attended: false,
    silent: true,
    largestOutputBytes: 64 * 1024,
    signal,
  })
  if (result.kind !== 'output') return undefined
  return Buffer.from(result.stdout.toString('latin1'), 'base64').toString('utf8') || undefined
}

/** Its items are under the same service as ours, with accounts of their own. macOS may ask before it hands one out. */
async function fromKeychain(
  name: string,
  { keychain }: DotnetHost,
  voice: Voice,
  signal: AbortSignal,
): Promise<DotnetSecrets> {
  const secrets: DotnetSecret[] = []
  const keychainAccounts: string[] = []
  for (const [kind, keyOf] of secretKeys) {
    const options = { attended: voice.attended, onWait: (text: string) => voice.warn(text), signal }
    const value = await keychain.get(keyOf(name), options)
    if (value === undefined || value.length === 0) continue
    secrets.push({ kind, value: value.toString('utf8') })
    keychainAccounts.push(keyOf(name))
  }
  return { secrets, files: [], keychainAccounts, unreadable: [] }
}
