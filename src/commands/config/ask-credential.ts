import { resolve } from 'node:path'
import { readCertificate } from '../../core/certificates/read-certificate.ts'
import { readCertificateContent } from '../../core/client-certificate.ts'
import type { Host } from '../../core/ports.ts'
import {
  isGuid,
  isIdentityResource,
  type AssertionSource,
  type CertificateSource,
  type Credential,
  type ManagedIdentity,
} from '../../core/profiles/profile.ts'
import { EntraAuthError } from '../../errors.ts'
import { askSecret, askText, choose, confirm } from '../../ui/prompts.ts'
import type { GivenCredential } from './credential-flags.ts'
import { required, variableName } from './field-checks.ts'

export type CredentialKind = Credential['kind']

/** Which kind of proof an app has. What it is made of is asked by `askCredential`. */
export function askCredentialKind(initial?: CredentialKind): Promise<CredentialKind> {
  return choose<CredentialKind>(
    'How does the app prove itself?',
    [
      { value: 'none', label: 'Not at all: a person signs in', hint: 'public client' },
      { value: 'client-secret', label: 'With a client secret' },
      { value: 'certificate', label: 'With a certificate' },
      { value: 'managed-identity', label: 'As a managed identity', hint: 'on a machine or service of Azure' },
      {
        value: 'federated',
        label: "With another provider's token",
        hint: 'Kubernetes, GitHub, Azure Pipelines',
      },
    ],
    initial,
  )
}

/** Asks for what a credential of that kind is made of. */
export async function askCredential(kind: CredentialKind, host: Host): Promise<GivenCredential> {
  switch (kind) {
    case 'none':
      return { credential: { kind }, secrets: {} }
    case 'client-secret':
      return askClientSecret()
    case 'certificate':
      return askCertificate(host)
    case 'managed-identity':
      return { credential: { kind, identity: await askIdentity() }, secrets: {} }
    case 'federated':
      return { credential: { kind, source: await askAssertion(host) }, secrets: {} }
  }
}

async function askClientSecret(): Promise<GivenCredential> {
  const kind = 'client-secret'
  const from = await choose('Where is the secret?', [
    { value: 'vault', label: 'I have it here', hint: 'it is sealed on this machine' },
    { value: 'environment', label: 'In an environment variable', hint: 'read whenever it is needed' },
    { value: 'command', label: 'A command prints it', hint: 'run whenever it is needed' },
  ])
  switch (from) {
    case 'vault':
      return {
        credential: { kind, source: { from } },
        secrets: { 'client-secret': await askSecret('Client secret') },
      }
    case 'environment':
      return { credential: { kind, source: { from, variable: await askVariable() } }, secrets: {} }
    case 'command':
      return { credential: { kind, source: { from, command: await askCommand() } }, secrets: {} }
  }
}

function askVariable(): Promise<string> {
  return askText('Name of the variable', { check: variableName })
}

function askCommand(): Promise<string> {
  return askText('Command', { placeholder: 'such as op read op://ci/app/secret', check: required })
}

async function askCertificate(host: Host): Promise<GivenCredential> {
  const from = await choose('Where is the certificate?', [
    { value: 'file', label: 'In a file', hint: 'PFX or PEM' },
    { value: 'environment', label: 'In an environment variable', hint: 'PEM, or base64 of PFX or PEM' },
  ])
  if (from === 'environment') {
    const source = { from, variable: await askVariable() } as const
    return { credential: { kind: 'certificate', source }, secrets: {} }
  }
  return askCertificateInFile(host)
}

/** The certificate is opened at once, so that a wrong path or password shows now and not at three in the morning. */
async function askCertificateInFile(host: Host): Promise<GivenCredential> {
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
export function typedPath(text: string, { env }: Pick<Host, 'env'>): string {
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

async function askIdentity(): Promise<ManagedIdentity> {
  const by = await choose('Which managed identity?', [
    { value: 'system', label: "The machine's or service's own", hint: 'system-assigned' },
    { value: 'client-id', label: 'A user-assigned one, by its client id' },
    { value: 'object-id', label: 'A user-assigned one, by its object id' },
    { value: 'resource-id', label: 'A user-assigned one, by its resource id' },
  ])
  if (by === 'system') return { by }
  if (by === 'resource-id') {
    const check = (answer: string) =>
      isIdentityResource(answer) ? undefined : 'that is no resource id of a managed identity'
    return { by, id: await askText('Resource ID', { placeholder: '/subscriptions/…', check }) }
  }
  const check = (answer: string) => (isGuid(answer) ? undefined : 'that is not a GUID')
  return { by, id: await askText(by === 'client-id' ? 'Client ID' : 'Object ID', { check }) }
}

async function askAssertion(host: Host): Promise<AssertionSource> {
  const from = await choose('Where does its token come from?', [
    { value: 'file', label: 'A file', hint: 'as Kubernetes mounts it' },
    { value: 'github-actions', label: 'The job of GitHub Actions that runs this' },
    { value: 'azure-pipelines', label: 'The job of Azure Pipelines that runs this' },
    { value: 'environment', label: 'An environment variable' },
    { value: 'command', label: 'A command prints it' },
  ])
  switch (from) {
    case 'file': {
      const placeholder = 'empty: the file that AZURE_FEDERATED_TOKEN_FILE names'
      const path = await askText('Token file', { placeholder })
      return { from, path: path === '' ? undefined : typedPath(path, host) }
    }
    case 'github-actions': {
      const audience = await askText('Audience', { placeholder: 'empty: api://AzureADTokenExchange' })
      return { from, audience: audience === '' ? undefined : audience }
    }
    case 'azure-pipelines': {
      const check = (answer: string) => (isGuid(answer) ? undefined : 'that is not a GUID')
      return { from, serviceConnectionId: await askText('Id of the service connection', { check }) }
    }
    case 'environment':
      return { from, variable: await askVariable() }
    case 'command':
      return { from, command: await askCommand() }
  }
}
