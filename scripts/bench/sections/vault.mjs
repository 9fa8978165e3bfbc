// What opening the vault costs inside a process, by where its key is.
import { join } from 'node:path'
import { bundle } from '../../bundle.mjs'
import { duration, median, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { markdownTable } from '../table.mjs'

const mostRounds = 11

export async function vault(world) {
  await bundle({ input: { 'vault-cost': 'test/torture/vault-cost.ts' }, folder: 'build', format: 'cjs' })
  const argv = [process.execPath, join('build', 'vault-cost.cjs')]
  const kinds = []
  for (const name of ['key file', 'explicit key', 'passphrase', 'keychain']) {
    const machine = await world.machine(name)
    if (machine) kinds.push({ name, argv, env: machine.env })
  }
  const rows = (await measure(world.runner, kinds, Math.min(world.rounds, mostRounds))).map(
    ({ name, runs }) => {
      const [loading, opening] = [0, 1].map((index) =>
        median(runs.map(({ stdout }) => Number(stdout.split(' ')[index]))),
      )
      return { name, loading, opening }
    },
  )
  const head = [
    'inside a fresh process',
    "loading the vault's modules",
    'opening it and reading a sealed file',
    'ratio',
  ]
  const body = rows.map(({ name, loading, opening }) => [
    name,
    duration(loading),
    duration(opening),
    ratio(opening / rows[0].opening),
  ])
  return { tables: [markdownTable(head, body)] }
}
