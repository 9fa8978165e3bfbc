import { resolve } from 'node:path'
import { readCertificate } from '../../core/certificates/read-certificate.ts'
import { readCertificateContent } from '../../core/client-certificate.ts'
import type { Host } from '../../core/ports.ts'
import { checkProfileName, isGuid, isTenant, type CertificateSource } from '../../core/profiles/profile.ts'
import { refuseTakenName, type ProfileDraft } from '../../core/profiles/create-profile.ts'
import { parseScopes } from '../../core/scopes.ts'
import { graphUrlOf } from '../../core/clouds.ts'
import { EntraAuthError } from '../../errors.ts'
import { askSecret, askText, choose, confirm } from '../../ui/prompts.ts'
import type { GivenCredential } from './credential-flags.ts'

type Asked = Partial<ProfileDraft> & Pick<ProfileDraft, 'name'>

/** Asks a person for what the flags did not give; whatever they gave is not asked again. */
export async function askForProfile(given: Partial<ProfileDraft>, host: Host): Promise<Asked> {
  const name = given.name ?? (await askName(host))
  // Of a managed identity nothing else needs to be known.
  if (given.credential?.kind === 'managed-identity') return { ...given, name }
  const tenantId =
    given.tenantId ??
    (await askText('Tenant ID', {
      placeholder: 'a GUID, a domain such as contoso.onmicrosoft.com, or organizations',
      check: (answer) => (isTenant(answer) ? undefined : 'that is neither a GUID nor a domain'),
    }))
  const clientId =
    given.clientId ??
    (await askText('Client ID', {
      placeholder: 'of the app registration',
      check: (answer) => (isGuid(answer) ? undefined : 'that is not a GUID'),
    }))
  const { credential, secrets } = givenCredential(given) ?? (await askCredential(host))
  const scopes = given.scopes?.length ? given.scopes : await askScopes(given)
  const defaultFlow = given.defaultFlow ?? (credential.kind === 'none' ? await askSignIn() : undefined)
  return { ...given, name, tenantId, clientId, credential, secrets, scopes, defaultFlow }
}

function givenCredential({ credential, secrets = {} }: Partial<ProfileDraft>): GivenCredential | undefined {
  return credential && { credential, secrets }
}

/** A name that is taken is refused before anything else is asked. */
async function askName(host: Host): Promise<string> {
  const name = await askText('Profile name', { fallback: 'default', check: (answer) => problemWith(answer) })
  await refuseTakenName(host, name)
  return name
}

function problemWith(name: string): string | undefined {
  try {
    checkProfileName(name)
    return undefined
  } catch (error) {
    return error instanceof EntraAuthError ? error.hint : String(error)
  }
}

async function askCredential(host: Host): Promise<GivenCredential> {
  const kind = await choose('How does the app prove itself?', [
    { value: 'none', label: 'Not at all: a person signs in', hint: 'public client' },
    { value: 'client-secret', label: 'With a client secret' },
    { value: 'certificate', label: 'With a certificate' },
  ])
  switch (kind) {
    case 'none':
      return { credential: { kind }, secrets: {} }
    case 'client-secret':
      return {
        credential: { kind, source: { from: 'vault' } },
        secrets: { 'client-secret': await askSecret('Client secret') },
      }
    case 'certificate':
      return askCertificate(host)
  }
}

/** The certificate is opened at once, so that a wrong path or password shows now and not at three in the morning. */
async function askCertificate(host: Host): Promise<GivenCredential> {
  let complaint = ''
  for (;;) {
    const source = await askCertificateFiles(complaint, host)
    try {
      return {
        credential: { kind: 'certificate', source },
        secrets: { 'certificate-password': await askPassword(source, host) },
      }
    } catch (error) {
      if (!(error instanceof EntraAuthError) || error.code === 'interrupted') throw error
      // A mistyped path must not cost the answers given so far.
      complaint = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}. `
    }
  }
}

async function askCertificateFiles(complaint: string, host: Host) {
  const path = await askText(`${complaint}Certificate file (PFX or PEM)`, { check: required })
  const keyPath = /\.(?:pfx|p12)$/i.test(path)
    ? ''
    : await askText('Private key file', { placeholder: 'empty if it is in the same file' })
  return {
    from: 'file',
    certificatePath: typedPath(path, host),
    privateKeyPath: keyPath === '' ? undefined : typedPath(keyPath, host),
  } as const
}

/** No shell has expanded the tilde in what was typed at a question. */
function typedPath(text: string, { env }: Host): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '~'
  return resolve(text.replace(/^~(?=[/\\]|$)/, () => home))
}

/** The password that opens the certificate, where it is to be kept. */
async function askPassword(source: CertificateSource, host: Host): Promise<string | undefined> {
  const content = await readCertificateContent(source, host)
  let password: string | undefined
  for (;;) {
    const { kind } = await readCertificate(content, password)
    if (kind === 'read') break
    password = await askSecret(
      kind === 'password-needed' ? 'Certificate password' : 'That is wrong. Certificate password',
    )
  }
  const keep = password !== undefined && (await confirm('Keep the certificate password, sealed?', false))
  return keep ? password : undefined
}

async function askScopes(given: Partial<ProfileDraft>): Promise<readonly string[]> {
  const fallback = `${given.graphUrl ?? graphUrlOf(given.authority ?? '')}/.default`
  return parseScopes([await askText('Scopes (separated by spaces)', { fallback })])
}

function askSignIn(): Promise<'interactive-browser' | 'device-code'> {
  return choose('How does a person sign in?', [
    { value: 'interactive-browser', label: 'In a browser on this machine' },
    { value: 'device-code', label: 'On any device, with a code' },
  ])
}

function required(answer: string): string | undefined {
  return answer === '' ? 'it cannot be empty' : undefined
}
