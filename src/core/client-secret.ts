import { EntraAuthError } from '../errors.ts'
import { commandOutput, partOf, type Waiting } from './command-output.ts'
import { profileFileInTime } from './input-in-time.ts'
import type { Host } from './ports.ts'
import type { Profile } from './profiles/profile.ts'
import { shellWord } from './shell-word.ts'
import { readSecret } from './vault/secrets.ts'
import type { VaultHost } from './vault/vault.ts'
import type { Voice } from './voice.ts'

/** Where a secret is looked for when the profile keeps none. @see https://learn.microsoft.com/azure/developer/intro/azure-service-sdk-tools-auth */
const ambientVariable = 'AZURE_CLIENT_SECRET'

/**
 * The client secret of a profile, fetched from where it is kept; `AZURE_CLIENT_SECRET` where it keeps none.
 * @returns undefined where there is none at all
 * @throws EntraAuthError `profile_incomplete` where it cannot be had from where the profile says, and whatever the vault,
 *   files and commands throw
 */
export async function clientSecretOf(
  profile: Profile,
  host: VaultHost & Pick<Host, 'env' | 'files' | 'commands'>,
  voice: Voice,
  waiting: Waiting,
): Promise<string | undefined> {
  const ambient = host.env[ambientVariable] || undefined
  if (profile.credential.kind !== 'client-secret') return ambient
  const { source } = profile.credential
  switch (source.from) {
    case 'vault':
      return (await readSecret(host, profile.name, 'client-secret', voice)) ?? ambient
    case 'environment':
      return host.env[source.variable] || missing(profile, `the variable ${source.variable} is not set`)
    case 'file': {
      const { path } = source
      const what = `the client secret of "${profile.name}"`
      const keep = `keep the secret with "entra-auth-cli config edit ${shellWord(profile.name)} --client-secret -"`
      const hint = `is it there, and may this user read it? else ${keep}`
      const content = await profileFileInTime(path, what, hint, host, partOf(waiting))
      return onlySecretIn(content) ?? missing(profile, `"${path}" holds ${faultOf(content)}`, mustBeAlone)
    }
    case 'command': {
      const { command } = source
      const what = `the client secret of "${profile.name}"`
      const output = await commandOutput(command, what, host, voice, waiting)
      const hint = `it must print the secret alone, on one line: ${command}`
      return onlySecretIn(output) ?? missing(profile, `its command prints ${faultOf(output)}`, hint)
    }
  }
}

/**
 * A secret as it is read from a file or a pipe: one trailing line break is the editor's, not the secret's.
 * @throws EntraAuthError `invalid_arguments` where there is none
 */
export function secretText(content: Buffer, source: string): string {
  const secret = onlySecretIn(content)
  if (secret !== undefined) return secret
  throw new EntraAuthError('invalid_arguments', `${source} holds ${faultOf(content)}`, { hint: mustBeAlone })
}

const mustBeAlone = 'it must hold the secret alone, on one line'

function onlySecretIn(content: Buffer): string | undefined {
  const text = withoutLineEnd(content)
  return text === '' || /[\r\n]/.test(text) ? undefined : text
}

function faultOf(content: Buffer): string {
  return withoutLineEnd(content) === '' ? 'no secret' : 'more than one line'
}

function withoutLineEnd(content: Buffer): string {
  return content
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r?\n$/, '')
}

function missing(
  profile: Profile,
  what: string,
  hint = 'set it, or give the secret for this call with "--client-secret -" and stdin',
): never {
  throw new EntraAuthError(
    'profile_incomplete',
    `the client secret of "${profile.name}" cannot be had: ${what}`,
    { hint },
  )
}
