import { createHash } from 'node:crypto'
import {
  ConfidentialClientApplication,
  CryptoProvider,
  PublicClientApplication,
  type AuthenticationResult,
  type NodeAuthOptions,
} from '@azure/msal-node'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkTrusting } from '../support/msal.ts'
import { person, startOidcProvider, type OidcProvider } from '../support/oidc-provider.ts'
import { makeClientCertificate } from '../support/certificates.ts'

const scopes = ['https://graph.microsoft.com/User.Read']
const redirectUri = 'http://localhost:8400'

let server: OidcProvider

beforeAll(async () => {
  server = await startOidcProvider()
})
afterAll(() => server.close())

function configuration(auth: Partial<NodeAuthOptions> & { clientId: string }) {
  return {
    auth: { authority: server.authority, knownAuthorities: [server.host], ...auth },
    system: { networkClient: networkTrusting(server.ca) },
  }
}

const publicClient = () => new PublicClientApplication(configuration(server.publicClient))
const secretClient = () => new ConfidentialClientApplication(configuration(server.secretClient))

function certificateClient(
  proof: { privateKeyPem: string; thumbprintSha256: string } = server.certificateClient,
) {
  return new ConfidentialClientApplication(
    configuration({
      clientId: server.certificateClient.clientId,
      clientCertificate: { privateKey: proof.privateKeyPem, thumbprintSha256: proof.thumbprintSha256 },
    }),
  )
}

/** Signs in with a fresh code, which the caller redeems as it likes. */
async function freshCode(client: PublicClientApplication | ConfidentialClientApplication) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    state: 'the state of this sign-in',
  })
  const { parameters } = await server.signIn(url)
  expect(parameters.get('state')).toBe('the state of this sign-in')
  return { code: parameters.get('code') ?? '', verifier }
}

async function signIn(client: PublicClientApplication | ConfidentialClientApplication) {
  const { code, verifier } = await freshCode(client)
  return client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier })
}

/** What a sign-in gave: what the API would see, and whom MSAL remembers. */
function signInOf(result: AuthenticationResult | null) {
  return { claims: decodeJwt(result?.accessToken ?? ''), account: result?.account, scopes: result?.scopes }
}

/** What every sign-in here must give. */
const thePerson = () => ({
  claims: { aud: 'https://graph.microsoft.com', scp: 'User.Read', tid: server.tenantId },
  account: {
    homeAccountId: `${person.objectId}.${server.tenantId}`,
    username: person.login,
    name: person.displayName,
  },
  scopes: expect.arrayContaining(scopes),
})

describe('client credentials at oidc-provider', () => {
  const request = { scopes: ['https://graph.microsoft.com/.default'] }

  it('gives MSAL an app token for the right secret', async () => {
    const result = await secretClient().acquireTokenByClientCredential(request)
    expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({
      iss: `${server.authority}/v2.0`,
      aud: 'https://graph.microsoft.com',
      azp: server.secretClient.clientId,
    })
  })

  it('refuses a wrong secret', async () => {
    const client = new ConfidentialClientApplication(
      configuration({ clientId: server.secretClient.clientId, clientSecret: 'not the secret' }),
    )
    await expect(client.acquireTokenByClientCredential(request)).rejects.toMatchObject({
      errorCode: 'invalid_client',
    })
  })

  it('gives MSAL an app token for an assertion of the registered certificate', async () => {
    const result = await certificateClient().acquireTokenByClientCredential(request)
    expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({ azp: server.certificateClient.clientId })
  })

  it('refuses an assertion signed with another key', async () => {
    const stranger = makeClientCertificate('a stranger')
    const thumbprintSha256 = createHash('sha256').update(stranger.certificatePem).digest('hex')
    const client = certificateClient({ privateKeyPem: stranger.privateKeyPem, thumbprintSha256 })
    await expect(client.acquireTokenByClientCredential(request)).rejects.toMatchObject({
      errorCode: 'invalid_client',
    })
  })

  it('refuses an assertion that was used before', async () => {
    await certificateClient().acquireTokenByClientCredential(request)
    const assertion = server.tokenRequests.at(-1)?.form.get('client_assertion') ?? ''
    const replaying = new ConfidentialClientApplication(
      configuration({ clientId: server.certificateClient.clientId, clientAssertion: assertion }),
    )
    await expect(replaying.acquireTokenByClientCredential(request)).rejects.toMatchObject({
      errorCode: 'invalid_client',
    })
  })
})

