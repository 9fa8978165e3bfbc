import { X509Certificate, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type Configuration,
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  LogLevel,
  PublicClientApplication,
  ServerError,
} from '@azure/msal-node'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import { createLocalJWKSet } from 'jose/jwks/local'
import { decodeJwt } from 'jose/jwt/decode'
import { jwtVerify } from 'jose/jwt/verify'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { signIn } from '../../../sandbox/robot.ts'
import { contosoId, seedApps, seedPassword, seedSecrets, workloadSubject } from '../../../sandbox/seed.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { authorizePath, codeFor } from './browsing.ts'
import { networkOf, startTestSandbox, testNow } from './support.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())
afterEach(() => {
  vi.useRealTimers()
})

function configuration(clientId: string, proof: object = {}, segment: string = contosoId): Configuration {
  return {
    auth: {
      clientId,
      authority: `${sandbox.origin}/${segment}`,
      knownAuthorities: [new URL(sandbox.origin).host],
      ...proof,
    },
    system: {
      networkClient: networkOf(sandbox),
      loggerOptions: { loggerCallback: () => undefined, logLevel: LogLevel.Error, piiLoggingEnabled: false },
    },
  }
}

function certificate(): { pem: string; privateKey: string; thumbprint: (algorithm: string) => string } {
  const pem = readFileSync(sandbox.clientCertificate.certFile, 'utf8')
  const { raw } = new X509Certificate(pem)
  return {
    pem,
    privateKey: readFileSync(sandbox.clientCertificate.keyFile, 'utf8'),
    thumbprint: (algorithm) => createHash(algorithm).update(raw).digest('hex'),
  }
}

function robot(url: string, username = 'alice@contoso.com'): Promise<void> {
  return signIn(url, { username, password: seedPassword, ca: readFileSync(sandbox.caFile, 'utf8') })
}

