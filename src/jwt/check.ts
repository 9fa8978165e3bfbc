/** The checks of a token, by names that stay as they are, in the order in which they are told. */
export const checkNames = [
  'algorithm',
  'signature',
  'issuer',
  'tenant',
  'expiry',
  'not_before',
  'issued_at',
  'token_type',
  'audience',
  'scope',
  'role',
  'app',
  'identity_type',
  'version',
  'client_authentication',
] as const

export type CheckName = (typeof checkNames)[number]

/** One check and its outcome. */
export interface TokenCheck {
  readonly name: CheckName
  /** `not_applicable`: nobody asked for it, the token has nothing to check, or (`signature`) nobody can but its own API. */
  readonly status: 'passed' | 'failed' | 'not_applicable'
  /** One clause, lower case. May quote the token, each quote cut to a line. */
  readonly reason: string
  /** What that means for an API, in one clause; undefined where there is nothing to do. */
  readonly meaning: string | undefined
}

export function passed(name: CheckName, reason: string): TokenCheck {
  return { name, status: 'passed', reason, meaning: undefined }
}

export function failed(name: CheckName, reason: string, meaning = meanings[name]): TokenCheck {
  return { name, status: 'failed', reason, meaning }
}

export function notApplicable(name: CheckName, reason: string, meaning?: string): TokenCheck {
  return { name, status: 'not_applicable', reason, meaning }
}

/** What a check that failed means for an API. */
const meanings: Readonly<Record<CheckName, string>> = {
  algorithm: 'refuse it before looking any further: nothing in it is proved',
  signature: 'nothing in it is proved: refuse it, whatever it says',
  issuer: 'somebody else vouches for it: an API trusts the issuers it knows, and no other',
  tenant: 'it comes from another organization: an API that is not for all tenants must refuse it',
  expiry: 'every API refuses it; the client must get a new one',
  not_before: 'every API refuses it until then; look at the clocks',
  issued_at: 'a token from the future means that a clock is wrong',
  token_type: 'an API takes access tokens only, and an app that signs people in takes ID tokens only',
  audience: 'it is meant for another API: whoever takes it lets one API act with what was given to another',
  scope: 'the user did not permit that: answer 403',
  role: 'nobody assigned that role: answer 403',
  app: 'another client asked for it than this API lets in: answer 403',
  identity_type: 'it stands for somebody else than this call is for: answer 403',
  version: "the API's registration asks for the other version (requestedAccessTokenVersion)",
  client_authentication: 'the client proved itself in another way than this API demands',
}
