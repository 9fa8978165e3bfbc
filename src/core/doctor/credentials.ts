import { certificateWarning } from '../certificates/certificate-warning.ts'
import { readCertificate, type CertificateContent } from '../certificates/read-certificate.ts'
import { readCertificateContent } from '../client-certificate.ts'
import { secretText } from '../client-secret.ts'
import { isAppOnly } from '../flows/flow.ts'
import type { Host } from '../ports.ts'
import { naturalFlow, type CertificateSource, type Profile, type SecretSource } from '../profiles/profile.ts'
import { secretPath, type SecretKind } from '../vault/secrets.ts'
import type { VaultHost } from '../vault/vault.ts'
import { assertionFindings } from './assertion.ts'
import { findingsOf, type Finding } from './check.ts'
import { editCommand } from './edit-command.ts'
import { shellWord } from '../shell-word.ts'
import { unsetVariable } from './unset-variable.ts'
import type { VaultSight } from './vault-check.ts'

export type CredentialHost = VaultHost & Pick<Host, 'env' | 'files' | 'now' | 'platform'>

/** What is wrong with a profile's proof of itself; nothing where all is well. */
export async function credentialFindings(
  profile: Profile,
  sight: VaultSight,
  host: CredentialHost,
): Promise<readonly Finding[]> {
  const { credential } = profile
  switch (credential.kind) {
    case 'none':
      return isAppOnly(naturalFlow(profile)) && !host.env['AZURE_CLIENT_SECRET']
        ? [
            {
              name: 'client-secret',
              status: 'failed',
              fact: `profile "${profile.name}" gets the app's own token and has nothing to prove the app with`,
              remedy: editCommand(profile.name, '--client-secret -'),
            },
          ]
        : []
    case 'client-secret':
      return findingsOf({ name: 'client-secret' }, () =>
        secretFindings(profile, credential.source, sight, host),
      )
    case 'certificate':
      return findingsOf({ name: 'certificate' }, () =>
        certificateFindings(profile, credential.source, sight, host),
      )
    case 'federated':
      return assertionFindings(profile, credential.source, host)
    // Whether it is there shows only where it is asked, which a look at profiles does not do.
    case 'managed-identity':
      return []
  }
}

async function secretFindings(
  profile: Profile,
  source: SecretSource,
  sight: VaultSight,
  host: CredentialHost,
): Promise<readonly Finding[]> {
  const name = 'client-secret'
  switch (source.from) {
    case 'environment':
      return unsetVariable(name, source.variable, `the client secret of "${profile.name}"`, host)
    // It may ask a person, cost money or take long: it is run when a token is requested, and not to look.
    case 'command':
      return []
    case 'file': {
      const { path } = source
      // A pipe can be read once, and not by us.
      const facts = await host.files.look(path)
      if (facts?.kind === 'other') return []
      const content = await host.files.read(path)
      const remedy = editCommand(profile.name, '--client-secret -')
      if (content === undefined) {
        const fact = `the file "${path}" with the client secret of "${profile.name}" is not there`
        return [{ name, status: 'failed', fact, remedy }]
      }
      secretText(content, `"${path}"`)
      if (facts === undefined || facts.othersMay === 'nothing') return []
      const fact = `the client secret in "${path}" can be ${facts.othersMay === 'read' ? 'read' : 'written'} by others`
      return [{ name, status: 'warning', fact, remedy: `chmod 600 ${shellWord(path)}` }]
    }
    case 'vault': {
      const kept = await keptSecret(profile, name, sight, host)
      if (kept.kind === 'opens' || (kept.kind === 'none' && host.env['AZURE_CLIENT_SECRET'])) return []
      if (kept.kind === 'unknown')
        return [
          {
            name,
            status: 'not_applicable',
            fact: `the client secret of "${profile.name}" cannot be looked at`,
          },
        ]
      const fact =
        kept.kind === 'none'
          ? `no client secret is kept for "${profile.name}"`
          : `the client secret of "${profile.name}" does not open`
      return [{ name, status: 'failed', fact, remedy: editCommand(profile.name, '--client-secret -') }]
    }
  }
}

