import { createHash, randomBytes } from 'node:crypto'

/** A GUID that is the same for the same words: for objects the directory does not list, such as service principals. */
export function guidFrom(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The object id of an app's service principal in a tenant: the `oid` of tokens the app gets for itself. */
export function servicePrincipalId(appId: string, tenantId: string): string {
  return guidFrom('service principal', appId, tenantId)
}

/** The pairwise `sub`: stable for one person and one app, unlike for every other app. */
export function pairwiseSubject(objectId: string, appId: string): string {
  return createHash('sha256').update(`${objectId}\n${appId}`).digest('base64url')
}

/** A value only its issuer can read: a code, a refresh token, an opaque claim. */
export function opaque(prefix: string, bytes: number): string {
  return prefix + randomBytes(bytes).toString('base64url')
}
