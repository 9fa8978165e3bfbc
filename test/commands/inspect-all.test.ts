import { describe, expect, it } from 'vitest'
import { memoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { tokenOf, v1Delegated, v2AppOnly } from '../unit/jwt/tokens.ts'

async function inspectAll(words: readonly string[], options: MemoryHostOptions = {}) {
  const host = memoryHost(options)
  const code = await runCommand(['inspect', '--all', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const tokens = `${tokenOf(v1Delegated)}\n${tokenOf(v2AppOnly)}\n`
const claims = `${JSON.stringify(v1Delegated)}\n${JSON.stringify(v2AppOnly)}\n`

describe('inspect --all', () => {
  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['a pipe', [], { stdin: tokens }],
    ['a pipe, by -', ['-'], { stdin: tokens }],
    ['a pipe, by -f -', ['-f', '-'], { stdin: tokens }],
    ['a file', ['-f', 'tokens.txt'], { files: { 'tokens.txt': tokens } }],
    ['UTF-16', ['-f', 't'], { files: { t: Buffer.from(`\ufeff${tokens}`, 'utf16le') } }],
    ['big-endian UTF-16', ['-f', 't'], { files: { t: Buffer.from(`\ufeff${tokens}`, 'utf16le').swap16() } }],
    ['a file with a byte order mark', ['-f', 't'], { files: { t: `\ufeff${tokens}` } }],
    ['an asked-for -o json', ['-o', 'json'], { stdin: tokens }],
  ])('reads %s', async (_what, words, options) => {
    expect(await inspectAll(['--claims', ...words], options)).toEqual({ code: 0, stdout: claims, stderr: '' })
  })

  it('of nothing makes nothing', async () => {
    expect(await inspectAll([], { stdin: '\n\n' })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('goes on past a line that is no token, and ends with 1', async () => {
    const { code, stdout, stderr } = await inspectAll(['--claims'], { stdin: `nonsense\n${tokens}\nx.y\n` })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toEqual([
      { line: 1, error: expect.stringContaining('invalid token: it has no dots') },
      v1Delegated,
      v2AppOnly,
      { line: 5, error: 'invalid token: it has 2 parts between dots, a token has 3' },
    ])
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'warning: 2 lines are no tokens\n' })
    expect((await inspectAll(['-q'], { stdin: 'x\n' })).stderr).toBe('')
  })

  it('lets nothing through to a terminal, and means the same', async () => {
    const hostile = { 'a\u001b[2J': 'b\u009b1m\u202e', own: ['\u0007', 'Zoë'] }
    const raw = '{"x":\t"\u009b"}'
    const { stdout } = await inspectAll(['--claims'], {
      stdin: `${tokenOf(JSON.stringify(hostile))}\n${tokenOf(raw)}\n`,
      stdoutIsTerminal: true,
    })
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([hostile, JSON.parse(raw)])
    expect(stdout).toContain('Zoë')
  })

  it.each([
    [[tokens], '--all reads many tokens, from a file or a pipe'],
    [['-t', tokens], '--all reads many tokens, from a file or a pipe'],
    [['-p', 'work'], '--all reads many tokens, from a file or a pipe'],
    [[], 'no tokens were given'],
    [['-o', 'pretty'], '--all has no such form'],
    [['--diff'], "option '--all' cannot be used with option '--diff'"],
  ])('refuses %j', async (words, fact) => {
    const { code, stdout, stderr } = await inspectAll(words)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(`error: ${fact}\nhint: `)
  })

  it('tells of a file that is not there', async () => {
    expect(await inspectAll(['-f', 'none'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('error: there is no file "none"'),
    })
  })

  it('stops at Ctrl-C', async () => {
    const host = memoryHost({ stdin: tokens.repeat(10) })
    expect(await runCommand(['inspect', '--all'], host, AbortSignal.abort(new Error('x')))).toBe(1)
    expect(host.stdout().length).toBeLessThan(tokens.length * 3)
  })
})
