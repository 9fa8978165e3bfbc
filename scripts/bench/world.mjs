// What sections share: machines that hold a token, the empty program, the executable. Each is made when it is first
// asked for and removed at the end.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeHome, mustRun, program, startMachine } from '../../test/torture/machine.mjs'
import { compile } from '../release/compile.mjs'
import { compileEmpty } from './empty-executable.mjs'
import { ownTarget } from '../release/targets.mjs'
import { startRunner } from './runner.mjs'

/** Where the vault's key is, by the name that tables use. */
const keys = {
  'key file': {},
  'explicit key': { ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) },
  passphrase: { ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse battery staple' },
}

/** What prints a cached token. */
export const cachedToken = ['get-token', '-p', 'job', '--silent']

/** @param rounds how often each program is run */
export function makeWorld({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-bench-'))
  const runner = startRunner()
  const ends = []
  const kept = new Map()
  const once = (name, make) => {
    if (!kept.has(name)) kept.set(name, make())
    return kept.get(name)
  }
  const world = {
    rounds,
    runner,
    /** A folder of the bench's own. */
    folder,
    /** What is to be done at the end, the last first. */
    atEnd: (end) => ends.push(end),
    /** What any program of this runtime costs: started as ours is, and nothing in it. */
    empty: () => once('empty', () => written(join(folder, 'empty.cjs'), '')),
    /**
     * A machine whose profile `job` has a token.
     * @param key `key file`, `explicit key`, `passphrase` or `keychain`; undefined where this has no keychain
     */
    machine: (key = 'key file') =>
      once(`machine ${key}`, async () => {
        const machine = key === 'keychain' ? await startKeychain(ends) : await startMachine(keys[key])
        if (!machine) return undefined
        ends.push(() => machine.end())
        await mustRun(machine, cachedToken)
        return machine
      }),
    /** A token as the sandbox makes them, of that profile. */
    token: () => once('token', async () => (await mustRun(await world.machine(), cachedToken)).stdout),
    /** Our executable for this machine, as a path. */
    executable: () =>
      once('executable', () => {
        const file = join(folder, 'entra-auth-cli')
        compile(ownTarget(), file)
        return file
      }),
    /** The same where a section can do without: undefined, and a line that says why. */
    executableIfAny: () =>
      once('executable, if any', () => {
        try {
          return world.executable()
        } catch (error) {
          console.error(`without the executable: ${firstLine(error)}`)
          return undefined
        }
      }),
    /** What any executable of its runtime costs. */
    emptyExecutable: () => once('empty executable', () => compileEmpty(join(folder, 'empty'))),
    async end() {
      for (const end of ends.toReversed()) await Promise.resolve(end()).catch((error) => console.error(error))
      runner.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

/** A program of Node's to measure. @param node which Node; default: this one */
export const ours = (name, machine, words, { input, node = process.execPath } = {}) => ({
  name,
  argv: [node, program, ...words],
  env: machine.env,
  input,
})

export function written(path, content, mode = 0o600) {
  writeFileSync(path, content, { mode })
  return path
}

export const firstLine = (error) => String(error.message).split('\n')[0]

/** The path of a program of the system; undefined where it is not installed. */
export function installed(name) {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** A machine with an open gnome-keyring in a D-Bus session of its own. */
async function startKeychain(ends) {
  if (!installed('gnome-keyring-daemon') || !installed('dbus-run-session')) return undefined
  const { env, remove } = makeHome()
  ends.push(remove)
  const data = join(env.HOME, '.local', 'share')
  mkdirSync(data, { recursive: true })
  // `printf`, as a newline would become part of the password. `cat` keeps the session until we close its stdin.
  const script =
    'eval "$(printf %s pw | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null | sed "s/^/export /")"; ' +
    'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat >/dev/null'
  const session = spawn('dbus-run-session', ['--', 'bash', '-euc', script], {
    env: { ...env, XDG_DATA_HOME: data, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  ends.push(() => session.stdin.end())
  const address = await new Promise((done, fail) => {
    session.stdout.setEncoding('utf8').once('data', (text) => done(text.trim()))
    session.once('exit', (code) => fail(new Error(`the D-Bus session ended with ${code}`)))
  })
  return startMachine({ DBUS_SESSION_BUS_ADDRESS: address })
}
