/** What a certificate proves an app with: the client assertion that Entra is sent, looked at as Entra does. */
import { createHash, X509Certificate } from 'node:crypto'
import { importX509, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { listening } from '../support/listening.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, personAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'
import { fixture, password } from '../unit/core/certificates/fixtures.ts'

const graph = 'https://graph.microsoft.com'
const now = new Date()
const files = {
  '/leaf.pem': fixture('leaf.pem'),
  '/key.pem': fixture('key-pkcs8.pem'),
  '/locked.pem': fixture('key-pkcs8-aes256.pem'),
  '/modern.pfx': fixture('modern.pfx'),
  '/legacy.pfx': fixture('legacy.pfx'),
  '/open.pfx': fixture('open.pfx'),
}
const proof = {
  client_secret: undefined,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: /^eyJ/,
}
const appScene: Scene = {
  form: { grant_type: 'client_credentials', client_id: clientId, scope: `${graph}/.default`, ...proof },
  answer: appAnswer('app-token'),
}

/** Checks a client assertion with nothing but the certificate that an app registration holds. */
async function assertionIsGood(assertion: string | null | undefined): Promise<void> {
  const leaf = fixture('leaf.pem').toString()
  const audience = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`
  const key = await importX509(leaf, 'PS256')
  const { payload, protectedHeader } = await jwtVerify(assertion ?? '', key, {
    audience,
    // MSAL rounds the present second up.
    clockTolerance: 5,
  })
  expect(protectedHeader).toMatchObject({
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': createHash('sha256').update(new X509Certificate(leaf).raw).digest('base64url'),
  })
  // A SHA-1 thumbprint is what Entra asks nobody to send any more.
  expect(protectedHeader).not.toHaveProperty('x5t')
  expect(payload).toMatchObject({ iss: clientId, sub: clientId, jti: expect.stringMatching(/./) as string })
}

async function getToken(fields: object, options: MemoryHostOptions = {}, scene = appScene) {
  const script = scriptedAuthority(tenantId, [scene])
  const record = { name: 'ci', authMethod: 'Certificate', scopes: [`${graph}/.default`], ...fields }
  const host = hostWith([record], { now, files, http: script.http, ...options })
  const code = await runCommand(['get-token', '-p', 'ci'], host)
  return { code, script, stdout: host.stdout(), stderr: host.stderr() }
}

describe('the app proves itself', () => {
  const inVariable = { AZURE_CLIENT_CERTIFICATE_PASSWORD: password }
  const bundle = `${fixture('leaf.pem').toString()}${fixture('key-pkcs8.pem').toString()}`

  it.each<[string, object, Record<string, string>]>([
    ['PEM and key', { certificatePath: '/leaf.pem', privateKeyPath: '/key.pem' }, {}],
    ['PEM and an encrypted key', { certificatePath: '/leaf.pem', privateKeyPath: '/locked.pem' }, inVariable],
    ['a modern PFX', { certificatePath: '/modern.pfx' }, inVariable],
    ['a legacy PFX', { certificatePath: '/legacy.pfx' }, inVariable],
    ['a PFX without a password', { certificatePath: '/open.pfx' }, {}],
    ['PEM in a variable', { certificateEnv: 'CERT' }, { CERT: bundle }],
    [
      'base64 of a PFX in a variable',
      { certificateEnv: 'CERT' },
      { CERT: fixture('modern.pfx').toString('base64'), ...inVariable },
    ],
  ])('with %s', async (_what, fields, env) => {
    const { code, script, stdout } = await getToken(fields, { env })
    script.finish()
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'app-token\n' })
    await assertionIsGood(script.posted[0]?.get('client_assertion'))
  })

  it('also where a person signs in by authorization code', async () => {
    const scope = `${graph}/User.Read`
    const anna = {
      objectId: 'aaaaaaaa-0000-4000-8000-000000000001',
      tenantId,
      username: 'anna@contoso.com',
    }
    const listener = listening({ kind: 'code', code: 'the-code' })
    const { code, script, stdout } = await getToken(
      { certificatePath: '/open.pfx', scopes: [scope], defaultFlow: 'AuthorizationCode' },
      {
        redirects: listener.redirects,
        openBrowser: () => true,
        stdin: undefined,
        stderrIsTerminal: true,
        env: { NO_COLOR: '1' },
      },
      {
        form: { grant_type: 'authorization_code', client_id: clientId, code: 'the-code', ...proof },
        answer: personAnswer(anna, 'her-token', `${scope} openid profile`, 'r1'),
      },
    )
    script.finish()
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'her-token\n' })
    await assertionIsGood(script.posted[0]?.get('client_assertion'))
  })
})

describe('a certificate whose end is near', () => {
  const { validToDate, validTo } = new X509Certificate(fixture('leaf.pem')) as X509Certificate & {
    readonly validToDate?: Date
  }
  const end = validToDate ?? new Date(validTo)

  it('is still used, and told about', async () => {
    const soon = new Date(end.getTime() - 10 * 86_400_000)
    const { code, stderr } = await getToken({ certificatePath: '/open.pfx' }, { now: soon })
    expect(code).toBe(0)
    expect(stderr).toMatch(/the certificate "O=Fixtures, CN=fixture-app" expires on \S+, in 10 days/)
  })
})

it.each([
  ['wrong password', { certificatePath: '/modern.pfx' }, 'no password opens the certificate "/modern.pfx"'],
  ['missing key', { certificatePath: '/leaf.pem' }, '"/leaf.pem" holds no private key'],
  ['unset variable', { certificateEnv: 'CERT' }, 'the variable CERT is not set'],
])('a profile with a %s is not complete, and Entra is not asked', async (_what, fields, message) => {
  const env = { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'wrong' }
  const { code, script, stderr } = await getToken(fields, { env })
  expect(code).toBe(3)
  expect(stderr).toContain(`error: ${message}\n`)
  expect(script.posted).toEqual([])
})
