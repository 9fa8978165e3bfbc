import { X509Certificate } from 'node:crypto'
import { dateAt, objectAt, objectsAt, textAt, textsAt, type JsonObject } from './json-fields.ts'

/** An app registration, as far as it matters to whoever gets tokens for it. */
export interface Application {
  readonly objectId: string
  /** The client id. */
  readonly appId: string
  readonly displayName: string
  readonly createdAt: Date | undefined
  readonly publisherDomain: string | undefined
  /** Whose accounts it signs in, in Graph's words: `AzureADMyOrg`, `AzureADMultipleOrgs`, … */
  readonly signInAudience: string | undefined
  /** The switch "Allow public client flows". */
  readonly isPublicClient: boolean
  readonly redirectUris: RedirectUris
  readonly identifierUris: readonly string[]
  readonly credentials: readonly AppCredential[]
  /** The permissions it declares to need. */
  readonly required: readonly RequiredPermission[]
}

/** By the platform they are registered for, which decides how a code is redeemed. */
export interface RedirectUris {
  /** Mobile and desktop applications. */
  readonly publicClient: readonly string[]
  readonly web: readonly string[]
  readonly spa: readonly string[]
}

/** A secret or certificate that Entra knows of the app. Never the secret itself. */
export interface AppCredential {
  readonly kind: 'secret' | 'certificate'
  readonly keyId: string | undefined
  readonly name: string | undefined
  /** The first characters of a secret. */
  readonly hint: string | undefined
  readonly startsAt: Date | undefined
  readonly endsAt: Date | undefined
  /** Of a certificate, lower-case hex; undefined where Graph does not say. */
  readonly thumbprintSha1: string | undefined
  /** The same; known only where the app was read alone. */
  readonly thumbprintSha256: string | undefined
}

export interface RequiredPermission {
  /** Client id of the API. */
  readonly resourceAppId: string
  readonly permissionId: string
  readonly kind: PermissionKind
}

/** `delegated`: used in a person's name. `application`: an app role, used in the app's own. */
export type PermissionKind = 'delegated' | 'application'

/** What to ask Graph for, so that an answer holds all of an {@link Application}. */
export const applicationFields = [
  'id',
  'appId',
  'displayName',
  'createdDateTime',
  'publisherDomain',
  'signInAudience',
  'isFallbackPublicClient',
  'publicClient',
  'web',
  'spa',
  'identifierUris',
  'passwordCredentials',
  'keyCredentials',
  'requiredResourceAccess',
].join(',')

/** Reads Graph's application. What is missing or of another kind than documented counts as not there. */
export function readApplication(entity: JsonObject): Application {
  const uris = (platform: string) => textsAt(objectAt(entity, platform), 'redirectUris')
  return {
    objectId: textAt(entity, 'id') ?? '',
    appId: (textAt(entity, 'appId') ?? '').toLowerCase(),
    displayName: textAt(entity, 'displayName') ?? '',
    createdAt: dateAt(entity, 'createdDateTime'),
    publisherDomain: textAt(entity, 'publisherDomain'),
    signInAudience: textAt(entity, 'signInAudience'),
    isPublicClient: entity['isFallbackPublicClient'] === true,
    redirectUris: { publicClient: uris('publicClient'), web: uris('web'), spa: uris('spa') },
    identifierUris: textsAt(entity, 'identifierUris'),
    credentials: [
      ...objectsAt(entity, 'passwordCredentials').map((one) => credentialOf('secret', one)),
      ...objectsAt(entity, 'keyCredentials')
        // Beside the certificates there may be keys that sign what the app issues: those prove nothing.
        .filter((one) => textAt(one, 'usage') !== 'Sign')
        .map((one) => credentialOf('certificate', one)),
    ],
    required: objectsAt(entity, 'requiredResourceAccess').flatMap(requiredOf),
  }
}

function credentialOf(kind: AppCredential['kind'], entity: JsonObject): AppCredential {
  const certificate = kind === 'certificate' ? certificateIn(entity) : undefined
  return {
    kind,
    keyId: textAt(entity, 'keyId'),
    name: textAt(entity, 'displayName'),
    hint: kind === 'secret' ? textAt(entity, 'hint') : undefined,
    startsAt: dateAt(entity, 'startDateTime'),
    endsAt: dateAt(entity, 'endDateTime'),
    thumbprintSha1: kind === 'secret' ? undefined : (hexOf(certificate?.fingerprint) ?? thumbprintIn(entity)),
    thumbprintSha256: hexOf(certificate?.fingerprint256),
  }
}

function certificateIn(entity: JsonObject): X509Certificate | undefined {
  const content = textAt(entity, 'key')
  if (content === undefined) return undefined
  try {
    return new X509Certificate(Buffer.from(content, 'base64'))
  } catch {
    return undefined
  }
}

/** Node writes `AB:CD`. */
function hexOf(fingerprint: string | undefined): string | undefined {
  return fingerprint?.replaceAll(':', '').toLowerCase()
}

/**
 * The SHA-1 thumbprint, which `customKeyIdentifier` is unless somebody gave another: as hex, or as base64 of its bytes.
 * @see https://learn.microsoft.com/graph/api/resources/keycredential#properties
 */
function thumbprintIn(entity: JsonObject): string | undefined {
  const text = textAt(entity, 'customKeyIdentifier') ?? ''
  if (/^[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 20 ? bytes.toString('hex') : undefined
}

function requiredOf(resource: JsonObject): readonly RequiredPermission[] {
  const resourceAppId = (textAt(resource, 'resourceAppId') ?? '').toLowerCase()
  return objectsAt(resource, 'resourceAccess').flatMap((access) => {
    const permissionId = (textAt(access, 'id') ?? '').toLowerCase()
    const type = textAt(access, 'type')
    if (type !== 'Scope' && type !== 'Role') return []
    return { resourceAppId, permissionId, kind: type === 'Scope' ? 'delegated' : 'application' }
  })
}
