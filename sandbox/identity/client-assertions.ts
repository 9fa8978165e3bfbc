import { X509Certificate } from 'node:crypto'
import { decodeJwt } from 'jose/jwt/decode'
import { jwtVerify } from 'jose/jwt/verify'
import { createLocalJWKSet } from 'jose/jwks/local'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { thumbprints } from '../certificates.ts'
import type { IdentityContext } from './context.ts'
import type { App, ClientCertificate, FederatedCredential } from '../directory.ts'
import { EntraError } from './entra-errors.ts'
import { tokenExchangeAppId } from '../well-known-apis.ts'

export interface ClientAssertion {
  readonly jwt: string
  readonly type: string
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const toleratedSkewSeconds = 300

/**
 * Checks a signed client assertion: one the app signed with its certificate, or one of an issuer the app trusts by a
 * federated credential.
 *
 * A second use of the same `jti` is not refused: MSAL keeps an assertion and sends it until it ends.
 * @param tokenEndpoints the audiences a self-signed assertion may name
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function checkClientAssertion(
  context: IdentityContext,
  app: App,
  assertion: ClientAssertion,
  tokenEndpoints: readonly string[],
): Promise<void> {
  if (assertion.type !== jwtBearer) {
    throw new EntraError(
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'client_assertion_type'.",
    )
  }
  const { header, claims } = decode(assertion.jwt)
  // A self-signed assertion is issued by the app itself; every other issuer is a federated one.
  if (claims.iss === app.appId)
    await checkSelfSigned(context, app, assertion.jwt, header, claims, tokenEndpoints)
  else await checkFederated(context, app, assertion.jwt, claims)
}

function decode(jwt: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) }
  } catch {
    throw new EntraError(
      'invalid_request',
      50027,
      'JWT token is invalid or malformed: the client assertion is not a JWT.',
    )
  }
}

async function checkSelfSigned(
  context: IdentityContext,
  app: App,
  jwt: string,
  header: ProtectedHeaderParameters,
  claims: JWTPayload,
  tokenEndpoints: readonly string[],
): Promise<void> {
  if (claims.sub !== app.appId) {
    throw new EntraError('invalid_client', 50048, 'Subject must match Issuer claim in the client assertion.')
  }
  const certificate = app.certificates.find((one) => names(header, one))
  if (!certificate) {
    throw new EntraError(
      'invalid_client',
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application. ' +
        `[Reason - The key was not found., Thumbprint of key used by client: '${sentThumbprint(header)}']`,
    )
  }
  await verifySignature(jwt, certificate, context.now())
  checkLifetime(claims, context.now())
  const audiences = [claims.aud ?? []].flat().map((audience) => audience.toLowerCase())
  if (!audiences.some((audience) => tokenEndpoints.includes(audience))) {
    throw new EntraError(
      'invalid_client',
      700023,
      'Client assertion audience claim does not match Realm issuer. Review the documentation at ' +
        'https://learn.microsoft.com/entra/identity-platform/certificate-credentials.',
    )
  }
}

/** `x5t` or `x5t#S256`; python-msal pads them with `=`, RFC 7515 does not. */
function names(header: ProtectedHeaderParameters, certificate: ClientCertificate): boolean {
  const { sha1, sha256 } = thumbprints(certificate.pem)
  const bySha256 = header['x5t#S256']
  if (typeof bySha256 === 'string') return unpadded(bySha256) === sha256
  return typeof header.x5t === 'string' && unpadded(header.x5t) === sha1
}

function unpadded(text: string): string {
  return text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')
}

/** As Entra prints it: capital hex digits. */
function sentThumbprint(header: ProtectedHeaderParameters): string {
  const sent = header['x5t#S256'] ?? header.x5t
  return typeof sent === 'string' ? Buffer.from(sent, 'base64url').toString('hex').toUpperCase() : ''
}

async function verifySignature(jwt: string, certificate: ClientCertificate, now: Date): Promise<void> {
  try {
    await jwtVerify(jwt, new X509Certificate(certificate.pem).publicKey, {
      algorithms: ['RS256', 'PS256'],
      currentDate: now,
      // Times get their own error; here only the signature counts.
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
  } catch {
    throw new EntraError(
      'invalid_client',
      700027,
      'Client assertion failed signature validation. [Reason - The key was found, but use of the key to verify the ' +
        'signature failed.]',
    )
  }
}

function checkLifetime(claims: JWTPayload, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1000)
  const { nbf = 0, exp } = claims
  const isCurrent =
    exp !== undefined && exp + toleratedSkewSeconds > seconds && nbf - toleratedSkewSeconds <= seconds
  if (isCurrent) return
  throw new EntraError(
    'invalid_client',
    700024,
    'Client assertion is not within its valid time range. ' +
      `Current time: ${now.toISOString()}, assertion valid from ${dateOf(nbf)}, expiry time of assertion ` +
      `${exp === undefined ? 'not given' : dateOf(exp)}.`,
  )
}

function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}

/** Only issuers of the sandbox itself can be checked: it fetches no keys from elsewhere. */
async function checkFederated(
  context: IdentityContext,
  app: App,
  jwt: string,
  claims: JWTPayload,
): Promise<void> {
  const credential = matchingCredential(app, claims)
  try {
    await jwtVerify(jwt, createLocalJWKSet(context.keys.published()), {
      algorithms: ['RS256'],
      issuer: credential.issuer,
      subject: credential.subject,
      currentDate: context.now(),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
  } catch {
    throw new EntraError('invalid_client', 700027, 'Client assertion failed signature validation.')
  }
  checkLifetime(claims, context.now())
}

/** @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
function matchingCredential(app: App, claims: JWTPayload): FederatedCredential {
  const audiences = new Set([claims.aud ?? []].flat().map(canonicalExchangeAudience))
  const credentials = app.federatedCredentials
  if (credentials.length === 0) {
    throw new EntraError(
      'invalid_client',
      70025,
      `The client '${app.appId}'(${app.displayName}) has no configured federated identity credentials.`,
    )
  }
  const byIssuer = credentials.filter(({ issuer }) => issuer === claims.iss)
  if (byIssuer.length === 0) throw noFederatedMatch(700211, `issuer '${String(claims.iss)}'`)
  const bySubject = byIssuer.filter(({ subject }) => subject === claims.sub)
  if (bySubject.length === 0) throw noFederatedMatch(700213, `subject '${String(claims.sub)}'`)
  const found = bySubject.find(({ audience }) => audiences.has(canonicalExchangeAudience(audience)))
  if (!found) throw noFederatedMatch(700212, `audience '${[claims.aud ?? ''].flat().join(' ')}'`)
  return found
}

/** Entra's own tokens for `api://AzureADTokenExchange` are v2 and carry its application id as `aud`. */
function canonicalExchangeAudience(audience: string): string {
  return audience === tokenExchangeAppId ? 'api://AzureADTokenExchange' : audience
}

function noFederatedMatch(code: number, what: string): EntraError {
  return new EntraError(
    'invalid_client',
    code,
    `No matching federated identity record found for presented assertion ${what}. Check your federated identity ` +
      'credential Subject, Audience and Issuer against the presented assertion.',
  )
}
