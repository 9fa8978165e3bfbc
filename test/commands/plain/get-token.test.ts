import { describe, expect, it } from 'vitest'
import { plainAnswer } from '../../../src/commands/plain/answer.ts'
import type { Host } from '../../../src/core/ports.ts'
import { cacheDirectory, configDirectory, type MemoryHostOptions } from '../../support/memory-host.ts'
import { daemon, hostWith, tenantId } from '../../support/profiles.ts'
import { runCommand } from '../../support/run-command.ts'
import { appAnswer, scriptedAuthority } from '../../support/scripted-authority.ts'

const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`
const scope = 'https://graph.microsoft.com/.default'

/** A host on which the profile `ci` has a token that lives for so many seconds, and nobody who gives another. */
async function cachedHost(lifetime = 3600, options: MemoryHostOptions = {}) {
  const answer = appAnswer('the-token', { expires_in: lifetime })
  const authority = scriptedAuthority(tenantId, [{ form: { grant_type: 'client_credentials' }, answer }])
  // MSAL dates what it keeps by the machine's clock.
  const now = new Date()
  const first = hostWith([daemon], {
    now,
    env: { AZURE_CLIENT_SECRET: 's3cret~value' },
    http: authority.http,
  })
  await runCommand(['get-token', '-p', 'ci'], first)
  const second = hostWith([daemon], { now, keychain: first.keychain, ...options })
  for (const [path, content] of first.fileMap) second.fileMap.set(path, content)
  return second
}

/** The token alone, of an answer that is nothing but that. */
async function plainToken(words: readonly string[], host: Host): Promise<string | undefined> {
  const answer = await plainAnswer(words, host)
  const [, token] = /^(.*)\n$/.exec(answer?.text ?? '') ?? []
  return answer?.exitCode === 0 ? token : undefined
}

describe('a plain get-token', () => {
  it.each([
    [['get-token']],
    [['get-token', '-p', 'ci']],
    [['get-token', '--profile', 'CI', '--silent']],
    [['get-token', '-q', '-p', 'ci', '--no-interaction']],
    [['get-token', '-p', 'ci', '-s', scope]],
  ])('%j is answered from the cache, as the whole command does', async (words) => {
    const host = await cachedHost()
    expect(await plainToken(words, host)).toBe('the-token')
    expect([host.stdout(), host.stderr()]).toEqual(['', ''])
    expect(await runCommand(words, host)).toBe(0)
    expect(host.stdout()).toBe('the-token\n')
  })

  it('heeds ENTRA_AUTH_CLI_PROFILE', async () => {
    const env = { ENTRA_AUTH_CLI_PROFILE: 'nobody' }
    expect(await plainToken(['get-token'], await cachedHost(3600, { env }))).toBeUndefined()
  })
})

describe('leaves to the whole command', () => {
  it.each([
    ['another command', ['refresh', '-p', 'ci']],
    ['a flag it does not know', ['get-token', '-p', 'ci', '--json']],
    ['a flag without its value', ['get-token', '-p']],
    ['a value that looks like a flag', ['get-token', '-p', '--silent']],
    ['a word too many', ['get-token', 'ci']],
    ['a flag joined with its value', ['get-token', '--profile=ci']],
    ['help', ['get-token', '--help']],
  ])('%s', async (_what, words) => {
    expect(await plainToken(words, await cachedHost())).toBeUndefined()
  })

  it.each([
    ['a profile that is not there', ['get-token', '-p', 'nobody']],
    ['scopes that were not granted', ['get-token', '-p', 'ci', '-s', 'https://vault.azure.net/.default']],
  ])('%s', async (_what, words) => {
    expect(await plainToken(words, await cachedHost())).toBeUndefined()
  })

  it.each([' ', ',', ' , '])('scopes that are %j, which the whole command refuses', async (blank) => {
    const words = ['get-token', '-p', 'ci', '-s', blank]
    const host = await cachedHost()
    expect(await plainToken(words, host)).toBeUndefined()
    expect([await runCommand(words, host), host.stdout()]).toEqual([4, ''])
  })

  it('a defect, which the whole command reports', async () => {
    const host = await cachedHost()
    const files = { ...host.files, look: () => Promise.reject(new TypeError('defect')) }
    expect(await plainToken(['get-token', '-p', 'ci'], { ...host, files })).toBeUndefined()
  })

  it('a vault that is gone: nothing is made in its place', async () => {
    const host = await cachedHost()
    host.fileMap.delete(`${configDirectory}/vault.json`)
    const before = [...host.fileMap.keys()]
    const keys = [...host.keychainItems.keys()]
    expect(await plainToken(['get-token', '-p', 'ci'], host)).toBeUndefined()
    expect([[...host.fileMap.keys()], [...host.keychainItems.keys()]]).toEqual([before, keys])
  })

  it('a token about to end', async () => {
    expect(await plainToken(['get-token', '-p', 'ci'], await cachedHost(300))).toBeUndefined()
  })

  it('a cache that does not open, which the whole command warns of', async () => {
    const host = await cachedHost()
    host.fileMap.set(cachePath, Buffer.from('damaged'))
    expect(await plainToken(['get-token', '-p', 'ci'], host)).toBeUndefined()
    expect(host.stderr()).toBe('')
  })

  it.each([
    ['a key on a descriptor', { ENTRA_AUTH_CLI_KEY_FD: '3' }],
    ['a key in a pipe', { ENTRA_AUTH_CLI_KEY_FILE: '/dev/fd/63' }],
    ['a passphrase', { ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse' }],
    ['a passphrase in a file', { ENTRA_AUTH_CLI_PASSPHRASE_FILE: '/dev/fd/63' }],
  ])('%s, which can be read once or takes its time', async (_what, env) => {
    const host = await cachedHost(3600, { env })
    const readInput = () => expect.unreachable('it was taken away from the whole command')
    expect(
      await plainToken(['get-token', '-p', 'ci'], { ...host, files: { ...host.files, readInput } }),
    ).toBe(undefined)
  })

  it.each([
    ['a terminal to print on', { stdoutIsTerminal: true }, ['-q']],
    ['a person who watches', { stderrIsTerminal: true }, []],
  ])('%s', async (_what, options, flags) => {
    expect(
      await plainToken(['get-token', '-p', 'ci', ...flags], await cachedHost(3600, options)),
    ).toBeUndefined()
  })

  it('but not where a person wants silence and captures the token', async () => {
    const host = await cachedHost(3600, { stderrIsTerminal: true })
    expect(await plainToken(['get-token', '-p', 'ci', '-q'], host)).toBe('the-token')
  })
})

describe('whatever command line it answers', () => {
  const pieces: readonly (readonly string[])[] = [
    ...['ci', 'CI', ' ci', 'nobody', ''].map((name) => ['-p', name]),
    ...[scope, `${scope},${scope}`, `${scope} openid`, 'openid', 'User.Read', ' ', ','].map((text) => [
      '-s',
      text,
    ]),
    ...['-p', '-s', '-q', '--silent', '--no-interaction', '--', 'ci'].map((word) => [word]),
  ]
  const environments: readonly Record<string, string>[] = [
    {},
    { ENTRA_AUTH_CLI_PROFILE: 'ci' },
    { ENTRA_AUTH_CLI_PROFILE: 'nobody' },
    { ENTRA_AUTH_CLI_ASSERTION: 'a.b.c' },
    { AZURE_CLIENT_SECRET: 'another' },
  ]

  /** The same numbers each time, so that what fails once fails again (Park and Miller's generator). */
  function numbers(seed: number): (limit: number) => number {
    let state = seed
    return (limit) => (state = (state * 48_271) % 2_147_483_647) % limit
  }

  it('the whole command answers the same, and says no more', async () => {
    const first = await cachedHost()
    const next = numbers(7)
    const pick = <T>(from: readonly T[]): T => from[next(from.length)]!
    let answered = 0
    for (let times = 0; times < 800; times++) {
      const line = ['get-token', ...Array.from({ length: next(4) }, () => pick(pieces)).flat()]
      const host = hostWith([daemon], { now: first.now(), keychain: first.keychain, env: pick(environments) })
      for (const [path, content] of first.fileMap) host.fileMap.set(path, content)
      const token = await plainToken(line, host)
      if (token === undefined) continue
      answered++
      const code = await runCommand(line, host)
      expect([line, code, host.stdout(), host.stderr()]).toEqual([line, 0, `${token}\n`, ''])
    }
    expect(answered).toBeGreaterThan(100)
  })
})
