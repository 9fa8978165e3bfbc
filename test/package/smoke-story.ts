/** What every installation must be able to do, told as somebody's first quarter of an hour with it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli } from '../support/cli.ts'
import { makeWorld, type World } from '../support/session/environment.ts'

/** What the sandbox says of itself with `--json`, as far as it is used here. */
interface SandboxFacts {
  readonly origin: string
  readonly caFile: string
  readonly tenantId: string
  readonly apps: Readonly<Record<'daemonWithSecret' | 'desktop', string>>
}

/** The seeded daemon's; it protects nothing. */
const daemonSecret = 'sandbox~daemon-secret'
const personScope = 'https://graph.microsoft.com/User.Read'

/**
 * Declares the story's tests, which build on each other, in the describe block it is called in. The program under test
 * is the installed one, run by `node`; so are the sandbox and the browser.
 *
 * @param program path of `node_modules/.bin/entra-auth-cli`, known once the tests run
 * @param node path of the Node that runs it
 */
export function tellSmokeStory(program: () => string, node: string): void {
  const builtProgram = process.env.ENTRA_BIN
  let world: World
  let sandbox: ChildProcess
  let facts: SandboxFacts
  const firstTokens = { app: '', person: '' }

  beforeAll(async () => {
    process.env.ENTRA_BIN = program()
    world = worldFor(node)
    sandbox = spawn(program(), ['sandbox', '--port', '0', '--json', '--quiet'], {
      cwd: world.workFolder,
      env: world.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    facts = await firstLine(sandbox)
  })
  afterAll(async () => {
    if (builtProgram === undefined) delete process.env.ENTRA_BIN
    else process.env.ENTRA_BIN = builtProgram
    if (sandbox) await ended(sandbox)
    world?.remove()
  })

  const run = (args: readonly string[], more: { input?: string; env?: Record<string, string> } = {}) =>
    cli(args, { world, ...more })
  const createProfile = (name: string, clientId: string, flags: readonly string[], input?: string) => {
    const where = ['--tenant-id', facts.tenantId, '--authority', facts.origin, '--ca-file', facts.caFile]
    return run(['config', 'create', '-n', name, '--client-id', clientId, ...where, ...flags], { input })
  }

  it('is run by the Node it is to be tested on', () => {
    const found = execFileSync('node', ['-p', 'process.execPath'], { env: world.env, encoding: 'utf8' })
    expect(found.trim()).toBe(realpathSync(node))
  })

  it('says the version of the package', async () => {
    const manifest = join(import.meta.dirname, '../../package.json')
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
    expect(await run(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 })
  })

  it('makes a profile with a secret from stdin', async () => {
    const made = await createProfile(
      'job',
      facts.apps.daemonWithSecret,
      ['--client-secret', '-'],
      daemonSecret,
    )
    expect(made).toMatchObject({ stdout: '', code: 0 })
    expect(await run(['config', 'list'])).toEqual({ stdout: 'job\n', stderr: '', code: 0 })
  })

  it('gets an app token, alone on stdout', async () => {
    const { stdout, stderr, code } = await run(['get-token', '-p', 'job', '--silent'])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    firstTokens.app = stdout.trimEnd()
    expect(claimsOf(firstTokens.app)).toMatchObject({ appid: facts.apps.daemonWithSecret })
  })

  it('gives the cached one the next time', async () => {
    const { stdout, code } = await run(['get-token', '-p', 'job', '-o', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ from_cache: true, access_token: firstTokens.app })
  })

  it('inspects a token that comes by a pipe', async () => {
    const { stdout, stderr, code } = await run(['inspect'], { input: `${firstTokens.app}\n` })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(JSON.parse(stdout)).toMatchObject({ payload: { tid: facts.tenantId } })
  })

  it('tells a valid token from an expired one and from none by its exit code', async () => {
    const quickCheck = async (token: string) => (await run(['discover', '--quiet', '-t', token])).code
    expect(await quickCheck(firstTokens.app)).toBe(0)
    expect(await quickCheck(unsignedToken({ exp: 1_700_000_000 }))).toBe(1)
    expect(await quickCheck('eyJ.no.token')).toBe(1)
  })

  it('ends with 2 and nothing on stdout where Entra says no', async () => {
    const refused = await run(['get-token', '-p', 'job', '--force', '--client-secret', '-'], {
      input: 'wrong',
    })
    expect(refused).toMatchObject({ stdout: '', code: 2 })
    expect(refused.stderr).toMatch(/^error: .*AADSTS7000215/m)
  })

  it('signs a person in with the browser that BROWSER names', async () => {
    await createProfile('alice', facts.apps.desktop, ['--scope', personScope])
    const env = { BROWSER: 'entra-auth-cli sandbox sign-in', ENTRA_AUTH_CLI_INTERACTIVE: '1' }
    const { stdout, stderr, code } = await run(['get-token', '-p', 'alice', '--silent'], { env })
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    firstTokens.person = stdout.trimEnd()
    expect(claimsOf(firstTokens.person)).toMatchObject({ upn: 'alice@contoso.com' })
  })

  it('renews her token without asking her', async () => {
    const { stdout, code } = await run(['refresh', '-p', 'alice'], { env: { BROWSER: 'none' } })
    expect(code).toBe(0)
    expect(claimsOf(stdout)).toMatchObject({ upn: 'alice@contoso.com' })
    expect(stdout.trimEnd()).not.toBe(firstTokens.person)
  })

  it('ends with 7 where somebody must sign in and nobody can', async () => {
    const env = { ENTRA_AUTH_CLI_CACHE_DIR: join(world.root, 'empty') }
    expect(await run(['get-token', '-p', 'alice'], { env })).toMatchObject({ stdout: '', code: 7 })
  })

  it('deletes a profile with all that was kept for it', async () => {
    expect(filesNaming(world, /job|alice/)).not.toEqual([])
    for (const name of ['job', 'alice']) {
      expect(await run(['config', 'delete', name, '--force'])).toMatchObject({ code: 0 })
    }
    expect(await run(['get-token', '-p', 'job'])).toMatchObject({ stdout: '', code: 3 })
    expect(filesNaming(world, /job|alice/)).toEqual([])
  })
}

/** A home whose PATH finds `node` first, and this installation's program. */
function worldFor(node: string): World {
  const world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  const path = [join(world.root, 'bin'), dirname(node), world.env.PATH].join(':')
  return { ...world, env: { ...world.env, PATH: path } }
}

async function firstLine(child: ChildProcess): Promise<SandboxFacts> {
  const line = once(createInterface({ input: child.stdout! }), 'line').then(([text]) => String(text))
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`the sandbox ended with ${code} before it was ready`)
  })
  return JSON.parse(await Promise.race([line, exit])) as SandboxFacts
}

/** Ctrl-C is how people end it: it must obey and call that a success. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the sandbox ended by itself with ${child.exitCode}`)
  const exit = once(child, 'exit')
  child.kill('SIGINT')
  const [code] = await exit
  if (code !== 0) throw new Error(`the sandbox ended with ${code} when interrupted`)
}

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

function unsignedToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'RS256', typ: 'JWT' }), part(claims), 'c2ln'].join('.')
}

function filesNaming(world: World, names: RegExp): string[] {
  return readdirSync(world.home, { recursive: true, encoding: 'utf8' }).filter((path) => names.test(path))
}
