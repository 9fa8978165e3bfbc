/**
 * A second server to sign in at, which nobody of this project wrote: oidc-provider behind Entra's URLs, on loopback.
 *
 * It is evidence for what oidc-provider checks itself: client secrets, client assertions, PKCE, codes, device codes
 * and refresh tokens with rotation. It is no evidence for what Entra means by scopes, errors or claims: those are
 * glue (`entra-shape.ts`), and so is the on-behalf-of grant but for the client's proof. Unlike Entra it lets a refresh token ask for nothing beyond what was first granted.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { Provider, type Configuration, type JWK } from 'oidc-provider'
import { makeMemory } from './oidc-provider/adapter.ts'
import { walk, type Arrival } from './form-browser.ts'
import { issueServerCertificate, makeAuthority, makeClientCertificate } from './certificates.ts'
import {
  clientInfo,
  spellGranted,
  toAuthorizationRequest,
  toTokenRequest,
} from './oidc-provider/entra-shape.ts'
import { jwtBearer, registerOnBehalfOf } from './oidc-provider/on-behalf-of.ts'
import { finishInteraction, htmlPage, showInteraction } from './oidc-provider/pages.ts'

/** The one person who can sign in. */
export const person = {
  objectId: '87654321-4321-4321-4321-cba987654321',
  login: 'user@contoso.com',
  displayName: 'John Doe',
} as const

const tenantId = '12345678-1234-1234-1234-123456789abc'
const publicClientId = '00000000-0000-4000-8000-000000000001'
const secretClientId = '00000000-0000-4000-8000-000000000002'
const certificateClientId = '00000000-0000-4000-8000-000000000003'
/** What the resources of this server can grant; nothing else of theirs is known. */
const permissions = '.default User.Read Mail.Read Mail.Send'

export interface OidcProvider {
  /** `https://localhost:PORT/TENANT`, for MSAL with `knownAuthorities: [host]`. */
  readonly authority: string
  /** `localhost:PORT`. */
  readonly host: string
  readonly tenantId: string
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string
  /** No credentials; PKCE, device code, refresh tokens; redirects to `http://localhost` on any port. */
  readonly publicClient: { readonly clientId: string }
  /** Client credentials and web sign-in with a secret. */
  readonly secretClient: { readonly clientId: string; readonly clientSecret: string }
  /** The same with a signed assertion: a certificate as Entra calls it, `private_key_jwt` as OpenID Connect does. */
  readonly certificateClient: {
    readonly clientId: string
    readonly certificatePem: string
    readonly privateKeyPem: string
    /** Base64url-free hex, as MSAL wants it. */
    readonly thumbprintSha256: string
  }
  /** Every token request so far, as it came; `status` is the answer's. Secrets included: never print it. */
  readonly tokenRequests: readonly { readonly form: URLSearchParams; readonly status: number }[]
  /**
   * Does in HTTP what the person would do in a browser at `url`: types the code of a device sign-in, signs in,
   * consents and, with `deliver`, carries the response to the waiting client.
   */
  signIn(url: string, how?: SignIn): Promise<Arrival>
  /** Makes every refresh token and grant worthless, as an administrator's "revoke sessions" does. */
  revokeSessions(): void
  close(): Promise<void>
}

export interface SignIn {
  readonly login?: string
  readonly userCode?: string
  readonly consent?: 'accept' | 'refuse'
  readonly deliver?: boolean
}

