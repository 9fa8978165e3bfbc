import { describe, expect, it } from 'vitest'
import { plainAnswer } from '../../../src/commands/plain/answer.ts'
import { memoryHost, type MemoryHostOptions } from '../../support/memory-host.ts'
import { runCommand } from '../../support/run-command.ts'
import { unsignedToken } from '../../support/tokens.ts'

const now = new Date('2026-01-31T10:00:00Z')
const seconds = now.getTime() / 1000
const valid = unsignedToken({
  aud: 'api://orders',
  exp: seconds + 60,
  scp: 'a b',
  name: 'Zoë\u202e',
  n: 1e21,
})
const expired = unsignedToken({ aud: 'api://orders', exp: seconds - 60 })
const hostile = unsignedToken({ a: '\u0007\u009b31m', 2: [], 1: {} })

const given = (stdin?: string): MemoryHostOptions => ({ now, ...(stdin !== undefined && { stdin }) })

describe('a plain reading of a token', () => {
  it.each<[string, readonly string[], string?]>([
    ['inspect of a word', ['inspect', valid]],
    ['inspect of a flag', ['inspect', '-t', valid]],
    ['inspect of a pipe', ['inspect'], `${valid}\n`],
    ['inspect of a header in a pipe', ['inspect'], `Authorization: Bearer ${valid}\r\n`],
    ['inspect of an answer in a pipe', ['inspect'], JSON.stringify({ access_token: valid })],
    ['inspect of an expired one', ['inspect', expired]],
    ['inspect of a hostile one', ['inspect', hostile]],
    ['the claims', ['inspect', '--claims', '--token', valid]],
    ['the header', ['inspect', '--header', '-o', 'json', valid]],
    ['in silence', ['inspect', '-q', valid]],
    ['discover of a word', ['discover', valid]],
    ['discover of a flag', ['discover', '-t', valid, '-o', 'json']],
    ['discover of a pipe', ['discover', '--json'], valid],
    ['discover of an expired one', ['discover', expired]],
    ['discover by the exit code', ['discover', '--quiet', valid]],
    ['discover by the exit code of an expired one', ['discover', '-q', '--token', expired]],
  ])('%s is what the whole command gives', async (_what, words, stdin) => {
    const short = memoryHost(given(stdin))
    const whole = memoryHost(given(stdin))
    const answer = await plainAnswer(words, short)
    const exitCode = await runCommand(words, whole)
    expect(answer).toEqual({ text: whole.stdout(), exitCode })
    expect([short.stdout(), short.stderr(), whole.stderr()]).toEqual(['', '', ''])
  })
})

describe('the whole command is left', () => {
  it.each<[string, readonly string[], MemoryHostOptions?]>([
    ['a terminal to show it on', ['inspect', valid], { stdoutIsTerminal: true }],
    ['colours that are wanted in a pipe', ['inspect', valid], { env: { FORCE_COLOR: '1' } }],
    ['nobody who pipes', ['inspect']],
    ['an empty pipe', ['inspect'], { stdin: '\n' }],
    ['no token', ['inspect', 'no-token']],
    ['no token, by the exit code', ['discover', '-q', 'no-token']],
    ['two tokens', ['inspect', valid, valid]],
    ['a token twice', ['inspect', '-t', valid, valid]],
    ['another form', ['inspect', '-o', 'yaml', valid]],
    ['two parts', ['inspect', '--claims', '--header', valid]],
    ['a file', ['inspect', '-f', 'token.txt']],
    ['a profile', ['discover', '-p', 'ci']],
    ['a tenant', ['discover', '-t', 'contoso.onmicrosoft.com']],
    ['a search', ['discover', '--search', '*']],
    ['a flag with its value in one word', ['inspect', `--token=${valid}`]],
    ['the end of the flags', ['inspect', '--', valid]],
    ['"-"', ['inspect', '-'], { stdin: valid }],
    ['an empty word', ['inspect', '']],
    ['a name of every object', ['toString', valid]],
    ['another command', ['validate', valid]],
  ])('%s', async (_what, words, options = {}) => {
    expect(await plainAnswer(words, memoryHost({ now, ...options }))).toBeUndefined()
  })

  it('a pipe that has not come to its end', async () => {
    const host = memoryHost(given(valid))
    const ready = () => ({ bytes: Buffer.from(valid), isEverything: false })
    const terminal = { ...host.terminal, stdin: { ...host.terminal.stdin, ready } }
    expect(await plainAnswer(['inspect'], { ...host, terminal })).toBeUndefined()
  })
})

describe('whatever command line it answers', () => {
  const pieces = [
    ...[valid, expired, 'x.y.z', 'common', '', '-', '--', `Bearer ${valid}`].map((text) => [text]),
    ...['-t', '--token', '-o', '--output', '-f', '-p', '--verbose', '--all'].map((flag) => [flag]),
    ...['--claims', '--header', '-q', '--silent', '--quiet', '--json'].map((flag) => [flag]),
    ...['json', 'text', 'yaml'].map((format) => ['-o', format]),
    ['-t', valid],
    ['-t', ' '],
  ]

  /** The same numbers each time, so that what fails once fails again (Park and Miller's generator). */
  function numbers(seed: number): (limit: number) => number {
    let state = seed
    return (limit) => (state = (state * 48_271) % 2_147_483_647) % limit
  }

  it('the whole command answers the same', async () => {
    const next = numbers(11)
    const pick = <T>(from: readonly T[]): T => from[next(from.length)]!
    let answered = 0
    for (let times = 0; times < 2000; times++) {
      const words = [
        pick(['inspect', 'discover']),
        ...Array.from({ length: next(4) }, () => pick(pieces)).flat(),
      ]
      const options = given(pick([undefined, valid, expired, '', 'x']))
      const answer = await plainAnswer(words, memoryHost(options))
      if (!answer) continue
      answered++
      const whole = memoryHost(options)
      const exitCode = await runCommand(words, whole)
      expect([words, whole.stdout(), whole.stderr(), exitCode]).toEqual([
        words,
        answer.text,
        '',
        answer.exitCode,
      ])
    }
    expect(answered).toBeGreaterThan(200)
  })
})
