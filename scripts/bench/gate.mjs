// Whether the program became slow, for CI: few ratios by processor time, which a busy machine leaves nearly alone.
import { count, quantile, ratio } from './figures.mjs'
import { measure } from './measure.mjs'
import { cachedToken, ours } from './world.mjs'

/** How many times the processor time of an empty program each may take. */
const bounds = {
  '`get-token` from the cache, key file': 1.75,
  '`inspect`': 1.4,
  '`discover`': 1.4,
  '`config list`': 2.8,
  '`--help`': 1.4,
}

const rounds = 15
const tries = 3

/**
 * Prints one line for each figure, and at the end `N passed, N failed`. What is above its bound is measured again, with
 * everything else, before it counts.
 * @returns whether all are within their bounds
 * @throws Error where processor time cannot be measured
 */
export async function gate(world) {
  if (!world.runner.measuresCpu) throw new Error('the gate measures processor time, which needs python3')
  const machine = await world.machine()
  const input = await world.token()
  const kinds = [
    { name: 'an empty program', argv: [process.execPath, world.empty()], env: machine.env },
    ours('`get-token` from the cache, key file', machine, cachedToken),
    ours('`inspect`', machine, ['inspect'], { input }),
    ours('`discover`', machine, ['discover'], { input }),
    ours('`config list`', machine, ['config', 'list']),
    ours('`--help`', machine, ['--help']),
  ]
  const least = new Map()
  for (let attempt = 1; attempt <= tries; attempt++) {
    for (const [name, figure] of await ratios(world, kinds)) {
      least.set(name, Math.min(figure, least.get(name) ?? Infinity))
    }
    if (tooSlow(least).length === 0) break
  }
  for (const [name, figure] of least) {
    const verdict = figure <= bounds[name] ? 'ok' : 'too slow'
    console.log(`${verdict}: ${name} takes ${ratio(figure)} × an empty program (≤ ${bounds[name]})`)
  }
  const failed = tooSlow(least).length
  console.log(`${count(least.size - failed)} passed, ${count(failed)} failed`)
  return failed === 0
}

const tooSlow = (figures) => [...figures].filter(([name, figure]) => figure > bounds[name])

/** Of the better quarter of each: what else runs on the machine makes processor time larger, never smaller. */
async function ratios(world, kinds) {
  const [empty, ...rows] = (await measure(world.runner, kinds, rounds)).map(({ name, runs }) => ({
    name,
    cpu: quantile(
      runs.map((run) => run.cpu),
      0.25,
    ),
  }))
  return rows.map(({ name, cpu }) => [name, cpu / empty.cpu])
}
