/** What thousands of profiles cost whoever wants one of them, as the processor's time: the wall clock of a busy machine lies. */
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { cli, succeeded } from '../support/cli.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'

const most = 1.2
const [fewestRounds, mostRounds] = [10, 80]

let world: SandboxWorld
let few: string
let many: string

beforeAll(async () => {
  world = await startSandboxWorld()
  writeFileSync(join(world.workFolder, 'secret'), seedSecrets.daemonWithSecret)
  await world.createProfile('ci', 'daemonWithSecret', '--client-secret-file', 'secret')
  succeeded(await cli(['get-token', '-p', 'ci'], { world }))
  few = join(world.home, '.config/entra-auth-cli')
  many = join(world.root, 'many')
  cpSync(few, many, { recursive: true })
  const { profiles } = JSON.parse(readFileSync(join(few, 'profiles.json'), 'utf8')) as { profiles: object[] }
  const others = Array.from({ length: 4999 }, (_, index) => ({ ...profiles[0], name: `profile-${index}` }))
  writeFileSync(
    join(many, 'profiles.json'),
    JSON.stringify({ profiles: [...profiles, ...others] }, undefined, 2),
  )
}, 60_000)
afterAll(() => world?.end())

/** User and system time in milliseconds, by the shell that waited for it. */
async function processorTime(command: string, configDirectory: string): Promise<number> {
  const timed = `TIMEFORMAT='%3U %3S'; { time ${command} >output; } 2>&1`
  const env = { ...world.env, ENTRA_AUTH_CLI_CONFIG_DIR: configDirectory }
  const { stdout } = await promisify(execFile)('bash', ['-c', timed], { env, cwd: world.workFolder })
  const [user = Number.NaN, system = Number.NaN] = stdout.trim().split(' ').map(Number)
  return (user + system) * 1000
}

/** The least of each, taken in turns until it is clear: on a busy machine that takes more of them. */
async function leastTimes(command: string) {
  const times: { few: number; many: number } = { few: Infinity, many: Infinity }
  for (let round = 0; round < mostRounds; round++) {
    if (round >= fewestRounds && times.many / times.few < most) break
    times.few = Math.min(times.few, await processorTime(command, few))
    times.many = Math.min(times.many, await processorTime(command, many))
  }
  return times
}

it.each([
  ['config list', 'entra-auth-cli config list', 5000],
  [
    'completion',
    "COMP_LINE='entra-auth-cli get-token -p ' COMP_POINT=28 entra-auth-cli __complete bash =",
    5000,
  ],
  // At last, when profiles.json has lain still for a while, as it does for scripts.
  ['get-token, from the cache,', 'entra-auth-cli get-token -p ci', 1],
])('%s takes at most a fifth more with 5,000 profiles than with one', async (_what, command, lines) => {
  const times = await leastTimes(command)
  expect(readFileSync(join(world.workFolder, 'output'), 'utf8').trim().split('\n')).toHaveLength(lines)
  expect(times.many / times.few).toBeLessThan(most)
  // Whoever cannot measure proves nothing.
  expect(times.few).toBeGreaterThan(10)
})
