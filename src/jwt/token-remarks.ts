import type { DecodedToken, JsonObject } from './decode.ts'
import type { TokenDescription } from './describe.ts'
import { knownIssuer } from './issuers.ts'
import { quoted, quotedList, spanWords } from './reason-words.ts'

/** What a reader should know about a token beside what its claims say. */
export interface TokenRemark {
  /** `warning`: something is wrong, or looks so. `note`: nothing is wrong, but it is often taken for something else. */
  readonly kind: 'warning' | 'note'
  /** One clause, lower case. Quotes of the token are cut to a line; they are not safe for a terminal. */
  readonly text: string
}

const hour = 3600
/** Policies give a day at most; clients that can be told to sign in again get up to 28 hours. */
const longestLifetime = 28 * hour
/** Policies give ten minutes at least. */
const shortestLifetime = 10 * 60

/**
 * What stands out in a token, as far as its claims tell: its lifetime, whether version, issuer and tenant fit together,
 * groups that are left out, and what it is not good for. Whether it is expired, `TokenDescription.status` says. Verifies
 * nothing; of tokens of other issuers it says less.
 * @param expectedAudiences what the token was asked for, as App ID URIs or GUIDs; empty where that is not known
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/configurable-token-lifetimes
 * @see https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-continuous-access-evaluation#token-lifetime
 */
export function tokenRemarks(
  token: DecodedToken,
  description: TokenDescription,
  expectedAudiences: readonly string[] = [],
): readonly TokenRemark[] {
  const { payload, header } = token
  const warnings = [
    ...lifetimeWarnings(payload, description),
    ...issuerWarnings(payload),
    ...audienceWarnings(description, expectedAudiences),
    ...overageWarnings(payload),
  ]
  const notes = [
    ...identityNotes(description),
    ...(Object.hasOwn(header, 'nonce')
      ? ['its header has a nonce: nobody but Microsoft Graph, or whichever API it is for, can verify it']
      : []),
  ]
  return [
    ...warnings.map((text) => ({ kind: 'warning', text }) as const),
    ...notes.map((text) => ({ kind: 'note', text }) as const),
  ]
}

function lifetimeWarnings(payload: JsonObject, { exp, iat, nbf }: TokenDescription): readonly string[] {
  const begin = iat ?? nbf
  if (exp === undefined || begin === undefined) return []
  const lifetime = exp - begin
  if (lifetime <= 0) return ['it ends before it begins']
  if (!knownIssuer(payload)) return []
  const usual = 'Entra gives an hour or so, by policy ten minutes to a day'
  if (lifetime > longestLifetime) return [`it lives for ${spanWords(lifetime)}; ${usual}`]
  return lifetime < shortestLifetime ? [`it lives for ${spanWords(lifetime)} only; ${usual}`] : []
}

function issuerWarnings(payload: JsonObject): readonly string[] {
  const issuer = knownIssuer(payload)
  if (!issuer) return []
  const { ver, tid } = payload
  const otherVersion = ver !== issuer.version && (ver === '1.0' || ver === '2.0')
  const otherTenant = typeof tid === 'string' && tid.toLowerCase() !== issuer.tenantId.toLowerCase()
  return [
    ...(otherVersion ? [`ver says ${ver}, but the issuer is one of v${issuer.version} tokens`] : []),
    ...(otherTenant ? [`tid says ${quoted(tid)}, but the issuer is of tenant ${issuer.tenantId}`] : []),
  ]
}

/** Only what can be compared: App ID URIs with each other, and GUIDs. An API has one of each. */
function audienceWarnings(
  { audience = [] }: TokenDescription,
  expected: readonly string[],
): readonly string[] {
  const audiences = typeof audience === 'string' ? [audience] : audience
  const wanted = expected.map(comparable)
  if (wanted.length === 0 || audiences.length === 0) return []
  const isOpen = audiences.some((one) => {
    const given = comparable(one)
    return wanted.some((other) => other === given || isGuid(other) !== isGuid(given))
  })
  if (isOpen) return []
  return [`its audience is ${quotedList(audiences)}, and the profile asks for ${quotedList(expected)}`]
}

const graphId = '00000003-0000-0000-c000-000000000000'

function comparable(audience: string): string {
  const plain = audience.toLowerCase().replace(/\/+$/, '')
  if (plain === graphId) return 'https://graph.microsoft.com'
  const [, guid] = /^api:\/\/([0-9a-f-]{36})$/.exec(plain) ?? []
  return guid ?? plain
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

function overageWarnings(payload: JsonObject): readonly string[] {
  const names = payload['_claim_names']
  const isLeftOut = typeof names === 'object' && names !== null && Object.hasOwn(names, 'groups')
  if (!isLeftOut && payload['hasgroups'] !== true && payload['hasgroups'] !== 'true') return []
  return [
    'the groups are left out, there are too many: ask Graph for them, with POST /users/{oid}/getMemberObjects',
  ]
}

function identityNotes({ kind, roles }: TokenDescription): readonly string[] {
  switch (kind) {
    case 'ID token':
      return ['an ID token tells an app who signed in; APIs take access tokens and refuse it']
    case 'app-only access token':
      return [
        "an app's own token, with no user in it: where an API acts for whoever is signed in, as Graph's /me does, it is the wrong one",
        ...(roles.length === 0
          ? ['it has no roles: APIs that go by application permissions, as Graph does, refuse it']
          : []),
      ]
    case 'delegated access token':
    case 'unknown':
      return []
  }
}
