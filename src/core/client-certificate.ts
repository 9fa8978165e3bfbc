import { EntraAuthError } from '../errors.ts'
import { certificateWarning } from './certificates/certificate-warning.ts'
import {
  lookAtCertificate,
  readCertificate,
  type CertificateContent,
  type CertificateCredential,
  type CertificateFacts,
} from './certificates/read-certificate.ts'
import type { Interaction } from './interaction.ts'
import type { Environment, Host } from './ports.ts'
import type { CertificateSource, Credential, Profile } from './profiles/profile.ts'
import { shellWord } from './shell-word.ts'
import { readSecret, writeSecret } from './vault/secrets.ts'
import type { VaultHost } from './vault/vault.ts'
import { silentVoice } from './voice.ts'

/** Where Azure's SDKs look for a certificate's password. @see https://learn.microsoft.com/azure/developer/python/sdk/authentication/service-principal */
export const ambientPasswordVariable = 'AZURE_CLIENT_CERTIFICATE_PASSWORD'
const attempts = 3

type CertificateHost = VaultHost & Pick<Host, 'env' | 'files' | 'now'>
type CertificateCredentialOf = Extract<Credential, { kind: 'certificate' }>

/**
 * The certificate of a profile, opened. Its password is looked for where somebody may have put it, and at last asked of
 * a person: without one, the one that is kept, `AZURE_CLIENT_CERTIFICATE_PASSWORD`, and three times at the terminal.
 * @param keepPassword whether the password that opened it is sealed for the next time
 * @throws EntraAuthError `profile_incomplete` where the files are unusable, or no password opens them
 */
export async function clientCertificateOf(
  profile: Profile,
  credential: CertificateCredentialOf,
  keepPassword: boolean,
  host: CertificateHost,
  interaction: Interaction,
): Promise<CertificateCredential> {
  const content = await readCertificateContent(credential.source, host)
  for await (const password of passwords(profile, content.certificatePath, host, interaction)) {
    const reading = await readCertificate(content, password)
    if (reading.kind !== 'read') continue
    const warning = certificateWarning(reading.credential, host.now())
    if (warning !== undefined) interaction.warn(warning)
    if (keepPassword && password !== undefined) {
      await writeSecret(host, profile.name, 'certificate-password', password, interaction)
    }
    return reading.credential
  }
  throw new EntraAuthError(
    'profile_incomplete',
    `no password opens the certificate "${content.certificatePath}"`,
    {
      hint: `set ${ambientPasswordVariable}, or keep it with "${keepingCommand(profile.name)}"`,
    },
  )
}

/** The passwords to try, cheapest first; a wrong one that somebody kept is told. */
async function* passwords(
  profile: Profile,
  certificatePath: string,
  host: CertificateHost,
  interaction: Interaction,
): AsyncGenerator<string | undefined, void> {
  yield undefined
  const kept = await readSecret(host, profile.name, 'certificate-password', interaction)
  if (kept !== undefined) {
    yield kept
    interaction.warn(`the certificate password kept for "${profile.name}" is wrong`)
  }
  const ambient = host.env[ambientPasswordVariable] || undefined
  if (ambient !== undefined) {
    yield ambient
    interaction.warn(`the certificate password in ${ambientPasswordVariable} is wrong`)
  }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const typed = await interaction.askSecret(`Password of "${certificatePath}"`)
    if (typed === undefined) return
    yield typed
    interaction.warn('that password is wrong')
  }
}

/**
 * What anybody may know of a profile's certificate, asking nobody: a closed file is opened with the password that is
 * kept or in `AZURE_CLIENT_CERTIFICATE_PASSWORD`, and where that fails, what can be seen without is told.
 * @throws EntraAuthError `profile_incomplete` where the files are unusable, or only a password that nobody kept, or
 *   another than the one that is kept, opens them; `file_unusable` where they cannot be read; `store_unavailable` where the one that is kept cannot be had
 */
export async function certificateFactsOf(
  profileName: string,
  source: CertificateSource,
  host: CertificateHost,
): Promise<CertificateFacts> {
  const content = await readCertificateContent(source, host)
  const open = await readCertificate(content, undefined)
  if (open.kind === 'read') return open.credential
  const seen = await lookAtCertificate(content)
  if (seen !== undefined) return seen
  const kept = await readSecret(host, profileName, 'certificate-password', silentVoice)
  const ambient = host.env[ambientPasswordVariable] || undefined
  for (const password of [kept, ambient]) {
    const reading = password === undefined ? undefined : await readCertificate(content, password)
    if (reading?.kind === 'read') return reading.credential
  }
  const wrong =
    kept !== undefined
      ? `kept for "${profileName}"`
      : ambient !== undefined
        ? `in ${ambientPasswordVariable}`
        : undefined
  if (wrong !== undefined) {
    throw new EntraAuthError('profile_incomplete', `the certificate password ${wrong} is wrong`, {
      hint: `give the right one with "entra-auth-cli config edit ${shellWord(profileName)} --certificate-password -"`,
    })
  }
  throw new EntraAuthError(
    'profile_incomplete',
    `"${content.certificatePath}" cannot be looked at without its password`,
    { hint: `set ${ambientPasswordVariable}, or keep it with "${keepingCommand(profileName)}"` },
  )
}

/** The command that asks for the password and keeps it. */
function keepingCommand(profileName: string): string {
  return `entra-auth-cli get-token -p ${shellWord(profileName)} --cache-cert-password`
}

/**
 * A certificate credential as it is kept, for `readCertificate`. A variable is named `$VARIABLE` where a path would be.
 * @param signal gives up a file that is a pipe to which nobody writes
 * @throws EntraAuthError `profile_incomplete` where the variable is not set, `file_unusable` where a file cannot be read
 */
export async function readCertificateContent(
  source: CertificateSource,
  host: Pick<Host, 'env' | 'files'>,
  signal?: AbortSignal,
): Promise<CertificateContent> {
  if (source.from === 'environment') return certificateInVariable(source.variable, host.env)
  const { certificatePath, privateKeyPath } = source
  const certificate = await host.files.readInput(certificatePath, signal)
  if (privateKeyPath === undefined) return { certificate, certificatePath }
  return {
    certificate,
    certificatePath,
    privateKey: await host.files.readInput(privateKeyPath, signal),
    privateKeyPath,
  }
}

function certificateInVariable(variable: string, env: Environment): CertificateContent {
  const text = env[variable]
  if (text) return { certificate: Buffer.from(text), certificatePath: `$${variable}` }
  throw new EntraAuthError('profile_incomplete', `the variable ${variable} is not set`, {
    hint: 'set it to the certificate with its private key: PEM, or base64 of a PFX or PEM file',
  })
}
