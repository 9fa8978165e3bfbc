import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cli, pty } from './cli.ts'
import { guideBlocks, runBlock, runGuideBlocks, runSession } from './session.ts'
import { makeWorld, programUnderTest } from './session/environment.ts'
import { matches } from './session/match.ts'
import { fencedBlocks, parseSession } from './session/parse.ts'

let folder: string
let page: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-'))
  page = join(folder, 'page.md')
})
afterAll(() => rmSync(folder, { recursive: true }))
// The runner is tested with a program that is always there.
beforeEach(() => void vi.stubEnv('ENTRA_BIN', '/bin/echo'))
afterEach(() => void vi.unstubAllEnvs())

/** Runs these lines as the one console block of a page; its first line is line 3 of the file. */
function session(...lines: string[]): Promise<number> {
  writeFileSync(page, ['# A page', '```console', ...lines, '```'].join('\n'))
  return runSession(page, { timeoutSeconds: 10 })
}

/** Whether a process lives; one that ended but was not yet collected by its parent does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a session page', () => {
  it('holds commands, continued lines, both streams and the exit code', () => {
    const markdown = [
      'prose',
      '```console',
      '$ cat <<END',
      '> one',
      '>',
      '> END',
      'one',
      '',
      '! oh',
      '[exit 2]',
      '```',
    ]
    expect(parseSession(markdown.join('\n'))).toEqual([
      { command: 'cat <<END\none\n\nEND', line: 3, stdout: ['one', ''], stderr: ['oh'], exitCode: 2 },
    ])
  })

  it('knows blocks in lists, of other languages and with longer fences', () => {
    const markdown = [
      '- item:',
      '',
      '  ```bash',
      '  if true; then',
      '    echo',
      '  ```',
      '````md',
      '```sh',
      '```',
      '````',
    ]
    expect(fencedBlocks(markdown.join('\n'))).toEqual([
      { language: 'bash', lines: ['if true; then', '  echo'], firstLine: 4 },
      { language: 'md', lines: ['```sh', '```'], firstLine: 8 },
    ])
  })

  it('must not show output without a command, or after the exit code', () => {
    expect(() => parseSession('```console\noutput\n```')).toThrow('line 2: output without a command')
    expect(() => parseSession('```console\n$ false\n[exit 1]\nmore\n```')).toThrow('line 4: output after')
  })
})

describe('matching', () => {
  const uuid = '12345678-1234-1234-1234-123456789abc'
  it.each([
    ['the same lines', ['a', 'b'], 'a\nb\n', true],
    ['another line', ['a'], 'b\n', false],
    ['a line too many', ['a'], 'a\nb\n', false],
    ['a line too few', ['a', 'b'], 'a\n', false],
    ['an ellipsis within a line', ['a … c'], 'a b c\n', true],
    ['an ellipsis does not cross lines', ['a…c'], 'a\nc\n', false],
    ['any lines', ['a', '…', 'z'], 'a\nb\nc\nz\n', true],
    ['no lines for any lines', ['a', '…', 'z'], 'a\nz\n', true],
    ['any lines, but then the wrong one', ['a', '…', 'z'], 'a\nb\n', false],
    ['a uuid', ['id <uuid>.'], `id ${uuid}.\n`, true],
    ['no uuid', ['<uuid>'], '12345678\n', false],
    ['a token', ['<jwt>'], 'eyJh.eyJz.c2ln\n', true],
    ['no token', ['<jwt>'], 'Bearer eyJh.eyJz.c2ln\n', false],
    ['a time for people', ['<time>'], '2026-01-31 10:00:00 UTC\n', true],
    ['a time for programs', ['<time>'], '2026-01-31T10:00:00Z\n', true],
    ['a number', ['{"exp": <number>}'], '{"exp": 1701435600}\n', true],
    ['characters a pattern would use', ['(a|b) [c]*'], '(a|b) [c]*\n', true],
    ['those characters literally', ['a.c'], 'abc\n', false],
    ['a missing line break at the end', ['a'], 'a', false],
    ['a missing line break that is expected', ['a', '\\ no newline at the end'], 'a', true],
    ['nothing', [], '', true],
    ['an empty line is not nothing', [], '\n', false],
  ])('%s', (_name, expected, printed, result) => {
    expect(matches(expected, printed)).toBe(result)
  })
})

describe('running a session', () => {
  it('keeps variables, functions and folder from command to command', async () => {
    const ran = await session(
      '$ A=1; f() { echo "f $A"; }',
      '$ mkdir d',
      '$ cd d',
      '$ f; basename "$PWD"',
      'f 1',
      'd',
    )
    expect(ran).toBe(4)
  })

  it('runs here-documents, quotes over lines and trailing backslashes', async () => {
    expect(
      await session(
        "$ cat <<'END'",
        '> $A "b" \\',
        '> END',
        '$A "b" \\',
        "$ echo 'x",
        "> y'",
        'x',
        'y',
        '$ echo a \\',
        '> b',
        'a b',
      ),
    ).toBe(3)
  })

  it('has a home of its own, empty, and nothing of the developer in the environment', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    expect(
      await session('$ find "$HOME" "$TMPDIR" . -mindepth 1', '$ env | grep -c PROXY', '0', '[exit 1]'),
    ).toBe(2)
  })

  it('puts the program and jq on PATH', async () => {
    expect(
      await session('$ entra-auth-cli says this', 'says this', `$ echo '{"exp":1}' | jq .exp`, '1'),
    ).toBe(2)
  })

  it('names file and line, the command and what differs', async () => {
    const failing = session('$ true', '$ echo a; echo b; echo c', 'a', 'x', 'c')
    await expect(failing).rejects.toThrow(
      /page\.md:4\n\$ echo a; echo b; echo c\nstdout .*\n {2}a\n- x\n\+ b\n {2}c$/,
    )
  })

  it('takes stderr that the page does not show for a failure', async () => {
    await expect(session('$ echo oh >&2')).rejects.toThrow(/stderr .*\n\+ oh/)
    await session('$ echo oh >&2', '! oh')
  })

  it('takes another exit code for a failure', async () => {
    await expect(session('$ (exit 3)')).rejects.toThrow('the page says 0, the command ended with 3')
    await session('$ (exit 3)', '[exit 3]')
  })

  it('reports a syntax error as that command’s failure and goes on', async () => {
    expect(
      await session('$ if then', '! …syntax error…', '! …', '[exit 2]', '$ echo still here', 'still here'),
    ).toBe(2)
  })

  it('gives commands an empty stdin and no terminal to ask on', async () => {
    expect(
      await session(
        '$ cat',
        '$ test -t 0 -o -t 1 -o -t 2',
        '[exit 1]',
        '$ (: </dev/tty) 2>/dev/null',
        '[exit 1]',
      ),
    ).toBe(3)
  })

  it('says so when a command waits for input', async () => {
    const waiting = ['# A page', '```console', '$ mkfifo f; exec 9<>f', '$ head -n 1 <&9', '```'].join('\n')
    writeFileSync(page, waiting)
    await expect(runSession(page, { timeoutSeconds: 1 })).rejects.toThrow(
      /page\.md:4\n\$ head -n 1 <&9\ndid not end within 1 s; "head -n 1" waits for input/,
    )
  })

  it('says so when a command ends the shell', async () => {
    await expect(session('$ exit 4')).rejects.toThrow(/\$ exit 4\nended the shell of the session/)
  })

  it('leaves nothing running', async () => {
    const note = join(folder, 'pid')
    await session(`$ sleep 600 & echo $! >${note}`)
    expect(isRunning(Number(readFileSync(note, 'utf8')))).toBe(false)
  })

  it('refuses a page that tests nothing', async () => {
    writeFileSync(page, 'only prose')
    await expect(runSession(page)).rejects.toThrow('no console block')
  })
})

describe('running the blocks of a guide', () => {
  it('runs each shell block as printed, in a bash of its own', async () => {
    writeFileSync(
      page,
      '```bash\nA=1; echo "$1$A"\n```\n```json\n{}\n```\n- x\n\n  ```sh\n  echo "$A$B" >&2; exit 3\n  ```\n',
    )
    const world = makeWorld()
    const before = (index: number) => ({ cwd: world.workFolder, env: { ...world.env, B: `block ${index}` } })
    expect(guideBlocks(page).map(({ line }) => line)).toEqual([2, 10])
    expect(await runGuideBlocks(page, { before })).toEqual([
      { stdout: '1\n', stderr: '', exitCode: 0 },
      { stdout: '', stderr: 'block 1\n', exitCode: 3 },
    ])
    world.remove()
  })

  it('lets the caller look at what a block set', async () => {
    const world = makeWorld()
    const run = { cwd: world.workFolder, env: world.env }
    const { stdout } = await runBlock({ script: 'TOKEN=abc\n', line: 1 }, run, 'printf %s "$TOKEN"')
    expect(stdout).toBe('abc')
    world.remove()
  })

  it('ends a block that does not end', async () => {
    const world = makeWorld()
    const run = { cwd: world.workFolder, env: world.env, timeoutSeconds: 1 }
    await expect(runBlock({ script: 'sleep 600\n', line: 7 }, run)).rejects.toThrow(
      'the block at line 7 did not end',
    )
    world.remove()
  })
})

describe('starting the program', () => {
  it('pipes all streams', async () => {
    expect(await cli(['a', 'b c'])).toEqual({ stdout: 'a b c\n', stderr: '', code: 0 })
    vi.stubEnv('ENTRA_BIN', '/bin/cat')
    expect(await cli([], { input: 'typed\n' })).toEqual({ stdout: 'typed\n', stderr: '', code: 0 })
    expect((await cli(['/does-not-exist'])).code).toBe(1)
  })

  it('says what is missing when nothing was built', () => {
    vi.stubEnv('ENTRA_BIN', '')
    expect(() => programUnderTest(folder)).toThrow('dist/main.cjs is missing: run "npm run build" first')
  })

  it('runs on a terminal that answers, and hands on the exit code', async () => {
    vi.stubEnv('ENTRA_BIN', '/bin/bash')
    const script =
      'test -t 0 && test -t 1 && test -t 2 && read -p "name? " n && read -p "age? " a; echo "$n is $a"; exit 7'
    const { terminal, code } = await pty(['--norc', '-c', script], {
      answers: [
        { when: /name\? /, send: 'x\r' },
        { when: /age\? /, send: '9\r' },
      ],
    })
    expect(terminal).toContain('x is 9\r\n')
    expect(code).toBe(7)
  })

  it('can take one stream away from the terminal', async () => {
    vi.stubEnv('ENTRA_BIN', '/bin/bash')
    const world = makeWorld()
    const script = 'test -t 1 || echo result; test -t 2 && echo told >&2'
    const { terminal } = await pty(['--norc', '-c', script], { world, redirect: '>out.txt' })
    expect(terminal).toBe('told\r\n')
    const { stdout } = await runBlock(
      { script: 'cat out.txt', line: 1 },
      { cwd: world.workFolder, env: world.env },
    )
    expect(stdout).toBe('result\n')
    world.remove()
  })
})
