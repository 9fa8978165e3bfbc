import { describe, expect, it, vi } from 'vitest'
import { cachedToken } from '../../src/commands/cached-token.ts'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { base64url, defaultHeader, now, tokenOf, v1Delegated } from '../unit/jwt/tokens.ts'

vi.mock('../../src/commands/cached-token.ts', () => ({ cachedToken: vi.fn() }))

async function diff(words: readonly string[], options: MemoryHostOptions = {}) {
  const host = memoryHost(options)
  const code = await runCommand(['inspect', '--diff', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const before = { ...v1Delegated, scp: 'User.Read Mail.Read', uti: 'one', amr: ['pwd'], idp: 'x' }
const after = {
  ...v1Delegated,
  exp: v1Delegated.exp + 1800,
  scp: 'Mail.Send User.Read',
  uti: 'two',
  amr: ['pwd', 'mfa'],
  wids: ['62e90394-69f5-4237-9190-012177145e10'],
  name: 'Zoë Weber',
}
const files = {
  'a.txt': tokenOf(before),
  'b.txt': `${tokenOf(after, { ...defaultHeader, kid: 'key-2' })
    .split('.')
    .slice(0, 2)
    .join('.')}.${base64url('x')}`,
}

describe('inspect --diff', () => {
  it('shows what differs, scopes and roles as sets and times as distances', async () => {
    expect(await diff(['a.txt', 'b.txt'], { files })).toEqual({
      code: 1,
      stderr: '',
      stdout: `--- a.txt
+++ b.txt

Header:
  kid:  - key-1
        + key-2

Claims:
  name:  - Zoë Müller 山田
         + Zoë Weber
  scp:   - Mail.Read
         + Mail.Send
           1 in both
  amr:   + mfa
           1 in both
  idp:   - x
  wids:  + 62e90394-69f5-4237-9190-012177145e10 (Global Administrator)

Times:
  exp:  30 minutes later

New in every token: uti, signature
`,
    })
  })

  it('shows it to a program', async () => {
    const { code, stdout, stderr } = await diff(['a.txt', 'b.txt', '-o', 'json'], { files })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      same: false,
      header: { kid: { a: 'key-1', b: 'key-2' } },
      claims: {
        name: { a: 'Zoë Müller 山田', b: 'Zoë Weber' },
        scp: { only_a: ['Mail.Read'], only_b: ['Mail.Send'], both: ['User.Read'] },
        amr: { only_a: [], only_b: ['mfa'], both: ['pwd'] },
        idp: { a: 'x', b: null },
        wids: { only_a: [], only_b: after.wids, both: [] },
      },
      times: { exp: { a: now + 2700, b: now + 4500, seconds: 1800 } },
      new_in_every_token: ['uti', 'signature'],
    })
    expect((await diff(['a.txt', 'b.txt', '-o', 'yaml'], { files })).stdout).toMatch(
      /^same: false\nheader:\n/,
    )
  })

  it.each<[string, object | string, object | string, string]>([
    ['one and the same', before, before, ''],
    [
      'another of the same kind',
      before,
      { ...before, iat: before.iat + 60, exp: before.exp - 60, uti: 'three', aio: 'x' },
      'Times:\n  iat:  1 minute later\n  exp:  1 minute earlier\n\nNew in every token: uti, aio\n',
    ],
    ['scopes in another order', { scp: 'a b' }, { scp: ' b  a b' }, ''],
    ['claims in another order', { a: 1, b: { c: 1, d: [] } }, '{"b":{"d":[],"c":1},"\\u0061":1}', ''],
    ['a list in another order', { roles: ['a', 'b'] }, { roles: ['b', 'a', 'a'] }, ''],
  ])('ends with 0 for %s', async (_what, a, b, rest) => {
    const { code, stdout, stderr } = await diff([tokenOf(a), tokenOf(b)])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(rest === '' ? '' : `--- the token given\n+++ the token given\n\n${rest}`)
  })

  it.each<[string, object | string, object | string]>([
    ['digits beyond what a number holds', '{"n":12345678901234567890}', '{"n":12345678901234567891}'],
    ['a list of one kind and a text', { roles: ['a'] }, { roles: 1 }],
    ['an order that may mean something', { own: ['a', 'b'] }, { own: ['b', 'a'] }],
    ['an end that is gone', { exp: 5 }, {}],
  ])('ends with 1 for %s', async (_what, a, b) => {
    expect(await diff([tokenOf(a), tokenOf(b)])).toMatchObject({ code: 1, stderr: '' })
  })

  it('takes one from a pipe, from -f, from -t, or a cache', async () => {
    vi.mocked(cachedToken).mockImplementation(async (name) => tokenOf({ profile: name }))
    const token = tokenOf({ profile: 'dev' })
    const options = { files: { 't.txt': token }, stdin: token }
    for (const words of [
      ['-', 't.txt'],
      ['t.txt', '-t', token],
      ['-f', 't.txt', '-t', token],
      [token, '-p', 'dev'],
      ['profile:dev', `Bearer ${token}`],
      ['t.txt', '-f', '-'],
    ]) {
      expect(await diff(words, options), words.join(' ')).toEqual({ code: 0, stdout: '', stderr: '' })
    }
    expect((await diff(['profile:dev', 'profile:prod'])).stdout).toMatch(
      /^--- profile dev\n\+\+\+ profile prod\n\nClaims:\n {2}profile: {2}- dev\n {12}\+ prod\n$/,
    )
  })

  it.each([
    [[], 'two tokens are compared, no less and no more'],
    [['a.txt'], 'two tokens are compared, no less and no more'],
    [['a.txt', 'b.txt', '-p', 'x'], 'two tokens are compared, no less and no more'],
    [['-', '-'], 'only one token can come from stdin'],
    [['-o', 'pretty', 'a.txt', 'b.txt'], '--diff has no such form'],
    [['--claims', 'a.txt', 'b.txt'], "option '--diff' cannot be used with option '--claims'"],
  ])('refuses %j', async (words, fact) => {
    const { code, stdout, stderr } = await diff(words, { files, stdin: '' })
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(`error: ${fact}\nhint: `)
  })

  it('says which one is no token, and shows nothing', async () => {
    const { code, stdout, stderr } = await diff(['a.txt', 'c.txt'], { files: { ...files, 'c.txt': 'x.y' } })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('error: invalid token: it has 2 parts between dots, a token has 3 (c.txt)\n')
    expect((await diff(['a.txt', 'd.txt'], { files })).stderr).toContain('error: there is no file "d.txt"')
  })

  it('lets nothing hostile through to a terminal', async () => {
    const hostile = '\u001b[2Jx\u009b1m\u202e'
    const a = tokenOf({ [hostile]: hostile, roles: [hostile], exp: hostile }, { [hostile]: 1 })
    const b = tokenOf({ roles: [`${hostile}y`], exp: 1, own: { [hostile]: [hostile] } })
    const { stdout } = await diff([a, b], { stdoutIsTerminal: true, env: { NO_COLOR: '1' } })
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('shows the first thousand claims and the first thousand items of a set, and counts the rest', async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `claim-${index}`)
    const many = tokenOf({
      ...before,
      groups: names,
      ...Object.fromEntries(names.map((name) => [name, 1])),
    })
    const { stdout } = await diff([files['a.txt'], many])
    const lines = stdout.split('\n')
    expect(lines.filter((line) => /^ {2}claim-/.test(line))).toHaveLength(999)
    expect(lines.filter((line) => /^ +(?:groups:)? +\+ claim-/.test(line))).toHaveLength(1000)
    expect(stdout).toContain('+ ... and 500 more; "-o json" shows all\n')
    expect(stdout).toContain('\n  ... and 501 more; "-o json" shows all\n')
    const all = JSON.parse((await diff([files['a.txt'], many, '-o', 'json'])).stdout) as { claims: object }
    expect(Object.keys(all.claims)).toHaveLength(1501)
  })

  it('pads no other name to one of megabytes', async () => {
    const long = 'n'.repeat(2_000_000)
    const names = Array.from({ length: 900 }, (_, index) => [`claim-${index}`, 1] as const)
    const { stdout, stderr } = await diff([
      files['a.txt'],
      tokenOf({ ...before, [long]: 1, ...Object.fromEntries(names) }),
    ])
    expect(stderr).toBe('')
    expect(stdout).toContain(`  ${long}:  + 1\n`)
    expect(stdout.length).toBeLessThan(2_100_000)
  })
})
