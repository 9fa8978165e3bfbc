import { cloudNamed, graphUrlOf } from '../../core/clouds.ts'
import type { Host } from '../../core/ports.ts'
import { refuseTakenName, type ProfileDraft } from '../../core/profiles/create-profile.ts'
import { parseScopes } from '../../core/scopes.ts'
import { askText, choose } from '../../ui/prompts.ts'
import { askCredential, askCredentialKind } from './ask-credential.ts'
import type { GivenCredential } from './credential-flags.ts'
import { clientId, profileName, tenantId } from './field-checks.ts'

type Asked = Partial<ProfileDraft> & Pick<ProfileDraft, 'name'>

/**
 * Asks a person for what the flags did not give; whatever they gave is not asked again. How the app proves itself comes
 * early, for a managed identity is no app and has no tenant to name.
 */
export async function askForProfile(given: Partial<ProfileDraft>, host: Host): Promise<Asked> {
  const name = given.name ?? (await askName(host))
  const kind = given.credential?.kind ?? (await askCredentialKind())
  const app = kind === 'managed-identity' ? {} : await askApp(given)
  const { credential, secrets } = givenCredential(given) ?? (await askCredential(kind, host))
  const asked = { ...given, ...app, name, credential, secrets }
  // Of a managed identity that a flag gives nothing else needs to be known.
  if (given.credential?.kind === 'managed-identity') return asked
  const scopes = given.scopes?.length ? given.scopes : await askScopes(given)
  const defaultFlow = given.defaultFlow ?? (credential.kind === 'none' ? await askSignIn() : undefined)
  return { ...asked, scopes, defaultFlow }
}

function givenCredential({ credential, secrets = {} }: Partial<ProfileDraft>): GivenCredential | undefined {
  return credential && { credential, secrets }
}

/** A name that is taken is refused before anything else is asked. */
async function askName(host: Host): Promise<string> {
  const name = await askText('Profile name', { fallback: 'default', check: profileName })
  await refuseTakenName(host, name)
  return name
}

async function askApp(given: Partial<ProfileDraft>): Promise<Pick<ProfileDraft, 'tenantId' | 'clientId'>> {
  return {
    tenantId:
      given.tenantId ??
      (await askText('Tenant ID', {
        placeholder: 'a GUID, a domain such as contoso.onmicrosoft.com, or organizations',
        check: tenantId,
      })),
    clientId:
      given.clientId ??
      (await askText('Client ID', { placeholder: 'of the app registration', check: clientId })),
  }
}

async function askScopes(given: Partial<ProfileDraft>): Promise<readonly string[]> {
  const authority = given.authority ?? cloudNamed(given.cloud ?? 'public').authority
  const fallback = `${given.graphUrl ?? graphUrlOf(authority)}/.default`
  return parseScopes([await askText('Scopes (separated by spaces)', { fallback })])
}

function askSignIn(): Promise<'interactive-browser' | 'device-code'> {
  return choose('How does a person sign in?', [
    { value: 'interactive-browser', label: 'In a browser on this machine' },
    { value: 'device-code', label: 'On any device, with a code' },
  ])
}
