import { isAppOnly } from '../flows/flow.ts'
import type { AppCredential, Application } from '../graph/application.ts'
import type { FederatedCredential } from '../graph/federated-credential.ts'
import { shellWord } from '../shell-word.ts'
import type { AppAsked } from './app-asked.ts'
import type { Known } from './app-facts.ts'
import type { AppFinding } from './app-finding.ts'
import type { AppLinks } from './app-links.ts'
import type { OwnProof } from './own-proof.ts'

/** From then on an end is worth a warning: in time to have a new one made. */
const warningMilliseconds = 30 * 24 * 60 * 60 * 1000

type Verdict = Omit<AppFinding, 'name'>

/** Whether Entra knows what the profile proves the app with, and for how long. */
export function credentialFindings(
  asked: AppAsked,
  application: Application,
  federated: Known<readonly FederatedCredential[]>,
  links: AppLinks,
): readonly AppFinding[] {
  const { profile, flow, now } = asked
  // A device code and a plain sign-in in a browser prove nothing, whatever the profile has.
  if (!isAppOnly(flow) && flow !== 'authorization-code' && flow !== 'on-behalf-of') return []
  const verdict = (): Verdict | undefined => {
    switch (profile.credential.kind) {
      case 'none':
        return flow === 'authorization-code' ? undefined : nothingToProveWith(profile.name)
      case 'client-secret':
        return secretVerdict(application.credentials, profile.name, now)
      case 'certificate':
        return certificateVerdict(application.credentials, asked)
      case 'federated':
        return federatedVerdict(federated, asked.proof)
      case 'managed-identity':
        return undefined
    }
  }
  const found = verdict()
  if (found === undefined) return []
  const page = found.status === 'ok' ? undefined : links.page('Credentials')
  return [{ name: 'credential', ...found, ...(page === undefined ? {} : { page }) }]
}

function nothingToProveWith(name: string): Verdict {
  return {
    status: 'failed',
    fact: `profile "${name}" has nothing to prove the app with`,
    remedy: newSecret(name),
  }
}

/** Entra does not tell which of several secrets is ours, so the one that lives longest speaks for all. */
function secretVerdict(credentials: readonly AppCredential[], name: string, now: Date): Verdict {
  const secrets = credentials.filter(({ kind }) => kind === 'secret')
  if (secrets.length === 0) {
    return {
      status: 'failed',
      fact: 'the app has no client secret (AADSTS7000215)',
      remedy: newSecret(name),
    }
  }
  const living = secrets.filter((secret) => !isOver(secret, now))
  const count = secrets.length === 1 ? 'the client secret' : `the last of ${secrets.length} client secrets`
  if (living.length === 0) {
    const last = latest(secrets)
    return {
      status: 'failed',
      fact: `${count} ended on ${dayOf(last)} (AADSTS7000222)`,
      remedy: newSecret(name),
    }
  }
  const soon = living.filter((secret) => isSoonOver(secret, now))
  if (soon.length === 0) return { status: 'ok', fact: `${count} ends on ${dayOf(latest(living))}` }
  const first = soon.toSorted((one, other) => timeOf(one) - timeOf(other))[0]
  const named = first?.name === undefined ? '' : ` "${first.name}"`
  const which = living.length === 1 ? 'the client secret' : 'a client secret'
  return {
    status: 'warning',
    fact: `${which}${named} ends on ${dayOf(first)}, in ${daysUntil(first, now)}${living.length === 1 ? '' : '; it may be the one the profile has'}`,
    remedy: newSecret(name),
  }
}

function newSecret(name: string): string {
  return `add one under "Certificates & secrets", then "entra-auth-cli config edit ${shellWord(name)} --client-secret -"`
}

function newCertificate(name: string): string {
  return `upload a new one under "Certificates & secrets", then "entra-auth-cli config edit ${shellWord(name)} --certificate PATH"`
}

