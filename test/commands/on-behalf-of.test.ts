import { describe, expect, it } from 'vitest'
import { cacheDirectory, type MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { personAnswer, refusal, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'
import { tokenOf } from '../unit/jwt/tokens.ts'

const graph = 'https://graph.microsoft.com/User.Read'
const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
const bert = { objectId: 'bbbbbbbb-0000-4000-8000-000000000002', tenantId, username: 'bert@contoso.com' }
const hers = tokenOf({ aud: clientId, oid: anna.objectId, sub: 'anna', scp: 'access_as_user' })
const his = tokenOf({ aud: clientId, oid: bert.objectId, sub: 'bert', scp: 'access_as_user' })
const api = { ...daemon, name: 'api', scopes: [graph] }
const secretly = { AZURE_CLIENT_SECRET: 's3cret~value', NO_COLOR: '1' }

const trade = (assertion: string, answer: object, status = 200): Scene => ({
  form: {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    assertion,
    client_id: clientId,
    client_secret: 's3cret~value',
    scope: `${graph} openid profile offline_access`,
  },
  status,
  answer,
})
const herAnswer = personAnswer(anna, 'for-anna', `${graph} openid profile`, 'refresh-of-anna')
const hisAnswer = personAnswer(bert, 'for-bert', `${graph} openid profile`, 'refresh-of-bert')

async function run(words: string, scenes: readonly Scene[], options: MemoryHostOptions = {}) {
  const script = scriptedAuthority(tenantId, scenes)
  const env = { ...secretly, ...options.env }
  const host = hostWith([api], { http: script.http, now: new Date('2026-01-31T10:00:00Z'), ...options, env })
  const code = await runCommand(words.split(' '), host)
  script.finish()
  return { host, code, stdout: host.stdout(), stderr: host.stderr() }
}

describe('a token on behalf of a person', () => {
  it.each<[string, string, MemoryHostOptions]>([
    ['stdin', '--assertion -', { stdin: `${hers}\n` }],
    ['a whole answer on stdin', '--assertion -', { stdin: JSON.stringify({ access_token: hers }) }],
    ['an Authorization header on stdin', '--assertion -', { stdin: `Authorization: Bearer ${hers}\n` }],
    ['a file', '--assertion-file /token', { files: { '/token': hers } }],
    [
      'a file of Windows PowerShell',
      '--assertion-file /token',
      { files: { '/token': Buffer.from(`\ufeff${hers}`, 'utf16le') } },
    ],
    ['its variable', '--flow on-behalf-of', { env: { ENTRA_AUTH_CLI_ASSERTION: hers } }],
    ['stdin, by the short name', '--flow obo --assertion -', { stdin: hers }],
  ])('is traded for the one in %s', async (_where, flags, options) => {
    const { code, stdout, stderr } = await run(`get-token -p api ${flags}`, [trade(hers, herAnswer)], options)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'for-anna\n', stderr: '' })
  })

  it('is traded for the one in the arguments, with a warning', async () => {
    const { stdout, stderr } = await run(`get-token -p api --assertion ${hers}`, [trade(hers, herAnswer)])
    expect(stdout).toBe('for-anna\n')
    expect(stderr).toBe(
      'warning: the assertion can be seen in the process list; give "-" and send it to stdin instead\n',
    )
  })

  it('is the token of who called, each time, and nothing of it is kept', async () => {
    const scenes = [trade(hers, herAnswer), trade(his, hisAnswer), trade(hers, herAnswer)]
    const script = scriptedAuthority(tenantId, scenes)
    const files = { '/hers': hers, '/his': his }
    const host = hostWith([api], { http: script.http, env: secretly, files })
    for (const path of ['/hers', '/his', '/hers'])
      await runCommand(['get-token', '-p', 'api', '--assertion-file', path], host)
    script.finish()
    expect(host.stdout()).toBe('for-anna\nfor-bert\nfor-anna\n')
    expect([...host.fileMap.keys()].filter((path) => path.startsWith(cacheDirectory))).toEqual([])
  })

  it('is not the one of a person who signed in with the same profile', async () => {
    const scenes: Scene[] = [
      {
        endpoint: 'devicecode',
        form: { client_id: clientId },
        answer: {
          device_code: 'dc',
          user_code: 'ABCD',
          verification_uri: 'https://microsoft.com/devicelogin',
          expires_in: 900,
          interval: 0,
          message: '',
        },
      },
      { form: { grant_type: 'device_code' }, answer: hisAnswer },
      trade(hers, herAnswer),
    ]
    const script = scriptedAuthority(tenantId, scenes)
    const env = { ...secretly, ENTRA_AUTH_CLI_INTERACTIVE: '1' }
    const host = hostWith([api], { http: script.http, env, files: { '/hers': hers }, now: new Date() })
    await runCommand(['get-token', '-p', 'api', '--flow', 'device-code'], host)
    await runCommand(['get-token', '-p', 'api', '--assertion-file', '/hers'], host)
    await runCommand(['get-token', '-p', 'api', '--flow', 'device-code'], host)
    script.finish()
    expect(host.stdout()).toBe('for-bert\nfor-anna\nfor-bert\n')
  })

  it('answers a claims challenge', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const words = ['get-token', '-p', 'api', '--assertion-file', '/hers', '--claims', claims]
    const scene = trade(hers, herAnswer)
    const script = scriptedAuthority(tenantId, [{ ...scene, form: { ...scene.form, claims: /"acrs"/ } }])
    const host = hostWith([api], { http: script.http, env: secretly, files: { '/hers': hers } })
    expect(await runCommand(words, host)).toBe(0)
    script.finish()
  })
})

