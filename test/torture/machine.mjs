// A throw-away home with a sandbox and profiles, and the built program run in it. For scripts/torture.mjs and
// scripts/bench.mjs.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const program = resolve('dist/main.cjs')

/** The seeded daemon's: it protects nothing. */
const daemonSecret = 'sandbox~daemon-secret'

/** A home of its own. The vault's key is in a file there, as on a machine without a keychain. */
export function makeHome(added = {}) {
  const home = mkdtempSync(join(tmpdir(), 'entra-auth-cli-torture-'))
  const configDirectory = join(home, 'config')
  const cacheDirectory = join(home, 'cache')
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: home,
    XDG_RUNTIME_DIR: home,
    LANG: 'C.UTF-8',
    ENTRA_AUTH_CLI_CONFIG_DIR: configDirectory,
    ENTRA_AUTH_CLI_CACHE_DIR: cacheDirectory,
    // A test of this script may slip something into the children.
    ...(process.env.NODE_OPTIONS && { NODE_OPTIONS: process.env.NODE_OPTIONS }),
    ...added,
  }
  return {
    home,
    configDirectory,
    cacheDirectory,
    env,
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

/** A sandbox, and the profiles `job` (an app with a secret) and `alice` (a person who is signed in). */
export async function startMachine(added = {}) {
  const machine = makeHome(added)
  const words = ['sandbox', '--port', '0', '--json', '--quiet']
  const sandbox = spawn(process.execPath, [program, ...words], {
    env: machine.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { origin, caFile, tenantId, apps, controlKeyFile } = await firstLine(sandbox)
  const flags = ['--tenant-id', tenantId, '--authority', origin, '--ca-file', caFile, '--silent']
  const create = ['config', 'create', ...flags]
  await mustRun(
    machine,
    [...create, '-n', 'job', '--client-id', apps.daemonWithSecret, '--client-secret', '-'],
    {
      input: daemonSecret,
    },
  )
  await mustRun(machine, [...create, '-n', 'alice', '--client-id', apps.desktop, '--scope', 'User.Read'])
  await mustRun(machine, ['get-token', '-p', 'alice', '--silent'], {
    env: { ENTRA_AUTH_CLI_INTERACTIVE: '1', BROWSER: `${process.execPath} ${program} sandbox sign-in` },
  })
  const control = (action, fields) => ask(`${origin}/sandbox/${action}`, caFile, controlKeyFile, fields)
  return {
    ...machine,
    createFlags: create,
    secretApp: apps.daemonWithSecret,
    daemonSecret,
    control,
    /** How many tokens were asked for so far. */
    tokenRequests: async () =>
      (await control('requests')).filter(({ path }) => path.endsWith('/oauth2/v2.0/token')).length,
    end: async () => {
      const ended = new Promise((done) => sandbox.once('exit', done))
      sandbox.kill('SIGINT')
      await ended
      machine.remove()
    },
  }
}

/**
 * Starts the program, or with `script` another one, and collects what it prints.
 * @returns the child, and a promise of how it ended: `{ code, signal, stdout, stderr }`
 */
export function start(
  { env },
  words,
  { input = '', env: added = {}, script = program, staysOpen = false } = {},
) {
  const child = spawn(process.execPath, [script, ...words], { env: { ...env, ...added }, stdio: 'pipe' })
  child.stdin.on('error', () => {})
  if (!staysOpen) child.stdin.end(input)
  const printed = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => (printed[stream] += text))
  }
  const ended = new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => done({ code, signal, ...printed }))
  })
  return { child, ended }
}

/** @throws Error with what it said, where it failed */
export async function mustRun(machine, words, options) {
  const result = await start(machine, words, options).ended
  if (result.code !== 0) throw new Error(`"${words.join(' ')}" ended with ${result.code}: ${result.stderr}`)
  return result
}

function firstLine(child) {
  return new Promise((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line)))
    child.once('exit', (code) => fail(new Error(`the sandbox ended with ${code}`)))
  })
}

function ask(url, caFile, controlKeyFile, fields) {
  const headers = { 'x-sandbox-key': readFileSync(controlKeyFile, 'utf8').trim() }
  const method = fields === undefined ? 'GET' : 'POST'
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers, ca: readFileSync(caFile) }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => (body += text))
      response.on('end', () => done(JSON.parse(body)))
    })
    sent.on('error', fail).end(fields === undefined ? undefined : JSON.stringify(fields))
  })
}
