/** Claims challenges and client capabilities: what is asked of Entra, and who gets what was answered. */
import { describe, expect, it } from 'vitest'
import { clientId, daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, personAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const graph = 'https://graph.microsoft.com'
const revoked = '{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}'
const stepUp = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const header = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(revoked).toString('base64')}"`

function machine(record: object, scenes: readonly Scene[]) {
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith([record], {
    http: script.http,
    now: new Date(),
    env: { AZURE_CLIENT_SECRET: 's3cret', NO_COLOR: '1' },
  })
  let seen = 0
  const token = async (...words: readonly string[]) => {
    const code = await runCommand(['get-token', ...words], host)
    expect([code, host.stderr()]).toEqual([0, ''])
    const text = host.stdout().slice(seen).trimEnd()
    seen = host.stdout().length
    return text
  }
  return { token, script }
}

/** What the form must hold; MSAL adds wishes of its own for the ID token. */
const asking = (...claims: readonly string[]) =>
  new RegExp(claims.map((json) => `(?=.*${json.slice(1, -1).replace(/[[\]{}]/g, '\\$&')})`).join(''))

const scene = (token: string, claims: string | undefined): Scene => ({
  form: { grant_type: 'client_credentials', claims: claims && asking(claims) },
  answer: appAnswer(token),
})

describe('a claims challenge', () => {
  it('is sent as JSON, however it was given', async () => {
    const { token, script } = machine(daemon, [scene('one', revoked), scene('two', revoked)])
    expect(await token('--claims', `WWW-Authenticate: ${header}`)).toBe('one')
    expect(await token('--claims', Buffer.from(revoked).toString('base64url'))).toBe('two')
    script.finish()
  })

  it('that revokes older tokens leaves none of them in the cache', async () => {
    const { token, script } = machine(daemon, [scene('old', undefined), scene('new', revoked)])
    expect(await token()).toBe('old')
    expect(await token('--claims', header)).toBe('new')
    expect(await token()).toBe('new')
    script.finish()
  })

  it('that asks for more is answered to whom it was put, and to nobody else', async () => {
    const { token, script } = machine(daemon, [
      scene('plain', undefined),
      scene('stepped-up', stepUp),
      scene('stepped-up-again', stepUp),
    ])
    expect(await token()).toBe('plain')
    expect(await token('--claims', stepUp)).toBe('stepped-up')
    expect(await token()).toBe('plain')
    expect(await token('--claims', stepUp)).toBe('stepped-up-again')
    script.finish()
  })

  it("keeps a person's new refresh token, whoever the access token is for", async () => {
    const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
    const scope = `${graph}/User.Read`
    const answer = (token: string, refresh: string) => personAnswer(anna, token, scope, refresh)
    const start: Scene = {
      endpoint: 'devicecode',
      form: { client_id: clientId },
      answer: {
        device_code: 'd',
        user_code: 'ABCD1234',
        verification_uri: 'https://microsoft.com/devicelogin',
        expires_in: 900,
        interval: 0,
      },
    }
    const script = scriptedAuthority(tenantId, [
      start,
      { form: { device_code: 'd' }, answer: answer('first', 'refresh-1') },
      { form: { refresh_token: 'refresh-1', claims: asking(stepUp) }, answer: answer('second', 'refresh-2') },
      { form: { refresh_token: 'refresh-2' }, answer: answer('third', 'refresh-3') },
    ])
    const host = hostWith([{ name: 'graph', scopes: [scope], defaultFlow: 'DeviceCode' }], {
      http: script.http,
      now: new Date(),
      stdin: undefined,
      stderrIsTerminal: true,
      stdoutIsTerminal: true,
    })
    for (const words of [[], ['--claims', stepUp], [], ['--force']])
      expect([await runCommand(['get-token', '--silent', ...words], host), script.complaints]).toEqual([
        0,
        [],
      ])
    script.finish()
    expect(host.stdout().trimEnd().split('\n')).toEqual(['first', 'second', 'first', 'third'])
  })
})

describe('a client capability of the profile', () => {
  const able = { ...daemon, clientCapabilities: ['cp1'] }
  const declared = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'

  it('is declared with every request', async () => {
    const { token, script } = machine(able, [scene('one', declared)])
    expect(await token()).toBe('one')
    script.finish()
  })

  it('is declared beside what a challenge asks for', async () => {
    const { token, script } = machine(able, [
      {
        form: { claims: /^{"access_token":{"nbf":{[^}]*},"xms_cc":{"values":\["cp1"\]}}/ },
        answer: appAnswer('one'),
      },
    ])
    expect(await token('--claims', revoked)).toBe('one')
    script.finish()
  })
})
