import { EntraAuthError } from '../../errors.ts'
import { decodeToken, type JsonObject } from '../../jwt/decode.ts'
import { isGuid } from '../profiles/profile.ts'
import { toleratedSkewSeconds, utcText } from './federated-assertion.ts'

/** Microsoft's APIs whose tokens people have at hand, by every audience they are issued for. */
const firstParty: readonly { readonly audience: RegExp; readonly name: string }[] = [
  {
    audience:
      /^(00000003-0000-0000-c000-000000000000|https:\/\/((dod-)?graph\.microsoft\.(com|us)|microsoftgraph\.chinacloudapi\.cn))\/?$/i,
    name: 'Microsoft Graph',
  },
  {
    audience:
      /^(797f4846-ba00-4fd7-ba43-dac1f8f63013|https:\/\/management\.(azure|core\.windows|usgovcloudapi|chinacloudapi)\.(com|net|cn))\/?$/i,
    name: 'Azure Resource Manager',
  },
]

/**
 * Refuses what Entra would refuse as the token of a person to act for: it is no JWT, its time is over, an app's own
 * token, or one that was issued for another app. What is left may still be refused: nothing is verified here.
 * @param clientId of the app that acts; the assertion must have been issued for it
 * @throws EntraAuthError `invalid_token`, without a word of the token but whom it is for
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow#protocol-diagram
 */
export function checkUserAssertion(assertion: string, clientId: string, now: Date): void {
  const claims = claimsOf(assertion)
  if (typeof claims['exp'] === 'number' && claims['exp'] + toleratedSkewSeconds <= now.getTime() / 1000) {
    throw unusable(`the assertion expired at ${utcText(claims['exp'])}`, 'have the caller send a new token')
  }
  const foreign = foreignAudience(claims['aud'], clientId)
  if (foreign !== undefined)
    throw unusable(`the assertion is a token for ${foreign}, not for this app`, askFor(clientId))
  if (isAppsOwn(claims)) {
    throw unusable(
      "the assertion is an app's own token, and on-behalf-of acts for a person",
      "an app's own token needs no assertion: --flow client-credentials",
    )
  }
}

/** Whom a token is for, as its `aud` says; undefined where it does not. */
export function audienceOf(token: string): string | undefined {
  try {
    const { aud } = decodeToken(token).payload
    return typeof aud === 'string' ? aud : undefined
  } catch {
    return undefined
  }
}

/** What the caller must do to get a token that can be used here. */
export function askFor(clientId: string): string {
  return `the caller must ask for a token of this app: --scope api://${clientId}/.default, or its own Application ID URI`
}

function claimsOf(assertion: string): JsonObject {
  try {
    return decodeToken(assertion).payload
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    const why = error.message.replace(/^invalid token: /, '')
    throw new EntraAuthError('invalid_token', `the assertion is no token to act on behalf of: ${why}`, {
      hint: 'give the access token that a person called this app with',
      cause: error,
    })
  }
}

/** Whose token it certainly is; undefined where it may be ours: an app may have any number of names. */
function foreignAudience(audience: unknown, clientId: string): string | undefined {
  if (typeof audience !== 'string') return undefined
  const known = firstParty.find((one) => one.audience.test(audience))
  if (known) return known.name
  const isAnotherApp = isGuid(audience) && audience.toLowerCase() !== clientId.toLowerCase()
  return isAnotherApp ? `the app ${audience}` : undefined
}

/** @see https://learn.microsoft.com/entra/identity-platform/optional-claims-reference, for `idtyp` */
function isAppsOwn({ idtyp, scp, oid, sub }: JsonObject): boolean {
  return idtyp === 'app' || (scp === undefined && typeof oid === 'string' && oid === sub)
}

function unusable(fact: string, hint: string): EntraAuthError {
  return new EntraAuthError('invalid_token', fact, { hint })
}