/** Starts the server on a free port of 127.0.0.1 with keys, clients and certificate of its own. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const authority = makeAuthority()
  const certificate = issueServerCertificate(authority, ['localhost', '127.0.0.1'])
  const clientCertificate = makeClientCertificate('oidc-provider client')
  const clientSecret = randomBytes(24).toString('base64url')
  const memory = makeMemory()
  const tokenRequests: { form: URLSearchParams; status: number }[] = []

  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  const server = createServer(
    { key: certificate.privateKeyPem, cert: certificate.certificatePem },
    (request, response) => handle(request, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`

  const signingKey = makeSigningKey()
  const provider = new Provider(`https://${host}/${tenantId}/v2.0`, {
    ...configuration(signingKey),
    adapter: memory.MemoryAdapter,
    clients: clients(clientSecret, publicJwk(clientCertificate.certificatePem)),
  })
  const { kty, n, e } = signingKey
  registerOnBehalfOf(provider, { publicKey: { kty, n, e }, resource })
  const asked = new WeakMap<IncomingMessage, URLSearchParams>()
  provider.use(async (context, next) => {
    await next()
    const answer = context.body as Record<string, unknown> | undefined
    if (context.oidc?.route !== 'token' || !answer?.access_token) return
    if (typeof answer.scope === 'string') {
      answer.scope = spellGranted(answer.scope, asked.get(context.req)?.get('scope') ?? '')
    }
    if (context.oidc.account) answer.client_info = clientInfo(context.oidc.account.accountId, tenantId)
  })

  handle = answering(provider, (request, form) => asked.set(request, form), tokenRequests)

  return {
    authority: `https://${host}/${tenantId}`,
    host,
    tenantId,
    ca: authority.certificatePem,
    publicClient: { clientId: publicClientId },
    secretClient: { clientId: secretClientId, clientSecret },
    certificateClient: {
      clientId: certificateClientId,
      ...clientCertificate,
      thumbprintSha256: createHash('sha256')
        .update(new X509Certificate(clientCertificate.certificatePem).raw)
        .digest('hex'),
    },
    tokenRequests,
    signIn: (url, { login = person.login, userCode = '', consent = 'accept', deliver = false } = {}) =>
      walk(url, {
        ca: authority.certificatePem,
        answers: { login, decision: consent, ...(userCode ? { user_code: userCode } : {}) },
        deliver,
      }),
    revokeSessions() {
      for (const model of ['RefreshToken', 'Grant', 'Session']) memory.forget(model)
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/** Reads each request whole, turns Entra's form into oidc-provider's and hands it on. */
function answering(
  provider: Provider,
  remember: (request: IncomingMessage, form: URLSearchParams) => void,
  tokenRequests: { form: URLSearchParams; status: number }[],
) {
  const next = provider.callback()
  const logins = new Map([[person.login as string, person.objectId as string]])

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`)
    const form = new URLSearchParams(await text(request))
    const is = (path: string) => url.pathname === `/${tenantId}${path}`

    if (url.pathname.startsWith('/interaction/')) {
      return request.method === 'POST'
        ? finishInteraction(provider, logins, request, response, form)
        : showInteraction(provider, request, response)
    }
    if (is('/v2.0/.well-known/openid-configuration')) {
      return next(withUrl(request, '/.well-known/openid-configuration'), response)
    }
    if (is('/oauth2/v2.0/authorize')) {
      return next(
        withUrl(request, `${url.pathname}?${toAuthorizationRequest(url.searchParams).toString()}`),
        response,
      )
    }
    if (is('/oauth2/v2.0/devicecode')) return next(withForm(request, toAuthorizationRequest(form)), response)
    if (is('/oauth2/v2.0/token')) {
      const rewritten = withForm(request, toTokenRequest(form))
      remember(rewritten, form)
      response.once('finish', () => tokenRequests.push({ form, status: response.statusCode }))
      return next(rewritten, response)
    }
    return next(form.size > 0 ? withForm(request, form) : request, response)
  }

  return (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  }
}

function withUrl(request: IncomingMessage, url: string): IncomingMessage {
  request.url = url
  return request
}

/** The same request with another body. The original's is already read, so a new stream stands in for it. */
function withForm(request: IncomingMessage, form: URLSearchParams): IncomingMessage {
  const body = Buffer.from(form.toString())
  const { method, url, socket, httpVersion } = request
  const headers = { ...request.headers, 'content-length': String(body.length) }
  return Object.assign(Readable.from([body]), {
    method,
    url,
    socket,
    httpVersion,
    headers,
  }) as IncomingMessage
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function publicJwk(certificatePem: string): JWK {
  return new X509Certificate(certificatePem).publicKey.export({ format: 'jwk' })
}

function clients(clientSecret: string, assertionKey: JWK): Configuration['clients'] {
  const delegated = ['authorization_code', 'refresh_token']
  return [
    {
      client_id: publicClientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: [...delegated, 'urn:ietf:params:oauth:grant-type:device_code'],
      redirect_uris: ['http://localhost', 'http://localhost/callback', 'http://127.0.0.1'],
    },
    {
      client_id: secretClientId,
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_post',
      application_type: 'native',
      grant_types: [...delegated, 'client_credentials', jwtBearer],
      redirect_uris: ['http://localhost'],
    },
    {
      client_id: certificateClientId,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [assertionKey] },
      application_type: 'native',
      grant_types: [...delegated, 'client_credentials', jwtBearer],
      redirect_uris: ['http://localhost'],
    },
  ]
}

function makeSigningKey(): JWK {
  return createPrivateKey(
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey,
  ).export({ format: 'jwk' })
}

/** Every resource there is. */
const resource = {
  scope: permissions,
  accessTokenFormat: 'jwt',
  accessTokenTTL: 3600,
  jwt: { sign: { alg: 'RS256' } },
} as const

function configuration(signingKey: JWK): Configuration {
  return {
    routes: {
      authorization: `/${tenantId}/oauth2/v2.0/authorize`,
      token: `/${tenantId}/oauth2/v2.0/token`,
      device_authorization: `/${tenantId}/oauth2/v2.0/devicecode`,
      code_verification: `/${tenantId}/oauth2/deviceauth`,
      jwks: `/${tenantId}/discovery/v2.0/keys`,
    },
    jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clientAuthMethods: ['none', 'client_secret_post', 'private_key_jwt'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // Entra puts the profile into the ID token; by OpenID Connect it would need a call of userinfo.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'oid', 'tid', 'ver'], profile: ['name', 'preferred_username'] },
    findAccount: (_context, objectId) =>
      objectId === person.objectId ? { accountId: objectId, claims: () => personClaims } : undefined,
    extraTokenClaims: (_context, token) => ({
      ver: '2.0',
      tid: tenantId,
      azp: token.clientId,
      ...(token.kind === 'AccessToken' ? { oid: person.objectId, scp: token.scope } : { roles: [] }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 3600,
      AuthorizationCode: 600,
      DeviceCode: 900,
      IdToken: 3600,
      Interaction: 600,
      Grant: 86_400,
      RefreshToken: 86_400,
      Session: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        // After a wrong or declined code there is no second form: a script that fills it in would go in circles.
        userCodeInputSource: (context, form, _out, error) => {
          context.body = error
            ? htmlPage('That code did not lead to a sign-in', '')
            : htmlPage('Enter code', form)
        },
        userCodeConfirmSource: (context, form) => {
          context.body = htmlPage('Are you trying to sign in?', form)
        },
        successSource: (context) => {
          context.body = htmlPage('You have signed in', '<p>You may close this window now</p>')
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        useGrantedResource: () => true,
        getResourceServerInfo: () => resource,
      },
    },
    renderError: (context, { error, error_description: description }) => {
      context.type = 'html'
      context.body = htmlPage(error, `<p>${(description ?? '').replace(/[<&]/g, '')}</p>`)
    },
  }
}

const personClaims = {
  sub: person.objectId,
  oid: person.objectId,
  tid: tenantId,
  ver: '2.0',
  name: person.displayName,
  preferred_username: person.login,
}
