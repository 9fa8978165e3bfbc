import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../src/errors.ts'
import { memoryHost, type MemoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority } from '../support/scripted-authority.ts'

const env = { AZURE_CLIENT_SECRET: 's3cret~value', NO_COLOR: '1' }

/** Both commands that print a token share these flags. */
async function run(words: readonly string[], options: MemoryHostOptions = {}) {
  const answer = appAnswer('the-token', { scope: 'https://graph.microsoft.com/.default' })
  const script = scriptedAuthority(tenantId, [{ form: {}, answer }])
  const host = hostWith([daemon], { http: script.http, now: new Date(), env, ...options })
  const code = await runCommand(words, host)
  return { code, host, stdout: host.stdout(), stderr: host.stderr(), posted: script.posted }
}

/** MSAL reads the machine's clock, so the end of a token is known to the second only. */
function endOf(host: MemoryHost, iso: string): number {
  return Math.abs((new Date(iso).getTime() - host.now().getTime()) / 1000 - 3599)
}

describe.each(['get-token', 'refresh'])('%s prints', (command) => {
  it.each([[[]], [['-o', 'token']], [['--output', 'TOKEN']]])('the token alone: %j', async (words) => {
    expect(await run([command, ...words])).toMatchObject({ code: 0, stdout: 'the-token\n' })
  })

  it('JSON as in OAuth, with times a script can use', async () => {
    const { stdout, host } = await run([command, '-o', 'json'])
    const result = JSON.parse(stdout) as Record<string, unknown>
    expect(Object.keys(result)).toEqual([
      'token_type',
      'scope',
      'expires_in',
      'access_token',
      'expires_at',
      'expires_on',
      'tenant_id',
      'from_cache',
    ])
    expect(result).toMatchObject({
      token_type: 'Bearer',
      scope: 'https://graph.microsoft.com/.default',
      access_token: 'the-token',
      tenant_id: tenantId,
      from_cache: false,
    })
    expect(endOf(host, String(result['expires_at']))).toBeLessThanOrEqual(2)
    expect(String(result['expires_at'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Number(result['expires_on']) * 1000).toBe(new Date(String(result['expires_at'])).getTime())
    expect(Math.abs(Number(result['expires_in']) - 3599)).toBeLessThanOrEqual(2)
    expect(stdout).toMatch(/^\{\n {2}"token_type"/)
  })

  it('camelCase JSON', async () => {
    const { stdout } = await run([command, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      accessToken: 'the-token',
      expiresOn: expect.stringMatching(/Z$/),
      tokenType: 'Bearer',
      scopes: ['https://graph.microsoft.com/.default'],
    })
  })

  it('YAML', async () => {
    const { stdout } = await run([command, '-o', 'yaml'])
    expect(stdout).toMatch(
      /^token_type: Bearer\nscope: https:\/\/graph\.microsoft\.com\/\.default\nexpires_in: 359\d\n/,
    )
    expect(stdout).toContain('\naccess_token: the-token\n')
  })

  it('a header', async () => {
    expect((await run([command, '-o', 'header'])).stdout).toBe('Authorization: Bearer the-token\n')
  })

  it('a variable', async () => {
    expect((await run([command, '-o', 'env'])).stdout).toBe('AZURE_ACCESS_TOKEN=the-token\n')
  })

  it('what kubectl reads', async () => {
    const { stdout } = await run([command, '-o', 'exec-credential'])
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'the-token', expirationTimestamp: expect.stringMatching(/Z$/) },
    })
    expect(stdout.trimEnd()).not.toContain('\n')
  })

  it('what kubectl reads, in the version it asks for', async () => {
    const asked = (version: string) => ({
      env: { ...env, KUBERNETES_EXEC_INFO: `{"apiVersion":"client.authentication.k8s.io/${version}"}` },
    })
    const { stdout } = await run([command, '-o', 'exec-credential'], asked('v1beta1'))
    expect(JSON.parse(stdout)).toMatchObject({ apiVersion: 'client.authentication.k8s.io/v1beta1' })
    expect(await run([command, '-o', 'exec-credential'], asked('v7'))).toMatchObject({ code: 4, stdout: '' })
  })

  it('what az prints', async () => {
    const { stdout, host } = await run([command, '-o', 'az'], { env: { ...env, TZ: 'Etc/UTC' } })
    const result = JSON.parse(stdout) as Record<string, unknown>
    expect(result).toMatchObject({ accessToken: 'the-token', tenant: tenantId, tokenType: 'Bearer' })
    expect(endOf(host, new Date(Number(result['expires_on']) * 1000).toISOString())).toBeLessThanOrEqual(2)
    expect(result['expiresOn']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/)
  })

  it.each<[readonly string[], string, string | RegExp]>([
    [['-o', 'token.txt'], 'token.txt', 'the-token\n'],
    [['-o', './token'], './token', 'the-token\n'],
    [['-o', 'out/token'], 'out/token', 'the-token\n'],
    [['-o', 'C:\\token'], 'C:\\token', 'the-token\n'],
    [['--file', 'token'], 'token', 'the-token\n'],
    [['--file', 't', '-o', 'header'], 't', 'Authorization: Bearer the-token\n'],
    [['--file', 't', '--json'], 't', /^\{\n {2}"accessToken": "the-token"/],
    [['-o', 't.json', '--json'], 't.json', /^\{\n {2}"accessToken": "the-token"/],
  ])('nothing, but writes a file: %j', async (words, path, content) => {
    const { code, stdout, stderr, host } = await run([command, '-q', ...words])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(host.fileMap.get(path)?.toString()).toMatch(content)
  })

  it.each([
    ['-o and --json contradict each other', ['-o', 'json', '--json']],
    ['-o and --file contradict each other', ['-o', 'a.txt', '--file', 'b']],
    ['there is no output form "xml"', ['-o', 'xml']],
    ['--output is empty', ['-o', '']],
  ])('nothing where %s', async (fact, words) => {
    const { code, stdout, stderr, posted } = await run([command, ...words])
    expect({ code, stdout, posted }).toEqual({ code: 4, stdout: '', posted: [] })
    expect(stderr).toContain(`error: ${fact}\nhint: `)
  })
})

describe('the clipboard', () => {
  it('is left alone unless it is asked for', async () => {
    expect((await run(['get-token'])).host.clipboard).toEqual([])
    expect((await run(['get-token', '--no-clipboard'])).host.clipboard).toEqual([])
  })

  it('gets the token alone, whatever is printed', async () => {
    const { host, stdout, stderr } = await run(['get-token', '--clipboard', '-o', 'header'])
    expect(host.clipboard).toEqual(['the-token'])
    expect({ stdout, stderr }).toEqual({ stdout: 'Authorization: Bearer the-token\n', stderr: '' })
  })

  it('that fails costs nobody the token', async () => {
    const script = scriptedAuthority(tenantId, [{ form: {}, answer: appAnswer('the-token') }])
    const base = hostWith([daemon], { http: script.http, now: new Date(), env })
    const copy = () => Promise.reject(new EntraAuthError('general', 'there is no clipboard'))
    const host = { ...base, desktop: { ...base.desktop, copy } }
    expect(await runCommand(['get-token', '--clipboard'], host)).toBe(0)
    expect(base.stdout()).toBe('the-token\n')
    expect(base.stderr()).toBe('warning: the token was not copied: there is no clipboard\n')
  })
})

describe('a folder of tokens that cannot be written', () => {
  it('is an error that leaves stdout empty', async () => {
    const base = memoryHost()
    const write = async (path: string, content: Uint8Array | string) => {
      if (path === 'token.txt') throw new EntraAuthError('file_unusable', 'cannot write "token.txt"')
      return base.files.write(path, content)
    }
    const script = scriptedAuthority(tenantId, [{ form: {}, answer: appAnswer('the-token') }])
    const host = hostWith([daemon], { http: script.http, now: new Date(), env })
    expect(
      await runCommand(['get-token', '-o', 'token.txt'], { ...host, files: { ...host.files, write } }),
    ).toBe(1)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).toContain('error: cannot write "token.txt"')
  })
})
