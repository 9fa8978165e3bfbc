import { EntraAuthError } from '../errors.ts'
import { commandOutput, partOf, type Waiting } from './command-output.ts'
import { inputInTime } from './input-in-time.ts'
import type { Host } from './ports.ts'
import type { Profile } from './profiles/profile.ts'
import { readSecret } from './vault/secrets.ts'
import type { VaultHost } from './vault/vault.ts'
import type { Voice } from './voice.ts'

/** Where a secret is looked for when the profile keeps none. @see https://learn.microsoft.com/azure/developer/intro/azure-service-sdk-tools-auth */
const ambientVariable = 'AZURE_CLIENT_SECRET'

/**
 * The client secret of a profile, fetched from where it is kept; `AZURE_CLIENT_SECRET` where it keeps none.
 * @returns undefined where there is none at all
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
    case 'file':
      return secretText(await inputInTime(source.path, host, partOf(waiting)), source.path)
    case 'command':
      return secretText(
        await commandOutput(source.command, `the client secret of "${profile.name}"`, host, voice, waiting),
        'what its command prints',
      )
  }
}

/**
 * A secret as it is read from a file or a pipe: one trailing line break is the editor's, not the secret's.
 * @throws EntraAuthError `invalid_arguments` where there is none
 */
export function secretText(content: Buffer, source: string): string {
  const text = content
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r?\n$/, '')
  if (text !== '' && !/[\r\n]/.test(text)) return text
  throw new EntraAuthError(
    'invalid_arguments',
    `${source} holds ${text === '' ? 'no secret' : 'more than one line'}`,
    {
      hint: 'it must hold the secret alone, on one line',
    },
  )
}

function missing(profile: Profile, what: string): never {
  throw new EntraAuthError(
    'profile_incomplete',
    `the client secret of "${profile.name}" cannot be had: ${what}`,
    { hint: 'set it, or give the secret for this call with "--client-secret -" and stdin' },
  )
}
