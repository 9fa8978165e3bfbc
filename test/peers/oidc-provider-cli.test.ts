/** The program at oidc-provider, which checks secrets, assertions, PKCE, codes and refresh tokens in its own way. */
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeClientCertificate } from '../support/certificates.ts'
import { cli, pty } from '../support/cli.ts'
import { person, startOidcProvider, type OidcProvider } from '../support/oidc-provider.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

const appScope = 'https://graph.microsoft.com/.default'
const personScope = 'https://graph.microsoft.com/User.Read'
const johnAtGraph = { aud: 'https://graph.microsoft.com', scp: 'User.Read', oid: person.objectId }

let server: OidcProvider
let browser: PersonAtBrowser
let world: World
let before: number

beforeAll(async () => {
  server = await startOidcProvider()
  browser = await seatPerson({ ca: server.ca, answers: { login: person.login, decision: 'accept' } })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(() => {
  world = makeWorld({
    ENTRA_AUTH_CLI_KEY: '5a'.repeat(32),
    ENTRA_AUTH_CLI_INTERACTIVE: '1',
    ENTRA_AUTH_CLI_PROFILE: 'peer',
    BROWSER: browser.command,
  })
  const { certificatePem, privateKeyPem } = server.certificateClient
  put('ca.pem', server.ca)
  put('certificate.pem', certificatePem)
  put('key.pem', privateKeyPem)
  put('both.pem', privateKeyPem + certificatePem)
  before = server.tokenRequests.length
})
afterEach(() => world?.remove())

const put = (name: string, text: string) => writeFileSync(join(world.workFolder, name), text, { mode: 0o600 })

async function createProfile(clientId: string, scope: string, flags: readonly string[] = [], input?: string) {
  const words = ['config', 'create', '-n', 'peer', '--client-id', clientId, '--scope', scope, ...flags]
  const where = [
    '--tenant-id',
    server.tenantId,
    '--authority',
    `https://${server.host}`,
    '--ca-file',
    'ca.pem',
  ]
  const { code, stderr } = await cli([...words, ...where], { world, input })
  expect(code, stderr).toBe(0)
}

const createSecretProfile = (secret: string, scope: string, flags: readonly string[] = []) =>
  createProfile(server.secretClient.clientId, scope, ['--client-secret', '-', ...flags], secret)
const createCertificateProfile = (scope: string, flags: readonly string[]) =>
  createProfile(server.certificateClient.clientId, scope, flags)

const run = (...words: string[]) => cli([...words, '--silent'], { world })

/** Runs the program, which must succeed in silence. */
async function token(...words: string[]) {
  const { stdout, stderr, code } = await run(...words)
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return stdout.trimEnd()
}

/** What the server was asked for since the test began, as it came. */
const asked = () => server.tokenRequests.slice(before).map(({ form }) => form)

describe('an app at oidc-provider', () => {
  it('proves itself with its secret', async () => {
    const { clientId, clientSecret } = server.secretClient
    await createSecretProfile(clientSecret, appScope)
    expect(decodeJwt(await token('get-token'))).toMatchObject({ azp: clientId, tid: server.tenantId })
  })

  it('is refused with a wrong secret, which is not shown', async () => {
    await createSecretProfile('not-the-secret', appScope)
    const { stdout, stderr, code } = await cli(['get-token', '--verbose'], { world })
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(/^error: .*invalid_client/m)
    expect(stderr).not.toContain('not-the-secret')
  })

  it.each([
    ['a certificate and its key', ['--certificate', 'certificate.pem', '--private-key', 'key.pem']],
    ['both in one file', ['--certificate', 'both.pem']],
  ])('proves itself with %s', async (_form, flags) => {
    await createCertificateProfile(appScope, flags)
    expect(decodeJwt(await token('get-token'))).toMatchObject({ azp: server.certificateClient.clientId })
  })

  it('signs a new assertion for each request, for the server takes none twice', async () => {
    await createCertificateProfile(appScope, ['--certificate', 'both.pem'])
    await token('get-token')
    await token('get-token', '--force')
    await token('refresh')
    expect(new Set(asked().map((form) => form.get('client_assertion'))).size).toBe(3)
  })

  it('is refused with a certificate the server does not know', async () => {
    const { certificatePem, privateKeyPem } = makeClientCertificate('a stranger')
    put('stranger.pem', privateKeyPem + certificatePem)
    await createCertificateProfile(appScope, ['--certificate', 'stranger.pem'])
    const { stdout, stderr, code } = await run('get-token')
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(/^error: .*invalid_client/m)
  })
})

describe('an app whose assertions a command signs, as a key in an HSM needs it, at oidc-provider', () => {
  // RFC 7523, section 3; only node is asked, so nothing of ours is in it.
  const signer = `
    import { createSign, randomUUID } from 'node:crypto'
    import { readFileSync } from 'node:fs'
    const [issuer, audience] = process.argv.slice(2)
    const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, sub: issuer, aud: audience, jti: randomUUID(), iat: seconds, exp: seconds + 60 }
    const signed = encoded({ alg: 'RS256' }) + '.' + encoded(claims)
    console.log(signed + '.' + createSign('sha256').update(signed).sign(readFileSync('key.pem'), 'base64url'))`
  const command = (audience: string) =>
    `'${process.execPath}' sign.mjs ${server.certificateClient.clientId} ${audience}`
  const issuer = () => `https://${server.host}/${server.tenantId}/v2.0`
  const createSignedProfile = (scope: string, audience: string, flags: readonly string[] = []) =>
    createProfile(server.certificateClient.clientId, scope, [
      '--federated-token-command',
      command(audience),
      ...flags,
    ])

  beforeEach(() => put('sign.mjs', signer))

  it('proves itself anew for each request, for the server takes none twice', async () => {
    await createSignedProfile(appScope, issuer())
    expect(decodeJwt(await token('get-token'))).toMatchObject({ azp: server.certificateClient.clientId })
    await token('get-token', '--force')
    await token('refresh')
    expect(new Set(asked().map((form) => form.get('client_assertion'))).size).toBe(3)
  })

  it('is refused with an assertion for another server', async () => {
    await createSignedProfile(appScope, 'https://elsewhere.example')
    const { stdout, stderr, code } = await run('get-token')
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(/^error: .*invalid_client/m)
  })

  it('signs a person in by a code, and renews', async () => {
    await createSignedProfile(personScope, issuer(), ['--flow', 'authorization-code'])
    expect(decodeJwt(await token('get-token'))).toMatchObject(johnAtGraph)
    expect(decodeJwt(await token('refresh'))).toMatchObject(johnAtGraph)
    expect(asked().every((form) => form.has('client_assertion'))).toBe(true)
  })
})

describe('an API at oidc-provider', () => {
  const own = (clientId: string) => `api://${clientId}/User.Read`

  /** A person's token for the API, got by a public client. */
  async function callersToken(audience: string) {
    await createProfile(server.publicClient.clientId, own(audience))
    const got = await token('get-token')
    await cli(['config', 'delete', 'peer', '--force'], { world })
    before = server.tokenRequests.length
    return got
  }
  const trade = (assertion: string) =>
    cli(['get-token', '--silent', '--assertion', '-'], { world, input: assertion })

  it('acts on behalf of the person who called it, proven by a secret', async () => {
    const { clientId, clientSecret } = server.secretClient
    const assertion = await callersToken(clientId)
    await createSecretProfile(clientSecret, personScope)
    const { stdout, stderr, code } = await trade(assertion)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trim())).toMatchObject({ ...johnAtGraph, azp: clientId })
  })

  it('acts on behalf of the person who called it, proven by a certificate', async () => {
    const { clientId } = server.certificateClient
    const assertion = await callersToken(clientId)
    await createCertificateProfile(personScope, ['--certificate', 'both.pem'])
    const { stdout, stderr, code } = await trade(assertion)
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trim())).toMatchObject({ ...johnAtGraph, azp: clientId })
    expect(asked()[0]?.get('assertion')).toBe(assertion)
    expect(asked()[0]?.has('client_assertion')).toBe(true)
  })

  it('is refused with a token for another API', async () => {
    const assertion = await callersToken(server.certificateClient.clientId)
    await createSecretProfile(server.secretClient.clientSecret, personScope)
    const { stdout, stderr, code } = await trade(assertion)
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(/^error: .*invalid_grant/m)
  })
})

