// What commands cost as whole processes, and what opening the vault costs inside one. All kinds take turns, so that a
// busy machine slows all of them alike: trust the ratios. Needs the built program.
//
//     npm run bench                the table of docs/performance.md
//     npm run bench -- --rounds 5  sooner, and rougher
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { benchInspectAll, inspectAllRow } from './bench-inspect.mjs'
import { benchServe } from './bench-serve.mjs'
import { bundle } from './bundle.mjs'
import { makeHome, mustRun, program, startMachine } from '../test/torture/machine.mjs'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } })
const rounds = Number(values.rounds)
const manyProfiles = 5000

await bundle({ input: { 'vault-cost': 'test/torture/vault-cost.ts' }, folder: 'build', format: 'cjs' })
const withKeyFile = await startMachine()
const withKey = await startMachine({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
const withPassphrase = await startMachine({ ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse battery staple' })
const withManyProfiles = await startMachine()
const machines = [withKeyFile, withKey, withPassphrase, withManyProfiles]
const withKeychain = await startKeychain()
try {
  const { stdout: token } = await mustRun(withKeyFile, ['get-token', '-p', 'job', '--silent'])
  for (const machine of machines) await mustRun(machine, ['get-token', '-p', 'job', '--silent'])
  const cached = [program, 'get-token', '-p', 'job', '--silent']
  const inside = [join('build', 'vault-cost.cjs')]

  printTable(
    'whole process',
    await measure([
      ['an empty program (`node -e 0`)', withKeyFile, ['-e', '0']],
      ['`get-token` from the cache, key file', withKeyFile, cached],
      ['`get-token` from the cache, explicit key', withKey, cached],
      ['`get-token` from the cache, passphrase', withPassphrase, cached],
      ...(withKeychain ? [['`get-token` from the cache, keychain', withKeychain, cached]] : []),
      ['`inspect`', withKeyFile, [program, 'inspect'], token],
      ['`discover`', withKeyFile, [program, 'discover'], token],
      ['`config list`', withKeyFile, [program, 'config', 'list']],
      ['`--help`', withKeyFile, [program, '--help']],
      ['`get-token --force`, from the sandbox', withKeyFile, [...cached, '--force']],
    ]),
  )
  addProfiles(withManyProfiles, manyProfiles)
  // The index of profiles does not trust what was changed just now.
  await mustRun(withManyProfiles, ['config', 'list'])
  await delay(4000)
  const completed = ['__complete', 'zsh', '=jo', 'get-token', '-p']
  for (const [name, words] of [
    ['`get-token` from the cache', cached],
    ['`config list` in a pipe', [program, 'config', 'list']],
    ['completing a profile', [program, ...completed]],
  ]) {
    printTable(
      name,
      await measure([
        ['two profiles', withKeyFile, words],
        [`${manyProfiles.toLocaleString('en-US')} profiles`, withManyProfiles, words],
      ]),
    )
  }
  const costs = [
    ['key file', withKeyFile, inside],
    ['explicit key', withKey, inside],
    ['passphrase', withPassphrase, inside],
    ...(withKeychain ? [['keychain', withKeychain, inside]] : []),
  ]
  const wordOf = (index) => (stdout) => Number(stdout.split(' ')[index])
  const what = 'inside a fresh process: opening the vault and reading one sealed file'
  printTable(what, await measure(costs, wordOf(1)))
  printTable("loading the vault's modules before that", await measure(costs.slice(0, 1), wordOf(0)))
  console.log(`\n${inspectAllRow(await benchInspectAll(program, withKeyFile.env))}`)
  printServe(await benchServe(withKeyFile))
  console.log(
    `\nMedians of ${rounds}. Node ${process.versions.node}, ${process.platform}, ${availableParallelism()} processors.`,
  )
} finally {
  for (const machine of machines) await machine.end()
  await withKeychain?.end()
}

/** Takes turns. @returns the median milliseconds of each, by its name */
async function measure(kinds, millisecondsIn) {
  const times = new Map(kinds.map(([name]) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, machine, words, input] of kinds) {
      const began = performance.now()
      const { stdout } = await runNode(machine, words, input)
      const milliseconds = millisecondsIn ? millisecondsIn(stdout) : performance.now() - began
      // The first round finds cold disk caches.
      if (round > 0) times.get(name).push(milliseconds)
    }
  }
  return [...times].map(([name, all]) => [name, median(all)])
}

function runNode({ env }, words, input = '') {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, words, { env })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.stdin.on('error', () => {}).end(input)
    child.once('error', fail)
    child.once('close', (code) =>
      code === 0 ? done({ stdout }) : fail(new Error(`"${words.join(' ')}" ended with ${code}: ${stderr}`)),
    )
  })
}

function printTable(what, medians) {
  const [[, least]] = medians
  console.log(`\n| ${what} | median | ratio |\n|---|---|---|`)
  for (const [name, milliseconds] of medians) {
    console.log(`| ${name} | ${milliseconds.toFixed(1)} ms | ${(milliseconds / least).toFixed(2)} |`)
  }
}

function printServe({ tool, flatOut, paced }) {
  console.log(
    `\n| \`serve\` from memory, by ${tool} | requests a second | half within | 99 of 100 within |\n|---|---|---|---|`,
  )
  for (const [name, load] of Object.entries({
    'all it can take': flatOut,
    'some thousands a second': paced,
  })) {
    const { requestsPerSecond, p50, p99 } = load
    console.log(
      `| ${name} | ${Math.round(requestsPerSecond)} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms |`,
    )
  }
}

/** As a team's file grows: each with an app of its own. */
function addProfiles({ configDirectory }, count) {
  const path = join(configDirectory, 'profiles.json')
  const { profiles } = JSON.parse(readFileSync(path, 'utf8'))
  const more = Array.from({ length: count - profiles.length }, (_, index) => ({
    ...profiles[0],
    name: `team-${index}`,
  }))
  writeFileSync(path, JSON.stringify({ profiles: [...profiles, ...more] }, undefined, 2), { mode: 0o600 })
}

function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}

/** A machine with an open gnome-keyring in a D-Bus session of its own; undefined where the tools are missing. */
async function startKeychain() {
  const tools = ['gnome-keyring-daemon', 'dbus-run-session']
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  if (missing.length > 0) {
    console.error(`without the keychain: ${missing.join(' and ')} missing`)
    return undefined
  }
  const { env, remove } = makeHome()
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
  const address = await new Promise((done, fail) => {
    session.stdout.setEncoding('utf8').once('data', (text) => done(text.trim()))
    session.once('exit', (code) => fail(new Error(`the D-Bus session ended with ${code}`)))
  })
  const machine = await startMachine({ DBUS_SESSION_BUS_ADDRESS: address })
  await mustRun(machine, ['get-token', '-p', 'job', '--silent'])
  return {
    ...machine,
    end: async () => {
      await machine.end()
      session.stdin.end()
      remove()
    },
  }
}
