/**
 * The on-behalf-of grant, which oidc-provider does not have: glue on top of it. Who the client is, and that the
 * assertion it signed is used once, is checked by oidc-provider; what a person's token permits is decided here.
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.1
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { jwtVerify } from 'jose/jwt/verify'
import type { JWTPayload } from 'jose'
import { errors, type JWK, type Provider } from 'oidc-provider'

export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

interface Parameters {
  readonly assertion?: string
  readonly requested_token_use?: string
  readonly scope?: string
  readonly resource?: string
}

export interface OnBehalfOfOptions {
  /** The key the provider signs with. */
  readonly publicKey: JWK
  /** What any resource grants, and how its tokens look. */
  readonly resource: ConstructorParameters<Provider['ResourceServer']>[1] & { readonly scope: string }
}

/** A client whose `api://CLIENT-ID` a person's token is for may trade it for one to another resource. */
export function registerOnBehalfOf(provider: Provider, { publicKey, resource }: OnBehalfOfOptions): void {
  const key = createPublicKey({ key: { ...publicKey }, format: 'jwk' })
  provider.registerGrantType<Parameters>(
    jwtBearer,
    async (context) => {
      const { client, params } = context.oidc
      if (params.requested_token_use !== 'on_behalf_of')
        throw new errors.InvalidRequest('requested_token_use is not on_behalf_of')
      const { oid } = await verified(params.assertion ?? '', key, provider.issuer, `api://${client.clientId}`)
      const [accountId, target] = [String(oid), params.resource ?? '']
      const scope = granted(params.scope ?? '', resource.scope)
      const grant = new provider.Grant({ accountId, clientId: client.clientId })
      grant.addResourceScope(target, scope)
      const grantId = await grant.save()
      const token = new provider.AccessToken({ accountId, client, grantId, scope, gty: 'jwt_bearer' })
      token.resourceServer = new provider.ResourceServer(target, resource)
      const value = await token.save()
      const { expiration, tokenType } = token
      context.body = { access_token: value, expires_in: expiration, scope, token_type: tokenType }
    },
    ['assertion', 'requested_token_use', 'scope', 'resource'],
  )
}

function granted(asked: string, known: string): string {
  const permissions = new Set(known.split(' '))
  return asked
    .split(' ')
    .filter((one) => permissions.has(one))
    .join(' ')
}

async function verified(
  assertion: string,
  key: KeyObject,
  issuer: string,
  audience: string,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(assertion, key, { issuer, audience, algorithms: ['RS256'] })).payload
  } catch (cause) {
    throw new errors.InvalidGrant(`the assertion does not hold: ${String(cause)}`)
  }
}