function certificateVerdict(
  credentials: readonly AppCredential[],
  { proof, now, profile: { name } }: AppAsked,
): Verdict {
  const certificates = credentials.filter(({ kind }) => kind === 'certificate')
  if (proof.kind === 'unknown') {
    return {
      status: 'unknown',
      fact: `the profile's certificate cannot be looked at: ${proof.why}`,
      remedy: 'look at it with "entra-auth-cli doctor"',
    }
  }
  if (proof.kind !== 'certificate') return { status: 'unknown', fact: 'the profile has no certificate' }
  const { sha1, sha256 } = proof
  const known = certificates.find(({ thumbprintSha1, thumbprintSha256 }) =>
    thumbprintSha256 === undefined ? thumbprintSha1 === sha1 : thumbprintSha256 === sha256,
  )
  const thumbprint = sha1.toUpperCase()
  if (known === undefined) {
    const others = certificates.flatMap(({ thumbprintSha1 }) => thumbprintSha1?.toUpperCase() ?? [])
    return {
      status: 'failed',
      fact: `the app does not know the profile's certificate ${thumbprint} (AADSTS700027)${others.length === 0 ? '' : `; it knows ${others.join(', ')}`}`,
      remedy: 'upload it under "Certificates & secrets"',
    }
  }
  if (isOver(known, now))
    return {
      status: 'failed',
      fact: `the certificate ${thumbprint} ended on ${dayOf(known)}`,
      remedy: newCertificate(name),
    }
  if (isSoonOver(known, now))
    return {
      status: 'warning',
      fact: `the certificate ${thumbprint} ends on ${dayOf(known)}, in ${daysUntil(known, now)}`,
      remedy: newCertificate(name),
    }
  return { status: 'ok', fact: `the app knows the certificate ${thumbprint}; it ends on ${dayOf(known)}` }
}

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
function federatedVerdict(federated: Known<readonly FederatedCredential[]>, proof: OwnProof): Verdict {
  if (!federated.known) {
    return {
      status: 'unknown',
      fact: `the federated credentials cannot be read: ${federated.why}`,
      remedy: `use --as with a profile whose app has ${federated.permission}`,
    }
  }
  const known = federated.value
  if (known.length === 0) {
    return {
      status: 'failed',
      fact: 'the app has no federated credential, so it takes no assertion (AADSTS70021)',
      remedy: 'add one under "Certificates & secrets", "Federated credentials"',
    }
  }
  const names = known.map(({ name, subject }) => `"${name}" (${subject})`).join(', ')
  if (proof.kind !== 'assertion') {
    const why = proof.kind === 'unknown' ? `: ${proof.why}` : ''
    return {
      status: 'unknown',
      fact: `the app takes the assertions of ${names}; what the profile's says is not known here${why}`,
      remedy: 'run it where the assertion is, as in the job that gets the token',
    }
  }
  const { issuer, subject, audiences } = proof
  const match = known.find(
    (one) =>
      one.issuer === issuer &&
      one.subject === subject &&
      one.audiences.some((name) => audiences.includes(name)),
  )
  if (match !== undefined)
    return { status: 'ok', fact: `the assertion is one of the federated credential "${match.name}"` }
  const flexible = known.find((one) => one.issuer === issuer && one.subject === '')
  if (flexible !== undefined) {
    return {
      status: 'unknown',
      fact: `the federated credential "${flexible.name}" takes assertions by an expression, which only Entra evaluates`,
      remedy: `compare it with the subject ${subject}`,
    }
  }
  return {
    status: 'failed',
    fact: `no federated credential takes the assertion: ${differences(proof, known)}`,
    remedy: `add one with issuer ${issuer}, subject ${subject} and audience ${audiences.join(', ')}`,
  }
}

/** What keeps the nearest of them from matching; Entra compares letter by letter. */
function differences(
  { issuer, subject, audiences }: Extract<OwnProof, { kind: 'assertion' }>,
  known: readonly FederatedCredential[],
): string {
  const ofIssuer = known.filter((one) => one.issuer === issuer)
  if (ofIssuer.length === 0) return `none has the issuer ${issuer} (AADSTS700211)`
  const ofSubject = ofIssuer.filter((one) => one.subject === subject)
  if (ofSubject.length === 0) return `none of this issuer has the subject ${subject} (AADSTS700213)`
  return `none of this issuer and subject has the audience ${audiences.join(', ')} (AADSTS700212)`
}

function isOver({ endsAt }: AppCredential, now: Date): boolean {
  return endsAt !== undefined && endsAt <= now
}

function isSoonOver({ endsAt }: AppCredential, now: Date): boolean {
  return endsAt !== undefined && endsAt.getTime() - now.getTime() < warningMilliseconds
}

function latest(credentials: readonly AppCredential[]): AppCredential | undefined {
  return credentials.toSorted((one, other) => timeOf(other) - timeOf(one))[0]
}

/** One that does not say when it ends does not end. */
function timeOf({ endsAt }: AppCredential): number {
  return endsAt?.getTime() ?? Number.POSITIVE_INFINITY
}

function dayOf(credential: AppCredential | undefined): string {
  return credential?.endsAt?.toISOString().slice(0, 10) ?? 'no day'
}

function daysUntil(credential: AppCredential | undefined, now: Date): string {
  const days = Math.floor(((credential?.endsAt?.getTime() ?? 0) - now.getTime()) / (24 * 60 * 60 * 1000))
  if (days < 1) return 'less than a day'
  return days === 1 ? 'one day' : `${days} days`
}
