/** `exec` of the built program: what its program sees, hears and leaves behind. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { cli, pty, type CliResult } from '../support/cli.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'

let world: SandboxWorld
beforeAll(async () => {
  world = await startSandboxWorld()
  writeFileSync(join(world.workFolder, 'secret'), seedSecrets.daemonWithSecret)
  await world.createProfile('ci', 'daemonWithSecret', '--client-secret-file', 'secret')
})
afterAll(() => world?.end())

const exec = (words: readonly string[], options: { env?: Record<string, string>; input?: string } = {}) =>
  cli(['exec', '-p', 'ci', ...words], { world, ...options })
const sh = (script: string) => exec(['--', 'sh', '-c', script])

function started(program: readonly string[]): ChildProcess {
  return spawn('entra-auth-cli', ['exec', '-p', 'ci', '--', ...program], {
    cwd: world.workFolder,
    env: { ...world.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Resolves with what the program printed, as soon as that matches. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (pattern.test(text)) resolve(text)
    })
    child.once('close', (code) => reject(new Error(`it ended with ${code}, having printed: ${text}`)))
  })
}

/** Sends the signal when the program has said that it is ready. @returns the exit code */
async function signalled(program: readonly string[], signal: NodeJS.Signals): Promise<number | null> {
  const child = started(program)
  await printed(child, /ready/)
  child.kill(signal)
  return new Promise((resolve) => child.once('close', resolve))
}

describe('the program', () => {
  it('has the token, and none of the secrets that opened it', async () => {
    const { code, stdout, stderr } = await exec(['--', 'env'], {
      env: { AZURE_CLIENT_SECRET: 'the-secret', ENTRA_AUTH_CLI_PASSPHRASE: 'the-passphrase', OTHER: 'stays' },
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^AZURE_ACCESS_TOKEN=ey[\w-]+\.[\w-]+\.[\w-]+$/m)
    expect(stdout).toMatch(/^OTHER=stays$/m)
    expect(stdout).not.toMatch(/the-secret|the-passphrase|5a5a5a5a/)
  })

  it('has its arguments as they were given, and its streams untouched', async () => {
    const script = 'cat; printf "%s\\n" "$@" >&2'
    const { stdout, stderr } = await exec(['sh', '-c', script, 'x', '$HOME', '--', '-q', 'a b'], {
      input: 'bytes \u0000\u001b[31m',
    })
    expect(stdout).toBe('bytes \u0000\u001b[31m')
    expect(stderr).toBe('$HOME\n--\n-q\na b\n')
  })

  it.each<[string, number]>([
    ['exit 0', 0],
    ['exit 7', 7],
    ['kill -KILL $$', 128 + constants.signals.SIGKILL],
    ['kill -TERM $$', 128 + constants.signals.SIGTERM],
  ])('that runs %j ends the command with %i', async (script, expected) => {
    expect((await sh(script)).code).toBe(expected)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGWINCH'] as const)('hears %s', async (signal) => {
    const listener = `process.on('${signal}', () => process.exit(9)); setInterval(() => {}, 60_000)`
    const code = await signalled([process.execPath, '-e', `${listener}; console.log('ready')`], signal)
    expect(code).toBe(9)
  })

  it('that is ended by the signal it was sent says so', async () => {
    const code = await signalled(['sh', '-c', 'echo ready; read -r _'], 'SIGTERM')
    expect(code).toBe(128 + constants.signals.SIGTERM)
  })

  it('has the terminal', async () => {
    const { terminal, code } = await pty(
      ['exec', '-p', 'ci', '--', 'sh', '-c', 'test -t 0 && test -t 1 && echo yes'],
      {
        world,
      },
    )
    expect({ code, said: terminal.includes('yes') }).toEqual({ code: 0, said: true })
  })

  it.each<[string, number, string]>([
    ['no-such-program', 127, 'error: there is no program "no-such-program"\n'],
    ['', 127, 'error: there is no program ""\n'],
    ['secret/x', 127, 'error: there is no program "secret/x"\n'],
    ['./secret', 126, 'error: "./secret" cannot be started: it may not be run\n'],
  ])('%s cannot be started, as shells say it', async (program, expected, said) => {
    const { code, stdout, stderr } = await exec(['--', program])
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toContain(said)
  })
})

describe('variables that no system takes', () => {
  it('are told as such', async () => {
    writeFileSync(join(world.workFolder, 'large.env'), `LARGE=${'x'.repeat(4 * 1024 * 1024)}\n`)
    const { code, stderr } = await cli(['exec', '--template', 'large.env', '--', 'true'], { world })
    expect({ code, stderr }).toEqual({
      code: 126,
      stderr: expect.stringContaining(
        'error: "true" cannot be started: its arguments and variables are too large\n',
      ),
    })
  })
})

describe('a token', () => {
  it('is in no argument of any process', async () => {
    const child = started(['sh', '-c', 'echo "$AZURE_ACCESS_TOKEN"; read -r _'])
    const token = (await printed(child, /\n$/)).trim()
    try {
      expect(token).toMatch(/^ey/)
      expect(commandLines().filter((line) => line.includes(token))).toEqual([])
      // The look itself finds what is there.
      expect(commandLines().some((line) => line.includes('echo "$AZURE_ACCESS_TOKEN"'))).toBe(true)
    } finally {
      child.stdin?.end()
      await new Promise((resolve) => child.once('close', resolve))
    }
  })

  // Node 20 reads the file of --env-file itself: that must change nothing for the program.
  it.each(['--template', '--env-file'])('of a template is where it says (%s)', async (flag) => {
    writeFileSync(join(world.workFolder, 'service.env'), 'AUTH="Bearer ${token:ci}"\nPLAIN=$HOME\n')
    const { stdout }: CliResult = await cli(
      ['exec', flag, 'service.env', '--', 'sh', '-c', 'echo "$AUTH"; echo "$PLAIN"'],
      { world },
    )
    expect(stdout).toMatch(/^Bearer ey\S+\n\$HOME\n$/)
  })

  it('of a template that is not there runs nothing, and the error is ours on every Node', async () => {
    const { code, stdout, stderr } = await cli(['exec', '--template', 'missing.env', '--', 'echo', 'ran'], {
      world,
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('error: there is no file "missing.env"\n')
  })
})

function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')]
      } catch {
        // It ended in the meantime, or is somebody else's.
        return []
      }
    })
}