describe('MSAL against the sandbox', () => {
  it.each([
    ['SHA-256 thumbprint (PS256)', () => ({ thumbprintSha256: certificate().thumbprint('sha256') })],
    ['SHA-1 thumbprint (RS256)', () => ({ thumbprint: certificate().thumbprint('sha1') })],
    [
      'SHA-256 thumbprint with x5c',
      () => ({ thumbprintSha256: certificate().thumbprint('sha256'), x5c: certificate().pem }),
    ],
  ])('signs an app in with a certificate, by %s', async (_name, thumbprint) => {
    // MSAL dates its assertion itself.
    vi.useFakeTimers({ toFake: ['Date'], now: testNow })
    const proof = { clientCertificate: { ...thumbprint(), privateKey: certificate().privateKey } }
    const client = new ConfidentialClientApplication(configuration(seedApps.daemonWithCertificate, proof))
    const result = await client.acquireTokenByClientCredential({
      scopes: ['https://api.contoso.com/.default'],
    })
    const token = result?.accessToken ?? ''
    const header = decodeProtectedHeader(token)
    expect(header).toMatchObject({ typ: 'JWT', alg: 'RS256', x5t: header.kid })
    expect(decodeJwt(token)).toMatchObject({
      aud: 'https://api.contoso.com',
      iss: `${sandbox.origin}/${contosoId}/`,
      appid: seedApps.daemonWithCertificate,
      appidacr: '2',
      roles: ['Orders.Read.All'],
      ver: '1.0',
    })
  })

  it('signs a workload in with an assertion of the cluster it trusts', async () => {
    const clientAssertion = () => sandbox.control.mintAssertion({ subject: workloadSubject })
    const client = new ConfidentialClientApplication(configuration(seedApps.federated, { clientAssertion }))
    const result = await client.acquireTokenByClientCredential({ scopes: ['api://contoso-api/.default'] })
    expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({ azp: seedApps.federated, azpacr: '2' })
  })

  it("signs a workload in with another app's token for the token exchange", async () => {
    const daemon = new ConfidentialClientApplication(
      configuration(seedApps.daemonWithSecret, { clientSecret: seedSecrets.daemonWithSecret }),
    )
    const scopes = ['api://AzureADTokenExchange/.default']
    const assertion = (await daemon.acquireTokenByClientCredential({ scopes }))?.accessToken ?? ''
    const client = new ConfidentialClientApplication(
      configuration(seedApps.federated, { clientAssertion: assertion }),
    )
    const result = await client.acquireTokenByClientCredential({ scopes: ['api://contoso-api/.default'] })
    expect(result?.accessToken).toBeTruthy()
  })

  it('redeems a code with PKCE, checks the nonce, and renews silently with a new refresh token', async () => {
    const client = new PublicClientApplication(configuration(seedApps.desktop))
    const { challenge, verifier } = await new CryptoProvider().generatePkceCodes()
    const scopes = ['https://graph.microsoft.com/User.Read']
    const redirectUri = 'http://localhost:4711'
    const url = await client.getAuthCodeUrl({
      scopes,
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      nonce: 'nonce-7',
    })
    const code = await codeFor(sandbox, url.slice(sandbox.origin.length))
    const result = await client.acquireTokenByCode(
      { code, scopes, redirectUri, codeVerifier: verifier },
      { code, nonce: 'nonce-7' },
    )
    expect(result.account).toMatchObject({
      homeAccountId: `a11ce000-0000-4000-a000-0000000000a1.${contosoId}`,
      username: 'alice@contoso.com',
      tenantId: contosoId,
    })
    expect(result.idTokenClaims).toMatchObject({ aud: seedApps.desktop, nonce: 'nonce-7', ver: '2.0' })
    expect(result.scopes).toContain('https://graph.microsoft.com/User.Read')
    const account = result.account ?? undefined
    const cached = await client.acquireTokenSilent({ scopes, account: account! })
    expect(cached.fromCache).toBe(true)
    const renewed = await client.acquireTokenSilent({ scopes, account: account!, forceRefresh: true })
    expect(renewed.fromCache).toBe(false)
    expect(renewed.accessToken).not.toBe(result.accessToken)
    const other = await client.acquireTokenSilent({
      scopes: ['api://contoso-api/Files.Read'],
      account: account!,
    })
    expect(decodeJwt(other.accessToken)).toMatchObject({ aud: seedApps.contosoApi, ver: '2.0', azpacr: '0' })
  })

  it('signs in interactively, which MSAL does by form_post alone', async () => {
    const client = new PublicClientApplication(configuration(seedApps.desktop, {}, 'organizations'))
    const result = await client.acquireTokenInteractive({
      scopes: ['User.Read'],
      openBrowser: (url) => robot(url, 'zoe@contoso.com'),
    })
    expect(result.account?.name).toBe('Zoë Žižková 山田')
    // Graph by its bare name: the token's audience is Graph's application id.
    expect(decodeJwt(result.accessToken).aud).toBe('00000003-0000-0000-c000-000000000000')
  })

  it('signs in with a device code', async () => {
    const client = new PublicClientApplication(configuration(seedApps.desktop))
    let signedIn: Promise<void> | undefined
    const result = await client.acquireTokenByDeviceCode({
      scopes: ['User.Read'],
      deviceCodeCallback: ({ userCode, verificationUri }) => {
        // MSAL polls at once and then every five seconds; approved before the first poll it need not wait.
        sandbox.control.approveDeviceCode(userCode, 'bob@contoso.com')
        expect(verificationUri).toBe(`${sandbox.origin}/common/oauth2/deviceauth`)
        signedIn = Promise.resolve()
      },
    })
    await signedIn
    expect(result?.account?.username).toBe('bob@contoso.com')
  })

  it('calls the next API on behalf of the person', async () => {
    const desktop = new PublicClientApplication(configuration(seedApps.desktop))
    const redirectUri = 'http://localhost:4711'
    const scopes = ['api://contoso-api/access_as_user']
    const path = authorizePath(contosoId, { scope: `openid ${scopes.join(' ')}`, nonce: '' })
    const code = await codeFor(sandbox, path)
    const { accessToken } = await desktop.acquireTokenByCode({ code, scopes, redirectUri })
    const api = new ConfidentialClientApplication(
      configuration(seedApps.contosoApi, { clientSecret: seedSecrets.contosoApi }),
    )
    const onward = await api.acquireTokenOnBehalfOf({
      oboAssertion: accessToken,
      scopes: ['https://graph.microsoft.com/.default'],
    })
    expect(decodeJwt(onward?.accessToken ?? '')).toMatchObject({
      aud: 'https://graph.microsoft.com',
      appid: seedApps.contosoApi,
      appidacr: '1',
      upn: 'alice@contoso.com',
    })
  })

  it('reports a wrong secret as a server error with its number', async () => {
    const client = new ConfidentialClientApplication(
      configuration(seedApps.daemonWithSecret, { clientSecret: 'wrong' }),
    )
    const failure = await client
      .acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ServerError)
    expect(failure).toMatchObject({ errorCode: 'invalid_client', errorNo: 7000215 })
  })

  it('reports a missing consent as interaction required', async () => {
    const api = new ConfidentialClientApplication(
      configuration(seedApps.contosoApi, { clientSecret: seedSecrets.contosoApi }),
    )
    const desktop = new PublicClientApplication(configuration(seedApps.desktop))
    const scopes = ['api://contoso-api/access_as_user']
    const code = await codeFor(sandbox, authorizePath(contosoId, { scope: scopes.join(' '), nonce: '' }))
    const redirectUri = 'http://localhost:4711'
    const { accessToken } = await desktop.acquireTokenByCode({ code, scopes, redirectUri })
    const failure = await api
      .acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes: ['Mail.Read'] })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InteractionRequiredAuthError)
    expect(failure).toMatchObject({ subError: 'consent_required', errorNo: 65001 })
  })

  it('verifies an ID token with the published keys, also after a rotation', async () => {
    const client = new PublicClientApplication(configuration(seedApps.desktop))
    const code = await codeFor(sandbox, authorizePath(contosoId, { nonce: '' }))
    const result = await client.acquireTokenByCode({
      code,
      scopes: ['https://graph.microsoft.com/User.Read'],
      redirectUri: 'http://localhost:4711',
    })
    await sandbox.control.rotateKeys()
    const network = networkOf(sandbox)
    const keys = await network.sendGetRequestAsync<Parameters<typeof createLocalJWKSet>[0]>(
      `${sandbox.origin}/${contosoId}/discovery/v2.0/keys`,
    )
    const { payload } = await jwtVerify(result.idToken, createLocalJWKSet(keys.body), {
      issuer: `${sandbox.origin}/${contosoId}/v2.0`,
      audience: seedApps.desktop,
      currentDate: testNow,
    })
    expect(payload.preferred_username).toBe('alice@contoso.com')
    await expect(jwtVerify(result.accessToken, createLocalJWKSet(keys.body))).rejects.toThrow(
      'signature verification failed',
    )
  })
})
