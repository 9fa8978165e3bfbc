/** The built program: real signals, real users, real crowds. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { cli, pty } from '../support/cli.ts'
import { programUnderTest } from '../support/session/environment.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { tokenRequests } from '../peers/sandbox.ts'

const graph = 'https://graph.microsoft.com'
const arm = 'https://management.azure.com'

let world: SandboxWorld
const running: ChildProcess[] = []

beforeAll(async () => {
  world = await startSandboxWorld()
  const secret = join(world.root, 'secret')
  writeFileSync(secret, seedSecrets.daemonWithSecret, { mode: 0o600 })
  const scope = ['--scope', `${graph}/.default`]
  await world.createProfile('ci', 'daemonWithSecret', ...scope, '--client-secret-file', secret)
})
afterAll(() => world?.end())
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

interface Serving {
  readonly child: ChildProcess
  readonly variables: Readonly<Record<string, string>>
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
  readonly stderr: () => string
}

/** `serve` without a program, from the moment at which it listens. */
async function serve(...flags: readonly string[]): Promise<Serving> {
  const [program, ...words] = programUnderTest()
  const child = spawn(program, [...words, 'serve', '-o', 'json', ...flags], {
    cwd: world.workFolder,
    env: world.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
  let stdout = ''
  for await (const text of child.stdout.setEncoding('utf8')) {
    stdout += text as string
    if (stdout.trimEnd().endsWith('}')) break
  }
  if (stdout === '') throw new Error(`serve has ended: ${(await ended).stderr}`)
  return { child, variables: JSON.parse(stdout) as Record<string, string>, ended, stderr: () => stderr }
}

const ask = ({ variables }: Serving, resource = graph) =>
  fetch(`${variables['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${resource}`, {
    headers: { 'X-IDENTITY-HEADER': variables['IDENTITY_HEADER'] ?? '' },
  })

describe('serve', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends at once with 0 on %s', async (signal) => {
    const serving = await serve()
    expect((await ask(serving)).status).toBe(200)
    serving.child.kill(signal)
    const { code, stderr } = await serving.ended
    expect(code).toBe(0)
    expect(stderr.split('\n').filter((line) => /^(error|warning)/.test(line))).toEqual([])
  })

  it('keeps its variables in a file of this user alone, and takes it away at the end', async () => {
    const file = join(world.workFolder, 'serve.env')
    const [program, ...words] = programUnderTest()
    const child = spawn(program, [...words, 'serve', '--file', 'serve.env'], {
      cwd: world.workFolder,
      env: world.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    running.push(child)
    await once(child.stderr, 'data')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toMatch(/^IDENTITY_ENDPOINT=http/)
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(existsSync(file)).toBe(false)
  })

  it('asks Entra once for a thousand programs that ask at one time', async () => {
    const serving = await serve('--allow-audience', arm)
    const before = tokenRequests(world.sandbox)
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(serving, arm)))
    const texts = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(texts.size).toBe(1)
    expect(tokenRequests(world.sandbox) - before).toBe(1)
  })

  it('answers while ten thousand connections are opened that say nothing', async () => {
    const serving = await serve()
    const port = Number(new URL(serving.variables['IDENTITY_ENDPOINT'] ?? '').port)
    const sockets: Socket[] = []
    const statuses: number[] = []
    try {
      for (let hundred = 0; hundred < 100; hundred++) {
        const more = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => {}))
        sockets.push(...more)
        await Promise.all(
          more.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
        )
        if (hundred % 10 === 9) statuses.push((await ask(serving)).status)
      }
    } finally {
      for (const socket of sockets) socket.destroy()
    }
    statuses.push((await ask(serving)).status)
    expect(statuses).toEqual(Array.from({ length: 11 }, () => 200))
    expect(serving.stderr()).toContain('warning: a connection was ended: there were too many connections')
  })

  // To be somebody else takes the right to become anybody.
  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'refuses another user of the machine who knows the secret',
    async () => {
      const serving = await serve()
      const url = `${serving.variables['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${graph}`
      const program = `
        const headers = { 'X-IDENTITY-HEADER': process.env.SECRET }
        fetch(process.env.URL_OF_IT, { headers }).then(async (answer) => {
          console.log(answer.status, await answer.text())
        })`
      const stranger = spawn(process.execPath, ['-e', program], {
        uid: 65_534,
        gid: 65_534,
        cwd: '/',
        env: { SECRET: serving.variables['IDENTITY_HEADER'], URL_OF_IT: url },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [text] = (await once(stranger.stdout.setEncoding('utf8'), 'data')) as [string]
      expect(text).toBe('403 {"error":"this is for another user of this machine"}\n')
      expect((await ask(serving)).status).toBe(200)
    },
  )
})

describe('serve with a program', () => {
  const run = (...program: readonly string[]) => cli(['serve', '-p', 'ci', '--', ...program], { world })

  it('hands over its words as they are, its streams and its exit code', async () => {
    const script = 'console.log(process.argv.slice(1).join("|")); console.error("aside"); process.exit(42)'
    const words = ['-p', '--version', '--', '--help', 'a b', '$HOME', '']
    expect(await run(process.execPath, '-e', script, '--', ...words)).toEqual({
      stdout: `${words.join('|')}\n`,
      stderr: 'aside\n',
      code: 42,
    })
  })

  it('hides from it what is secret, and gives it the address alone', async () => {
    const env = { AZURE_CLIENT_SECRET: 'a secret of the shell' }
    const { stdout } = await cli(['serve', '-p', 'ci', '--', 'env'], { world, env })
    expect(stdout).toMatch(/^IDENTITY_ENDPOINT=/m)
    for (const hidden of ['a secret of the shell', seedSecrets.daemonWithSecret, '5a5a5a', 'eyJ']) {
      expect(stdout).not.toContain(hidden)
    }
  })

  it('ends as it ends by a signal', async () => {
    expect((await run('sh', '-c', 'kill -TERM $$')).code).toBe(143)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on and waits for its farewell',
    async (signal) => {
      const [program, ...words] = programUnderTest()
      // Longer than a person who pressed Ctrl-C would be made to wait for us.
      const script = `
      const farewell = setInterval(() => {}, 1000)
      process.on('${signal}', () => setTimeout(() => { console.log('farewell'); process.exit(5) }, 2500))
      console.log('ready')`
      const child = spawn(program, [...words, 'serve', '-p', 'ci', '--', process.execPath, '-e', script], {
        env: world.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      running.push(child)
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        if (text.includes('ready')) child.kill(signal)
      })
      const [code] = (await once(child, 'close')) as [number | null]
      expect({ stdout, code }).toEqual({ stdout: 'ready\nfarewell\n', code: 5 })
    },
  )

  it('leaves Ctrl-C of a terminal to it, which hears it once', async () => {
    const script = `
      let heard = 0
      process.on('SIGINT', () => {
        heard++
        setTimeout(() => { console.log('heard ' + heard); process.exit(6) }, 300)
      })
      setInterval(() => {}, 1000)
      console.log('ready')`
    // The code that comes back is that of the shell in between, which Ctrl-C ends too.
    const { terminal } = await pty(['serve', '-p', 'ci', '--', process.execPath, '-e', script], {
      world,
      answers: [{ when: /ready/, send: '\u0003' }],
    })
    expect(terminal).toContain('heard 1\r\n')
  })

  it('says what cannot be started', async () => {
    expect(await run('no-such-program')).toEqual({
      stdout: '',
      stderr:
        'error: there is no program "no-such-program"\n' +
        `hint: what stands after -- is a program and its arguments; for a shell's own words use -- sh -c "…"\n`,
      code: 127,
    })
  })
})