describe('an assertion that cannot be used', () => {
  it.each<[string, string, MemoryHostOptions, number, string]>([
    [
      'is missing',
      '--flow on-behalf-of',
      {},
      4,
      'the flow on-behalf-of needs the token of the person to act for',
    ],
    ['is empty', '--assertion -', { stdin: '\n' }, 1, 'the assertion is empty'],
    [
      'is no token',
      '--assertion -',
      { stdin: 'hello' },
      1,
      'the assertion is no token to act on behalf of: it has',
    ],
    [
      'is for Graph',
      '--assertion -',
      { stdin: tokenOf({ aud: 'https://graph.microsoft.com', scp: 'User.Read' }) },
      1,
      'the assertion is a token for Microsoft Graph, not for this app',
    ],
    [
      'is of another flow',
      '--flow device-code --assertion -',
      { stdin: hers },
      4,
      'the flow device-code takes no --assertion',
    ],
    [
      'is given twice',
      '--assertion - --assertion-file /token',
      {},
      4,
      '--assertion and --assertion-file contradict each other',
    ],
    [
      'shares stdin with the secret',
      '--assertion - --client-secret -',
      { stdin: hers },
      4,
      '--client-secret - and --assertion - contradict each other',
    ],
    ['has no file', '--assertion-file=', {}, 4, '--assertion-file is empty'],
  ])('%s', async (_what, flags, options, code, fact) => {
    const result = await run(`get-token -p api ${flags}`, [], options)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
    expect(result.stderr).toMatch(/^error: .+\nhint: .+\n$/)
    expect(result.stderr).toContain(`error: ${fact}`)
    expect(result.stderr).not.toContain('hello')
  })

  it('is not asked for by refresh, which says where it can be given', async () => {
    const script = scriptedAuthority(tenantId, [])
    const host = hostWith([{ ...api, defaultFlow: 'OnBehalfOf' }], { http: script.http, env: secretly })
    expect(await runCommand(['refresh', '-p', 'api', '-q'], host)).toBe(4)
    expect(host.stderr()).toContain('entra-auth-cli get-token -p api --assertion -')
  })
})

describe('what Entra refuses on behalf of a person', () => {
  const refused = (answer: object) =>
    run('get-token -p api --assertion -', [trade(hers, answer, 400)], { stdin: hers })

  it.each([
    [50013, 'Assertion failed signature validation.'],
    [500131, 'Assertion audience does not match the Client app.'],
  ])('as an assertion for another app is told with whom it is for: AADSTS%i', async (code, sentence) => {
    const { code: exit, stderr } = await refused(refusal('invalid_grant', code, sentence))
    expect(exit).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`^error: .*AADSTS${code}.*; the assertion is a token for "${clientId}"\n`),
    )
    expect(stderr).toContain(
      `hint: the caller must ask for a token of this app: --scope api://${clientId}/.default`,
    )
  })

  it.each([{}, { suberror: 'consent_required' }])(
    'for want of consent names who must act: %j',
    async (fields) => {
      const answer = refusal('invalid_grant', 65001, 'The user or administrator has not consented.', fields)
      const { code, stderr } = await refused(answer)
      expect(code).toBe(2)
      expect(stderr).toContain('(AADSTS65001)')
      expect(stderr).toContain(
        `hint: nobody can be asked here: an administrator consents at https://login.microsoftonline.com/${tenantId}/adminconsent?client_id=${clientId}`,
      )
    },
  )

  it('until the person signs in again is told with the claims to sign in with', async () => {
    const claims = '{"access_token":{"capolids":{"essential":true,"values":["p1"]}}}'
    const answer = refusal('interaction_required', 50079, 'The user is required to enroll.', { claims })
    const { code, stderr } = await refused(answer)
    expect(code).toBe(7)
    expect(stderr).toMatch(
      /^error: the person must sign in again at the app that called: .*\(AADSTS50079\)\n/,
    )
    expect(stderr).toContain(
      `hint: get a new token there with "entra-auth-cli get-token --claims '${claims}'"`,
    )
  })

  it('cannot slip a command of its own into the one that is to be typed', async () => {
    const claims = `{"access_token":{}}'; touch /tmp/evil; echo '`
    const { stderr } = await refused(refusal('interaction_required', 50079, 'Enroll.', { claims }))
    expect(stderr).toContain(String.raw`--claims '{"access_token":{}}'\''; touch /tmp/evil; echo '\'''"`)
  })

  it('without a number is the matter of the caller', async () => {
    const { code, stderr } = await refused({
      error: 'invalid_grant',
      error_description: 'The grant is over.',
    })
    expect(code).toBe(2)
    expect(stderr).toContain('hint: have the caller send a new token, issued for this app\n')
  })

  it('for another reason is told as always', async () => {
    const { code, stderr } = await refused(refusal('invalid_client', 7000215, 'Invalid client secret.'))
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('AADSTS7000215') as string,
    })
  })
})
