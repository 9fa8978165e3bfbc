import { EntraAuthError, type ErrorCode } from '../errors.ts'

/** What an Entra error number means to the reader: one fact and one next step. */
interface Meaning {
  readonly fact: string
  readonly hint: string
  /** The kind, where it is not that Entra said no. */
  readonly code?: ErrorCode
}

const newSecret = 'try it with --client-secret -, keep it by "config create --overwrite" with all its flags'

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const meanings: Readonly<Record<number, Meaning>> = {
  50011: {
    fact: 'the redirect URI is not registered for this app',
    hint: 'add http://localhost under Authentication > "Mobile and desktop applications" in the app registration',
  },
  50034: {
    fact: 'there is no such user in this tenant',
    hint: 'check the user name and the tenant of the profile',
  },
  50057: { fact: 'the user account is disabled', hint: 'ask an administrator of the tenant' },
  50058: { fact: 'nobody is signed in there', hint: 'sign in without --prompt none' },
  50059: {
    fact: 'the tenant cannot be told from the request',
    hint: 'give the tenant with --tenant or in the profile',
  },
  50076: { fact: 'a second factor is required', hint: 'sign in with --flow interactive-browser' },
  50079: {
    fact: 'the user must register a second factor first',
    hint: 'sign in with --flow interactive-browser',
  },
  50105: {
    fact: 'the user is not assigned to this app',
    hint: 'ask its owner to assign you under Enterprise applications',
  },
  50126: { fact: 'the user name or password is wrong', hint: 'try again' },
  50173: {
    fact: 'the sign-in was revoked, or the password changed since',
    hint: 'sign in again with get-token',
  },
  53003: {
    fact: 'conditional access blocked the sign-in',
    hint: 'ask an administrator which policy; another flow or device may pass',
  },
  54005: { fact: 'the authorization code was used already', hint: 'sign in again' },
  65001: {
    fact: 'the user or an administrator has not consented to what the app asks for',
    hint: 'sign in with --flow interactive-browser --prompt consent, or ask an administrator to consent',
  },
  65004: { fact: 'the user declined to consent', hint: 'sign in again and accept' },
  70000: { fact: 'the code or refresh token is no longer valid', hint: 'sign in again with get-token' },
  70008: { fact: 'the code or refresh token has expired', hint: 'sign in again with get-token' },
  70011: {
    fact: 'a scope is not valid',
    hint: 'write it as <API>/<permission>, such as https://graph.microsoft.com/User.Read, and all of one API',
  },
  70016: { fact: 'nobody has entered the device code yet', hint: 'enter it and try again' },
  70020: { fact: 'the device code has expired', hint: 'run it again for a new code', code: 'timeout' },
  28000: {
    fact: 'the scopes belong to more than one API',
    hint: 'ask for one API at a time; each has a token of its own',
  },
  50194: {
    fact: 'the app is for one tenant only, and the request names none',
    hint: 'give the tenant with --tenant or in the profile, in place of common or organizations',
  },
  70019: { fact: 'the device code has expired', hint: 'run it again for a new code', code: 'timeout' },
  7000216: {
    fact: 'the app must prove itself, and the request holds no proof',
    hint: 'give the profile a secret or a certificate',
  },
  90002: { fact: 'there is no such tenant', hint: 'check the tenant id of the profile, and its cloud' },
  90014: {
    fact: 'a field is missing in the request',
    hint: 'check the profile with "entra-auth-cli config show"',
  },
  500011: {
    fact: 'the API named in the scope is not known in this tenant',
    hint: 'check the spelling of the scope; the API must have a service principal in the tenant',
  },
  500113: {
    fact: 'the app has no redirect URI',
    hint: 'register http://localhost under "Mobile and desktop applications"',
  },
  530003: {
    fact: 'conditional access demands a managed device',
    hint: 'sign in from one, or ask an administrator',
  },
  700016: {
    fact: 'there is no app with this client id in this tenant',
    hint: 'check client id and tenant id of the profile: the wrong tenant is the usual cause',
  },
  700024: { fact: 'the client assertion is not valid now', hint: 'check the clock of this machine' },
  700025: {
    fact: 'the app is a public client, which has no secret and no certificate',
    hint: 'make the profile without them, or turn off "Allow public client flows" in the app registration',
  },
  700027: {
    fact: 'Entra does not know the certificate',
    hint: 'upload it to the app registration under Certificates & secrets, and check that the profile names the same one',
  },
  700082: {
    fact: 'the refresh token has expired after a long time without use',
    hint: 'sign in again with get-token',
  },
  700084: {
    fact: 'the refresh token of a single-page app has expired',
    hint: 'sign in again with get-token',
  },
  1002012: {
    fact: 'client credentials take only scopes that end in "/.default"',
    hint: 'use --scope <API>/.default; permissions are granted in the app registration',
  },
  7000215: {
    fact: 'the client secret is wrong',
    hint: `use the secret's value, not its id; ${newSecret}`,
  },
  7000218: {
    fact: 'the app must prove itself: it is not allowed to be a public client',
    hint: 'turn on "Allow public client flows" in the app registration, or give the profile a secret',
  },
  7000222: {
    fact: 'the client secret has expired',
    hint: `add a new secret in the app registration; ${newSecret}`,
  },
  9002313: { fact: 'the request is malformed', hint: 'check the profile with "entra-auth-cli config show"' },
}

/** What remains where Entra gave no number. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const oauthMeanings: Readonly<Record<string, Meaning>> = {
  access_denied: { fact: 'the sign-in was declined', hint: 'sign in again and accept' },
  authorization_declined: { fact: 'the sign-in was declined', hint: 'sign in again and accept' },
  expired_token: {
    fact: 'the device code has expired',
    hint: 'run it again for a new code',
    code: 'timeout',
  },
  temporarily_unavailable: { fact: 'Entra is busy', hint: 'try again in a minute', code: 'network' },
}

/**
 * An OAuth error answer of Entra as an error of ours: what it means and who must do what. Numbers that are not in the
 * table are told in Entra's own first sentence.
 */
export function entraRefusal(error: string, description: string, cause?: unknown): EntraAuthError {
  const entraCode = entraCodeIn(description)
  const meaning = (entraCode === undefined ? undefined : meanings[entraCode]) ?? oauthMeanings[error]
  const name = entraCode === undefined ? error : `AADSTS${entraCode}`
  const fact = `${meaning?.fact ?? firstSentence(description)} (${name})`
  return new EntraAuthError(meaning?.code ?? 'authentication_failed', fact, {
    hint: meaning?.hint ?? (entraCode === undefined ? 'add --verbose to see more' : numberHint),
    entraCode,
    cause,
  })
}

const numberHint = 'the number is explained at https://login.microsoftonline.com/error'

/** The number in `AADSTS7000215: Invalid client secret …`. */
export function entraCodeIn(text: string): number | undefined {
  const [, digits] = /AADSTS(\d{4,9})/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}

function firstSentence(description: string): string {
  const withoutNumber = description.replace(/^.*?AADSTS\d+:\s*/s, '')
  const [sentence = ''] = withoutNumber.split(/\.\s|[\r\n]| Trace ID:/)
  return sentence.trim().replace(/\.$/, '').slice(0, 300) || 'Entra refused without a reason'
}
