/** The program against oidc-provider, a server nobody of this project wrote. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cli, pty, succeeded } from '../support/cli.ts'
import { person, startOidcProvider, type OidcProvider } from '../support/oidc-provider.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

let server: OidcProvider
let browser: PersonAtBrowser
let world: World

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
    ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
    ENTRA_AUTH_CLI_INTERACTIVE: '1',
    BROWSER: browser.command,
  })
  writeFileSync(join(world.workFolder, 'ca.pem'), server.ca)
})
afterEach(() => world.remove())

async function createProfile(clientId: string, more: string[], input?: string) {
  const where = [
    '--tenant-id',
    server.tenantId,
    '--authority',
    `https://${server.host}`,
    '--ca-file',
    'ca.pem',
  ]
  const words = ['config', 'create', '-n', 'x', '--client-id', clientId, ...where, ...more]
  succeeded(await cli(words, { world, input }))
}

const createPersonProfile = (...more: string[]) =>
  createProfile(server.publicClient.clientId, ['--scope', 'https://graph.microsoft.com/User.Read', ...more])
const createAppProfile = (secret: string) =>
  createProfile(
    server.secretClient.clientId,
    ['--scope', 'https://graph.microsoft.com/.default', '--client-secret', '-'],
    secret,
  )
const getToken = (...more: string[]) => cli(['get-token', '-p', 'x', '--silent', ...more], { world })
const refresh = () => cli(['refresh', '-p', 'x', '--silent'], { world })

describe('the program at oidc-provider', () => {
  it('proves itself with a secret', async () => {
    await createAppProfile(server.secretClient.clientSecret)
    const { stdout, stderr, code } = await getToken()
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trimEnd())).toMatchObject({ azp: server.secretClient.clientId })
  })

  it('is refused with a wrong secret, and never shows it', async () => {
    await createAppProfile('not-the-secret')
    const { stdout, stderr, code } = await getToken('--verbose')
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(/invalid_client|secret/)
    expect(stderr).not.toContain('not-the-secret')
  })

  it('signs a person in by browser, with PKCE', async () => {
    await createPersonProfile('--flow', 'interactive-browser')
    const { stdout, stderr, code } = await getToken()
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(decodeJwt(stdout.trimEnd())).toMatchObject({ scp: 'User.Read', oid: person.objectId })
    expect(server.tokenRequests.at(-1)?.form.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
  })

  it('signs a person in with a device code, told on the terminal alone', async () => {
    await createPersonProfile('--flow', 'device-code')
    let signIn: Promise<unknown> | undefined
    // A terminal for people, a file for the token.
    const { terminal, code } = await pty(['get-token', '-p', 'x'], {
      world,
      redirect: '>token.txt',
      onOutput: (shown) => {
        const url = /https:\/\/\S+deviceauth/.exec(shown)?.[0]
        const userCode = /\b[A-Z]{4}-?[A-Z]{4}\b/.exec(shown)?.[0]
        if (url && userCode) signIn ??= server.signIn(url, { userCode })
      },
    })
    await signIn
    expect({ code, terminal }).toMatchObject({ code: 0 })
    const { stdout } = await cli(['inspect', '-f', 'token.txt', '--claims'], { world })
    expect(JSON.parse(stdout)).toMatchObject({ scp: 'User.Read', oid: person.objectId })
    expect(terminal).not.toMatch(/eyJ/)
  })

  it('keeps up with twenty rotations of the refresh token', async () => {
    await createPersonProfile()
    const tokens = [(await getToken()).stdout]
    const visits = browser.visits.length
    for (let renewal = 0; renewal < 20; renewal++) {
      const { stdout } = succeeded(await refresh())
      tokens.push(stdout)
    }
    expect(new Set(tokens).size).toBe(21)
    expect((await getToken()).stdout).toBe(tokens.at(-1))
    expect(browser.visits).toHaveLength(visits)
  })

  it('says who must sign in again, and how, when sessions were revoked', async () => {
    await createPersonProfile()
    await getToken()
    server.revokeSessions()
    const refused = await refresh()
    expect(refused).toMatchObject({ stdout: '', code: 7 })
    const mend = /"entra-auth-cli (get-token [^"]*)"/.exec(refused.stderr)?.[1]
    const mended = await cli([...(mend ?? '').split(' '), '--silent'], { world })
    expect({ code: mended.code, hint: refused.stderr }).toMatchObject({ code: 0 })
  })
})
