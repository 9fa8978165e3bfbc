// Printing a token that is there already, beside programs that do the same.
import { barPlot } from '../plot.mjs'
import { duration } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { peers as all } from '../peers.mjs'
import { processTable } from '../table.mjs'
import { cachedToken, firstLine, ours } from '../world.mjs'

/** Some of them take a second each. */
const mostRounds = 15

export async function peers(world) {
  const machine = await world.machine()
  const keychain = await world.machine('keychain')
  const program = world.executableIfAny()
  const executable = (name, at) =>
    program && at ? [{ name, argv: [program, ...cachedToken], env: at.env }] : []
  const own = [
    ours('ours on Node, key file', machine, cachedToken),
    ...(keychain ? [ours('ours on Node, keychain', keychain, cachedToken)] : []),
    ...executable('our executable, key file', machine),
    ...executable('our executable, keychain', keychain),
  ]
  const { found, notes } = await setUpAll(world)
  if (!program) notes.push('Without our executable, which could not be made.')
  const kinds = [
    { name: 'an empty program on Node', argv: [process.execPath, world.empty()], env: machine.env },
    ...(program ? [{ name: 'an empty executable', argv: [world.emptyExecutable()], env: machine.env }] : []),
    ...own,
    ...found,
  ]
  const rows = await measure(world.runner, kinds, Math.min(world.rounds, mostRounds))
  const { tables, bars } = processTable('a token that is there already', rows, [
    { name: 'our executable, key file', most: 0.35, of: '`gh auth token`' },
    { name: 'our executable, key file', most: 1 / 30, shown: '1/30', of: '`az account get-access-token`' },
    { name: 'our executable, keychain', most: 1, of: '`gh auth token`' },
  ])
  const plot = barPlot({
    title: 'Printing a token that is there already, whole processes',
    rows: rows
      .toSorted((one, other) => one.wall - other.wall)
      .map(({ name, wall }) => ({
        name: name.replaceAll('`', ''),
        value: wall,
        label: duration(wall),
        isOurs: /\bours?\b/.test(name),
      })),
  })
  return {
    tables,
    plots: [{ file: 'peers.svg', title: 'ours beside programs that do the same', svg: plot }],
    notes,
    bars,
  }
}

/** One that cannot be set up is left out, and a line says why. */
async function setUpAll(world) {
  const found = []
  const notes = []
  for (const [name, { package: brings, setUp }] of Object.entries(all)) {
    try {
      const ready = await setUp(world)
      if (!ready) {
        notes.push(`${name} is left out: ${brings} is not installed.`)
        continue
      }
      const { argv, env, note } = ready
      const { stdout } = await world.runner.run({ argv, env })
      if (!/^\S{20,}\s*$/.test(stdout)) throw new Error('it printed no token')
      found.push({ name, argv, env })
      if (note) notes.push(`${name}: ${note}.`)
    } catch (error) {
      notes.push(`${name} is left out: ${firstLine(error)}.`)
    }
  }
  return { found, notes: notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')] }
}