describe('a person at oidc-provider', () => {
  it('signs in by the browser, with PKCE', async () => {
    await createProfile(server.publicClient.clientId, personScope)
    expect(decodeJwt(await token('get-token'))).toMatchObject(johnAtGraph)
    const [redemption] = asked()
    expect(redemption?.get('grant_type')).toBe('authorization_code')
    expect(redemption?.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
    expect(redemption?.has('client_secret')).toBe(false)
    expect(new URL(browser.visits.at(-1) ?? '').searchParams.get('code_challenge_method')).toBe('S256')
  })

  it('signs in at an app that proves itself with a secret, with PKCE all the same', async () => {
    await createSecretProfile(server.secretClient.clientSecret, personScope, ['--flow', 'authorization-code'])
    expect(decodeJwt(await token('get-token'))).toMatchObject({
      ...johnAtGraph,
      azp: server.secretClient.clientId,
    })
    expect(asked()[0]?.has('client_secret')).toBe(true)
    expect(asked()[0]?.has('code_verifier')).toBe(true)
    expect(decodeJwt(await token('refresh'))).toMatchObject(johnAtGraph)
  })

  it('signs in at an app that proves itself with a certificate', async () => {
    await createCertificateProfile(personScope, ['--certificate', 'both.pem', '--flow', 'authorization-code'])
    expect(decodeJwt(await token('get-token'))).toMatchObject(johnAtGraph)
    expect(asked()[0]?.has('client_assertion')).toBe(true)
  })

  it('signs in with a device code', async () => {
    await createProfile(server.publicClient.clientId, personScope, ['--flow', 'device-code'])
    const { terminal, code } = await byDeviceCode('accept')
    expect(code, terminal).toBe(0)
    const { stdout } = await cli(['inspect', '-f', 'token.txt', '--claims'], { world })
    expect(JSON.parse(stdout)).toMatchObject(johnAtGraph)
  })

  it('may decline', async () => {
    await createProfile(server.publicClient.clientId, personScope, ['--flow', 'device-code'])
    const { terminal, code } = await byDeviceCode('refuse')
    expect(code, terminal).toBe(2)
    expect(terminal).toMatch(/the sign-in was declined \(access_denied\)/)
  })

  /** People are talked to on the terminal; the token goes to a file. */
  async function byDeviceCode(consent: 'accept' | 'refuse') {
    let signIn: Promise<unknown> | undefined
    const result = await pty(['get-token'], {
      world,
      redirect: '>token.txt',
      onOutput: (shown) => {
        const [, page, userCode] =
          /(https:\/\/\S+)\s+and enter the code:\s+(\S+)\s/.exec(stripVTControlCharacters(shown)) ?? []
        if (page && userCode) signIn ??= server.signIn(page, { userCode, consent })
      },
    })
    await signIn
    return result
  }
})

describe('a refresh token of oidc-provider', () => {
  beforeEach(async () => {
    await createProfile(server.publicClient.clientId, personScope)
    await token('get-token')
  })

  it('is replaced by every renewal, and the newest is used', async () => {
    const visits = browser.visits.length
    const renewed = new Set<string>()
    for (let renewal = 0; renewal < 20; renewal++) renewed.add(await token('refresh'))
    expect(renewed.size).toBe(20)
    const used = asked().flatMap((form) => form.get('refresh_token') ?? [])
    expect(new Set(used).size).toBe(20)
    expect(await token('get-token')).toBe([...renewed].at(-1))
    expect(browser.visits).toHaveLength(visits)
  })

  it('that was revoked ends in 7, and in a sign-in where somebody can be asked', async () => {
    server.revokeSessions()
    await expectSignInNeeded()
    const visits = browser.visits.length
    expect(decodeJwt(await token('get-token', '--force'))).toMatchObject(johnAtGraph)
    expect(browser.visits).toHaveLength(visits + 1)
  })

  it('that was used before, as from a restored backup, ends in 7', async () => {
    const [cache, backup] = [join(world.home, '.msal/cache'), join(world.root, 'backup')] as const
    cpSync(cache, backup, { recursive: true })
    await token('refresh')
    rmSync(cache, { recursive: true })
    cpSync(backup, cache, { recursive: true })
    await expectSignInNeeded()
  })

  async function expectSignInNeeded() {
    const visits = browser.visits.length
    const { stdout, stderr, code } = await run('refresh')
    expect({ stdout, code }).toEqual({ stdout: '', code: 7 })
    expect(stderr).toMatch(
      /^error: somebody must sign in .*: grant request is invalid \(invalid_grant\)\).*\nhint: run "entra-auth-cli get-token -p peer --force"/m,
    )
    expect(browser.visits).toHaveLength(visits)
    expect(asked().at(-1)?.get('grant_type')).toBe('refresh_token')
  }
})
