// Kills processes in the middle of writing, getting tokens and migrating, lets fifty start at once, and counts what was
// lost. Prints a Markdown table and ends with 1 where anything was. Needs the built program, and Linux.
//
//     npm run torture              the full measure, some minutes
//     npm run torture -- --quick   the same with smaller numbers
//     npm run torture -- --only writes,kills,cold,owner,migrate
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeHome, mustRun, start, startMachine } from '../test/torture/machine.mjs'
import { faultsOf } from '../test/torture/state.mjs'

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } })
const much = values.quick
  ? { processes: 12, killed: 5, cycles: 24, cold: 8, coldRounds: 1, owners: 1, migrations: 5 }
  : { processes: 50, killed: 20, cycles: 1000, cold: 50, coldRounds: 5, owners: 10, migrations: 50 }
const writesEach = 5

const tortures = { writes, kills, cold, owner, migrate }
const wanted = values.only?.split(',') ?? Object.keys(tortures)
const rows = []
for (const name of wanted) {
  console.error(`${name} …`)
  rows.push(await tortures[name]())
}
console.log(`\n| torture | figures | time | lost or corrupt |\n|---|---|---|---|`)
for (const { what, figures, seconds, faults } of rows) {
  console.log(`| ${what} | ${figures} | ${seconds.toFixed(1)} s | ${faults.length} |`)
}
console.log(`\nNode ${process.versions.node}, ${process.platform}, ${availableParallelism()} processors`)
const faults = rows.flatMap((row) => row.faults)
for (const fault of faults.slice(0, 20)) console.error(`fault: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1

/** Many processes change the same two files; some kill themselves in the middle. */
async function writes() {
  const machine = makeHome()
  const began = performance.now()
  const moments = ['half', 'written', 'renamed']
  const results = await Promise.all(
    Array.from({ length: much.processes }, (_, index) => {
      const death = index < much.killed ? [moments[index % moments.length]] : []
      const words = [`p${index}`, String(writesEach), ...death]
      return start(machine, words, { script: 'test/torture/writer.fixture.mjs' }).ended
    }),
  )
  const seconds = secondsSince(began)
  const killed = results.filter(({ signal }) => signal === 'SIGKILL').length
  const faults = results.flatMap(({ code, signal, stderr }) =>
    code === 0 || signal === 'SIGKILL' ? [] : [`a writer ended with ${code}: ${stderr}`],
  )
  if (killed !== much.killed) faults.push(`${killed} writers were killed instead of ${much.killed}`)

  const acknowledged = results.flatMap(({ stdout }) => stdout.trim().split('\n').filter(Boolean))
  const corrupt = await faultsOf(machine)
  faults.push(...corrupt)
  const kept = corrupt.length === 0 ? await keptChanges(machine) : new Set()
  for (const change of acknowledged) if (!kept.has(change)) faults.push(`lost: ${change}`)
  machine.remove()
  return {
    what: 'read, change and write two files',
    figures: `${much.processes} processes × ${writesEach} × 2 writes, ${killed} killed in the middle: ${acknowledged.length} acknowledged`,
    seconds,
    faults,
  }
}

async function keptChanges({ env, configDirectory }) {
  const { createHost, silentVoice, TokenCache } = await import('../build/doors.js')
  const host = createHost(Object.assign(Object.create(process), { env }))
  const { profiles } = JSON.parse(readFileSync(join(configDirectory, 'profiles.json'), 'utf8'))
  const { tenantIds } = await new TokenCache('torture', host, silentVoice).read()
  return new Set([
    ...profiles.map(({ name }) => `profiles ${name}`),
    ...Object.keys(tenantIds).map((name) => `tokens ${name}`),
  ])
}

/** `get-token --force` is killed at random moments, several at a time. */
async function kills() {
  const machine = await startMachine()
  const began = performance.now()
  // As long as one takes here and now, so that the kills fall on all of its life.
  const alone = await timed(() => mustRun(machine, ['get-token', '-p', 'job', '--force', '--silent']))
  const faults = []
  const lanes = 4
  let killed = 0
  let finished = 0
  while (killed < much.cycles) {
    const goal = Math.min(killed + 100, much.cycles)
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        while (killed < goal) {
          const profile = lane % 2 === 0 ? 'job' : 'alice'
          const { child, ended } = start(machine, ['get-token', '-p', profile, '--force', '--silent'])
          await delay(Math.random() * alone * lanes * 0.5)
          child.kill('SIGKILL')
          const { signal, code, stderr } = await ended
          if (signal === 'SIGKILL') killed++
          else finished++
          if (signal === null && code !== 0) faults.push(`get-token ended with ${code}: ${stderr}`)
        }
      }),
    )
    // alice is still signed in: nobody is there to do it again.
    for (const words of [['job'], ['alice'], ['alice', '--force']]) {
      const { code, stderr } = await start(machine, ['get-token', '--silent', '-p', ...words]).ended
      if (code !== 0) faults.push(`afterwards get-token -p ${words.join(' ')} ended with ${code}: ${stderr}`)
    }
    faults.push(...(await faultsOf(machine)))
  }
  const seconds = secondsSince(began)
  await machine.end()
  return {
    what: '`get-token --force`, kill -9 at random moments',
    figures: `${killed} killed before they were done, ${finished} faster than that`,
    seconds,
    faults,
  }
}

/** Nobody has a token, and everybody wants it at once. */
async function cold() {
  const machine = await startMachine()
  const faults = []
  const times = []
  for (let round = 0; round < much.coldRounds; round++) {
    for (const name of readdirSync(machine.cacheDirectory)) rmSync(join(machine.cacheDirectory, name))
    const before = await machine.tokenRequests()
    const began = performance.now()
    const results = await Promise.all(
      Array.from({ length: much.cold }, () => start(machine, ['get-token', '-p', 'job', '--silent']).ended),
    )
    times.push(secondsSince(began))
    for (const { code, stderr } of results)
      if (code !== 0) faults.push(`get-token ended with ${code}: ${stderr}`)
    const tokens = new Set(results.map(({ stdout }) => stdout))
    if (tokens.size !== 1) faults.push(`${tokens.size} different tokens`)
    const requests = (await machine.tokenRequests()) - before
    if (requests !== 1) faults.push(`${requests} token requests instead of one`)
  }
  await machine.end()
  return {
    what: '`get-token` at once without a cached token',
    figures: `${much.coldRounds} rounds of ${much.cold}: ${faults.length === 0 ? 'one token request each, and one token for all' : 'see below'}`,
    seconds: median(times),
    faults,
  }
}

/** Who gets the token for all others is killed while it waits for the answer. */
async function owner() {
  const machine = await startMachine()
  const faults = []
  const times = []
  const waiters = 5
  const marker = join(machine.cacheDirectory, 'entra-auth-cli.job.bin.acquiring')
  const began = performance.now()
  for (let round = 0; round < much.owners; round++) {
    rmSync(join(machine.cacheDirectory, 'entra-auth-cli.job.bin'), { force: true })
    await machine.control('faults', { path: '/oauth2/v2.0/token', delayMilliseconds: 10_000 })
    const first = start(machine, ['get-token', '-p', 'job', '--silent'])
    await until(() => ownerOf(marker) === first.child.pid)
    const others = Array.from({ length: waiters }, () => start(machine, ['get-token', '-p', 'job']))
    // They tell a person alone that they wait. One that does not wait by then makes the figure worse, never better.
    await delay(1500)
    // Only the owner's request shall be slow; one that has not been sent yet is not the one to replace.
    await machine.control('faults/clear', {})
    const killedAt = performance.now()
    first.child.kill('SIGKILL')
    const results = await Promise.all(others.map(({ ended }) => ended))
    times.push(secondsSince(killedAt))
    for (const { code, stderr } of results)
      if (code !== 0) faults.push(`a waiter ended with ${code}: ${stderr}`)
    if (new Set(results.map(({ stdout }) => stdout)).size !== 1)
      faults.push('the waiters got different tokens')
    if ((await first.ended).signal !== 'SIGKILL') faults.push('the owner was done before it could be killed')
  }
  const slowest = Math.max(...times)
  if (slowest >= 2) faults.push(`it took ${slowest.toFixed(2)} s to replace a dead owner`)
  const seconds = secondsSince(began)
  await machine.end()
  return {
    what: 'the process that gets the token is killed while others wait',
    figures: `${much.owners} × ${waiters} waiting; all have a token ${median(times).toFixed(2)} s later (median; slowest ${slowest.toFixed(2)} s)`,
    seconds,
    faults,
  }
}

function ownerOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).pid
  } catch {
    return undefined
  }
}

/** Migrations are killed at random moments while others read and write. */
async function migrate() {
  const machine = makeHome()
  const steady = start(machine, ['steady'], { script: 'test/torture/steady.fixture.mjs' })
  const faults = []
  const { code, stderr } = await steady.ended
  if (code !== 0) faults.push(`nothing to begin with: ${stderr}`)
  const words = ['vault', 'migrate', '--to', 'key-file', '--silent']
  const began = performance.now()
  const users = ['read', 'read', 'write', 'write'].map((does, index) =>
    openUser(machine, does, `user${index}`),
  )
  await Promise.all(users.map(({ isBusy }) => isBusy))
  const alone = await timed(() => mustRun(machine, words))
  let killed = 0
  for (let cycle = 0; cycle < much.migrations; cycle++) {
    const migration = start(machine, words)
    // Starting Node changes nothing: the kills fall on what comes after.
    await delay(alone * (0.4 + Math.random()))
    migration.child.kill('SIGKILL')
    const result = await migration.ended
    if (result.signal === 'SIGKILL') killed++
    else if (result.code !== 0) faults.push(`vault migrate ended with ${result.code}: ${result.stderr}`)
  }
  for (const { child } of users) child.stdin.end()
  const said = (await Promise.all(users.map(({ ended }) => ended))).flatMap(
    ({ stdout, stderr: complaint, code: end }) => {
      if (end !== 0) faults.push(`a user of the vault ended with ${end}: ${complaint}`)
      return stdout.trim().split('\n').filter(Boolean)
    },
  )
  faults.push(...said.filter((line) => line.startsWith('lost')))
  await mustRun(machine, words)
  faults.push(
    ...(await faultsOf(machine)),
    ...(await lastWritesMissing(machine, said)),
    ...leftoverKeys(machine),
  )
  const seconds = secondsSince(began)
  machine.remove()
  return {
    what: '`vault migrate`, kill -9 at random moments',
    figures: `${much.migrations} migrations, ${killed} killed before they were done, 2 processes reading and 2 writing (${said.length} × 2 writes)`,
    seconds,
    faults,
  }
}

function openUser(machine, does, name) {
  const script = 'test/torture/vault-user.fixture.mjs'
  const user = start(machine, [does, name], { script, staysOpen: true })
  const isBusy =
    does === 'write' ? new Promise((done) => user.child.stdout.once('data', done)) : Promise.resolve()
  return { ...user, isBusy }
}

async function lastWritesMissing({ env }, said) {
  const { createHost, readSecret, silentVoice, TokenCache } = await import('../build/doors.js')
  const host = createHost(Object.assign(Object.create(process), { env }))
  const last = new Map(said.flatMap((line) => (line.startsWith('wrote ') ? [line.split(' ').slice(1)] : [])))
  const missing = []
  for (const [name, text] of last) {
    const secret = await readSecret(host, name, 'client-secret', silentVoice)
    const { signedIn } = await new TokenCache(name, host, silentVoice).read()
    if (secret !== text || signedIn !== text)
      missing.push(`${name} wrote ${text}, and has "${secret}" and "${signedIn}"`)
  }
  if (last.size === 0) missing.push('nothing was written')
  return missing
}

function leftoverKeys({ configDirectory }) {
  const { slots, activeKeyId } = JSON.parse(readFileSync(join(configDirectory, 'vault.json'), 'utf8'))
  const keyFiles = readdirSync(join(configDirectory, 'secure')).filter((name) => name.startsWith('key-'))
  const faults = slots.length === 1 ? [] : [`${slots.length} slots are left`]
  return keyFiles.join() === `key-${activeKeyId}.bin`
    ? faults
    : [...faults, `key files left: ${keyFiles.join(', ')}`]
}

async function until(isSo) {
  while (!isSo()) await delay(5)
}

async function timed(work) {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function secondsSince(began) {
  return (performance.now() - began) / 1000
}

function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
