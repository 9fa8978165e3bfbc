import { isOpaqueToken } from '../jwt/decode.ts'

const tenantId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

/**
 * Whether a word is a tenant by its form: an id, a domain name or one of the shared endpoints. Strict, so that a token,
 * also an opaque or a broken one, is never taken for a tenant's name and sent anywhere.
 */
export function isTenantWord(text: string): boolean {
  if (text.length > 253 || text.startsWith('eyJ') || isOpaqueToken(text)) return false
  return tenantId.test(text) || domainName.test(text) || /^(?:common|organizations|consumers)$/i.test(text)
}