type Kept =
  | { readonly kind: 'opens'; readonly secret: string }
  | { readonly kind: 'none' | 'damaged' }
  /** The vault does not open. */
  | { readonly kind: 'unknown' }

async function keptSecret(
  { name }: Profile,
  kind: SecretKind,
  sight: VaultSight,
  host: CredentialHost,
): Promise<Kept> {
  const path = secretPath(host, name, kind)
  if ((await host.files.look(path)) === undefined) return { kind: 'none' }
  if (sight.kind === 'closed') return { kind: 'unknown' }
  if (sight.kind === 'none') return { kind: 'damaged' }
  const opened = await sight.vault.read(path)
  if (opened === undefined) return { kind: 'none' }
  return opened.ok ? { kind: 'opens', secret: opened.content.toString('utf8') } : { kind: 'damaged' }
}

async function certificateFindings(
  profile: Profile,
  source: CertificateSource,
  sight: VaultSight,
  host: CredentialHost,
): Promise<readonly Finding[]> {
  const name = 'certificate'
  if (source.from === 'environment') {
    const unset = unsetVariable(name, source.variable, `the certificate of "${profile.name}"`, host)
    if (unset.length > 0) return unset
    return openedFindings(profile, await readCertificateContent(source, host), sight, host)
  }
  const { certificatePath, privateKeyPath } = source
  const contents: Buffer[] = []
  for (const path of [certificatePath, privateKeyPath].filter((one) => one !== undefined)) {
    const content = await host.files.read(path)
    if (content === undefined) {
      const fact = `the file "${path}" of profile "${profile.name}" is not there`
      const flags = path === certificatePath ? '--certificate FILE' : '--certificate FILE --private-key FILE'
      return [{ name, status: 'failed', fact, remedy: editCommand(profile.name, flags) }]
    }
    contents.push(content)
  }
  const [certificate, privateKey] = contents
  if (certificate === undefined) return []
  return openedFindings(profile, { certificate, certificatePath, privateKey, privateKeyPath }, sight, host)
}

async function openedFindings(
  profile: Profile,
  content: CertificateContent,
  sight: VaultSight,
  host: CredentialHost,
): Promise<readonly Finding[]> {
  const kept = await keptSecret(profile, 'certificate-password', sight, host)
  const passwords = [
    kept.kind === 'opens' ? kept.secret : undefined,
    host.env['AZURE_CLIENT_CERTIFICATE_PASSWORD'],
  ]
  const given = passwords.filter((password) => password !== undefined && password !== '')
  for (const password of [undefined, ...given]) {
    const reading = await readCertificate(content, password)
    if (reading.kind === 'read')
      return dateFindings(profile, reading.credential, content.certificatePath, host.now())
  }
  const name = 'certificate-password'
  const path = content.certificatePath
  const remedy = `entra-auth-cli get-token -p ${shellWord(profile.name)} --cache-cert-password`
  if (kept.kind === 'unknown')
    return [{ name, status: 'not_applicable', fact: `the password of "${path}" cannot be looked at` }]
  if (kept.kind === 'damaged') {
    const fact = `the password kept for "${path}" does not open`
    return [{ name, status: 'failed', fact, remedy: editCommand(profile.name, '--certificate-password -') }]
  }
  if (given.length > 0)
    return [{ name, status: 'failed', fact: `the password for "${path}" is wrong`, remedy }]
  return [
    {
      name,
      status: 'warning',
      fact: `"${path}" needs a password, and none is kept: somebody must type it each time`,
      remedy,
    },
  ]
}

function dateFindings(
  profile: Profile,
  credential: Parameters<typeof certificateWarning>[0],
  path: string,
  now: Date,
): readonly Finding[] {
  const fact = certificateWarning(credential, now)
  if (fact === undefined) return []
  const isValid = credential.notBefore <= now && now <= credential.notAfter
  return [
    {
      name: 'certificate',
      status: isValid ? 'warning' : 'failed',
      fact: `${fact} ("${path}")`,
      remedy: editCommand(profile.name, '--certificate FILE'),
    },
  ]
}
