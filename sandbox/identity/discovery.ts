import type { SandboxResponse } from '../http.ts'
import { json } from '../http.ts'
import { issuerOf } from './issuers.ts'
import { type Audience, consumersTenantId } from './tenancy.ts'

/** OpenID Connect metadata of one tenant, in Entra's v1 or v2 shape. @see https://openid.net/specs/openid-connect-discovery-1_0.html */
export function openidConfiguration(origin: string, audience: Audience, version: 1 | 2): SandboxResponse {
  // A tenant asked for by its domain is answered with its id in every address.
  const base = `${origin}/${audience.kind === 'tenant' ? audience.tenant.id : audience.segment}`
  const path = version === 2 ? '/v2.0' : ''
  return json(
    200,
    {
      token_endpoint: `${base}/oauth2${path}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${base}/discovery${path}/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: issuerOf(origin, issuerTenant(audience), version),
      request_uri_parameter_supported: false,
      userinfo_endpoint: `${origin}/oidc/userinfo`,
      authorization_endpoint: `${base}/oauth2${path}/authorize`,
      device_authorization_endpoint: `${base}/oauth2${path}/devicecode`,
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      end_session_endpoint: `${base}/oauth2${path}/logout`,
      claims_supported: [
        'sub iss cloud_instance_name cloud_graph_host_name msgraph_host aud exp iat auth_time acr nonce',
        'preferred_username name tid ver at_hash c_hash email',
      ].flatMap((line) => line.split(' ')),
      tenant_region_scope: null,
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
      rbac_url: 'https://pas.windows.net',
    },
    { 'access-control-allow-origin': '*' },
  )
}

/**
 * Whose tokens the keys of a v2.0 key document sign: those of one tenant where it is of one, else of every tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signing-key-issuer
 */
export function keyIssuerOf(origin: string, audience: Audience): string {
  return issuerOf(origin, issuerTenant(audience), 2)
}

/**
 * What MSAL asks a stock authority before it trusts a host: which names belong to the same cloud. The sandbox vouches
 * for the public cloud under Microsoft's names and for nothing but itself under its own.
 */
export function instanceDiscovery(origin: string, authorizationEndpoint: string): SandboxResponse {
  const { host, hostname } = new URL(origin)
  const tenant = tenantInAuthorizationEndpoint(authorizationEndpoint)
  const isPublicCloud = hostname === 'login.microsoftonline.com'
  return json(
    200,
    {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [
        {
          preferred_network: host,
          preferred_cache: isPublicCloud ? 'login.windows.net' : host,
          aliases: isPublicCloud
            ? ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net']
            : [host],
        },
      ],
    },
    { 'access-control-allow-origin': '*' },
  )
}

/** `common` and `organizations` name no tenant: Entra then writes a placeholder that clients fill in. */
function issuerTenant(audience: Audience): string {
  if (audience.kind === 'tenant') return audience.tenant.id
  return audience.kind === 'consumers' ? consumersTenantId : '{tenantid}'
}

function tenantInAuthorizationEndpoint(endpoint: string): string {
  const first = URL.canParse(endpoint) ? new URL(endpoint).pathname.split('/')[1] : undefined
  return first && /^[\w.-]+$/.test(first) ? first : 'common'
}