describe('authorization code with PKCE at oidc-provider', () => {
  it('signs a person in at a public client', async () => {
    expect(signInOf(await signIn(publicClient()))).toMatchObject(thePerson())
  })

  it.each([
    ['a secret', () => secretClient()],
    ['a certificate', () => certificateClient()],
  ])('signs a person in at a client that proves itself with %s', async (_name, client) => {
    expect(signInOf(await signIn(client()))).toMatchObject(thePerson())
  })

  it('refuses a code without the verifier it was asked for with', async () => {
    const client = publicClient()
    const { code } = await freshCode(client)
    const { verifier } = await new CryptoProvider().generatePkceCodes()
    await expect(
      client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier }),
    ).rejects.toMatchObject({ errorCode: 'invalid_grant' })
  })

  it('refuses a code that was redeemed before, and takes back what the first redemption gave', async () => {
    const client = publicClient()
    const { code, verifier } = await freshCode(client)
    const redemption = { code, scopes, redirectUri, codeVerifier: verifier }
    const { account } = await client.acquireTokenByCode(redemption)
    await expect(client.acquireTokenByCode(redemption)).rejects.toMatchObject({ errorCode: 'invalid_grant' })
    await expect(
      client.acquireTokenSilent({ account: account!, scopes, forceRefresh: true }),
    ).rejects.toMatchObject({ errorCode: 'invalid_grant' })
  })

  it('tells the client that the person declined', async () => {
    const { challenge } = await new CryptoProvider().generatePkceCodes()
    const asked = { scopes, redirectUri, codeChallenge: challenge, codeChallengeMethod: 'S256' }
    const { parameters } = await server.signIn(await publicClient().getAuthCodeUrl(asked), {
      consent: 'refuse',
    })
    expect(parameters.get('error')).toBe('access_denied')
    expect(parameters.get('code')).toBeNull()
  })

  it('posts the response to the loopback listener of an interactive sign-in', async () => {
    const result = await publicClient().acquireTokenInteractive({
      scopes,
      successTemplate: '<p>signed in</p>',
      openBrowser: async (url) => {
        void server.signIn(url, { deliver: true })
      },
    })
    expect(signInOf(result)).toMatchObject(thePerson())
  })
})

describe('device code at oidc-provider', () => {
  it('signs a person in who types the code on another device', async () => {
    const result = await publicClient().acquireTokenByDeviceCode({
      scopes,
      deviceCodeCallback: ({ verificationUri, userCode }) => {
        void server.signIn(verificationUri, { userCode })
      },
    })
    expect(signInOf(result)).toMatchObject(thePerson())
  })

  it('ends when the person declines', async () => {
    const declined = publicClient().acquireTokenByDeviceCode({
      scopes,
      deviceCodeCallback: ({ verificationUri, userCode }) => {
        void server.signIn(verificationUri, { userCode, consent: 'refuse' })
      },
    })
    await expect(declined).rejects.toThrow(/access_denied/)
  })
})

describe('refresh tokens at oidc-provider', () => {
  const refreshTokens = () =>
    server.tokenRequests.flatMap(({ form }) =>
      form.get('grant_type') === 'refresh_token' ? [form.get('refresh_token')] : [],
    )

  it('rotate: each works once, and twenty renewals in a row each use the newest', async () => {
    const client = publicClient()
    const before = refreshTokens().length
    let result = await signIn(client)
    for (let renewal = 0; renewal < 20; renewal++) {
      const renewed = await client.acquireTokenSilent({
        account: result.account!,
        scopes,
        forceRefresh: true,
      })
      expect(renewed.accessToken).not.toBe(result.accessToken)
      result = renewed
    }
    expect(signInOf(result)).toMatchObject(thePerson())
    expect(new Set(refreshTokens().slice(before)).size).toBe(20)
  })

  it('used twice take the whole family with them', async () => {
    const client = publicClient()
    const { account } = await signIn(client)
    await client.acquireTokenSilent({ account: account!, scopes, forceRefresh: true })
    const used = refreshTokens().at(-1) ?? ''
    await expect(
      publicClient().acquireTokenByRefreshToken({ refreshToken: used, scopes }),
    ).rejects.toMatchObject({
      errorCode: 'invalid_grant',
    })
    await expect(
      client.acquireTokenSilent({ account: account!, scopes, forceRefresh: true }),
    ).rejects.toMatchObject({ errorCode: 'invalid_grant' })
  })

  it('are worthless after sessions were revoked', async () => {
    const client = publicClient()
    const { account } = await signIn(client)
    server.revokeSessions()
    await expect(
      client.acquireTokenSilent({ account: account!, scopes, forceRefresh: true }),
    ).rejects.toMatchObject({ errorCode: 'invalid_grant' })
  })
})
