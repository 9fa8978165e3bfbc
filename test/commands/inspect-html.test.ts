import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { now, signature, tokenOf, v1Delegated } from '../unit/jwt/tokens.ts'

async function pageOf(payload: object | string, header?: object, options: MemoryHostOptions = {}) {
  const host = memoryHost(options)
  const token = header ? tokenOf(payload, header) : tokenOf(payload)
  const code = await runCommand(['inspect', token, '--html', 'page.html'], host)
  expect({ code, stdout: host.stdout(), stderr: host.stderr() }).toEqual({ code: 0, stdout: '', stderr: '' })
  return String(host.fileMap.get('page.html'))
}

describe('inspect --html', () => {
  it('writes what the token says, and for whom', async () => {
    const page = await pageOf(v1Delegated, undefined, { env: { TZ: 'Europe/Vienna' } })
    expect(page).toMatch(/^<!doctype html>\n/)
    expect(page).toContain('<h1>delegated access token (v1.0)</h1>')
    expect(page).toContain('<p class="badge valid">Valid</p>')
    expect(page).toContain('Expires: 2026-01-31 10:45:00 UTC = 2026-01-31 11:45:00 +01:00, in 45 minutes')
    expect(page).toContain('<li><code>User.Read</code></li><li><code>Mail.Read</code></li>')
    expect(page).toContain('client application that asked for it (azp in v2.0)')
    expect(page).toContain('Made by entra-auth-cli at 2026-01-31 10:00:00 UTC')
  })

  it('may load, run and send nothing: its style is the one that its policy names', async () => {
    const page = await pageOf(v1Delegated)
    const [, style] = /<style>([^]*)<\/style>/.exec(page)!
    const hash = createHash('sha256').update(style!).digest('base64')
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
    )
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<form|href=|src=|style="|url\(|@import|https?:\/\/[^<]*"/,
    )
  })

  it('has neither the signature nor what looks like a secret', async () => {
    const inner = tokenOf({ a: 'inner' })
    const secrets = {
      nonce: 'nonce-of-sign-in',
      aio: 'AAQA/8TEXAAAAopaque',
      idp_access_token: 'of-another-idp',
      own: { deep: [inner] },
      [inner]: 1,
      note: `key 5f4dcc3b5aa765d61d8327deb882cf99`,
      ver: inner,
      tid: inner,
      number: 1,
    }
    const page = await pageOf(
      { ...v1Delegated, ...secrets },
      { alg: 'RS256', nonce: 'graph-nonce', x5t: 'thumb' },
    )
    for (const secret of [
      signature,
      inner,
      inner.slice(0, 30),
      'nonce-of',
      'AAQA',
      'of-another',
      '5f4dcc',
      'graph-nonce',
    ]) {
      expect(page).not.toContain(secret)
    }
    expect(page).toContain('[left out, 16 characters]')
    expect(page).toContain('thumb')
    expect(page).toContain('nobody but Microsoft Graph')
    expect(page).toContain(v1Delegated.oid)
  })

  it('shows a hostile claim as text', async () => {
    const hostile = '"\'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u001b[2J\u202e'
    const page = await pageOf(
      {
        [hostile]: hostile,
        aud: [hostile],
        roles: [hostile],
        ver: hostile,
        tid: hostile,
        iss: hostile,
        exp: now + 9,
      },
      { alg: hostile, kid: hostile },
    )
    expect(
      page.match(
        /<(?!\/?(?:html|head|meta|title|style|body|main|header|p|h1|h2|section|table|tr|th|td|code|ul|li|strong|span|details|summary|pre|footer)\b|!doctype)/g,
      ),
    ).toBeNull()
    // eslint-disable-next-line no-control-regex
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(page).toContain('&#60;script&#62;alert(1)')
  })

  it.each([
    ['expired', { exp: now - 1 }, '<p class="badge expired">Expired</p>'],
    ['not valid yet', { nbf: now + 60, exp: now + 90 }, '<p class="badge not-yet-valid">Not valid yet</p>'],
    ['without an end', {}, 'Expires: never (no exp claim)'],
  ])('says what is %s', async (_what, payload, text) => {
    expect(await pageOf(payload)).toContain(text)
  })

  it('makes no page of a token that is far too large', async () => {
    const host = memoryHost({ stdin: tokenOf({ own: 'x'.repeat(500_000) }) })
    expect(await runCommand(['inspect', '--html', 'page.html'], host)).toBe(1)
    expect(host.stderr()).toContain(
      'error: a token of more than 500,000 characters is too large for a page\nhint: ',
    )
    expect(host.fileMap.size).toBe(0)
  })

  it('tells a person where it is, and nobody else', async () => {
    const host = memoryHost({ stderrIsTerminal: true, env: { NO_COLOR: '1' } })
    await runCommand(['inspect', tokenOf({}), '--html', 'page.html'], host)
    expect({ stdout: host.stdout(), stderr: host.stderr() }).toEqual({
      stdout: '',
      stderr: '✓ Page saved to page.html\n',
    })
  })

  it.each([
    [['--html', '-'], 'error: "-" is no file to write to\n'],
    [['--html', ''], 'error: --html is empty\n'],
    [['--html', 'x', '-o', 'json'], "error: option '--html <file>' cannot be used with option '-o, --output"],
  ])('refuses %j', async (words, fact) => {
    const host = memoryHost()
    expect(await runCommand(['inspect', tokenOf({}), ...words], host)).toBe(4)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).toContain(fact)
    expect(host.fileMap.size).toBe(0)
  })
})
