// What our commands cost on this Node, against an empty program.
import { join } from 'node:path'
import { barPlot } from '../plot.mjs'
import { duration, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { processTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'

export const emptyProgram = 'an empty program'
/** Nothing that keeps tokens sealed on this runtime can be below it. */
const leastProgram = 'a program that decrypts 16 bytes'
const notOurs = new Set([emptyProgram, '`node -e 0`', leastProgram])
const slowOnPurpose = '`get-token` from the cache, passphrase'

export async function commands(world) {
  const machine = await world.machine()
  const keychain = await world.machine('keychain')
  const input = await world.token()
  const node = (name, words) => ({ name, argv: [process.execPath, ...words], env: machine.env })
  const cached = (key, at) => ours(`\`get-token\` from the cache, ${key}`, at, cachedToken)
  const kinds = [
    node(emptyProgram, [world.empty()]),
    node('`node -e 0`', ['-e', '0']),
    node(leastProgram, [join(import.meta.dirname, '..', 'programs', 'opens-one-file.cjs')]),
    cached('key file', machine),
    cached('explicit key', await world.machine('explicit key')),
    ...(keychain ? [cached('keychain', keychain)] : []),
    cached('passphrase', await world.machine('passphrase')),
    ours('`inspect`', machine, ['inspect'], { input }),
    ours('`discover`', machine, ['discover'], { input }),
    ours('`config list`', machine, ['config', 'list']),
    ours('completing a profile', machine, ['__complete', 'zsh', '=jo', 'get-token', '-p']),
    ours('`--help`', machine, ['--help']),
    ours('`--version`', machine, ['--version']),
  ]
  const rows = await measure(world.runner, kinds, world.rounds)
  const { tables, bars } = processTable('whole process', rows, [
    { name: '`get-token` from the cache, key file', most: 1.25 },
    { name: '`get-token` from the cache, explicit key', most: 1.25 },
    { name: '`inspect`', most: 1.2 },
    { name: '`discover`', most: 1.2 },
    { name: '`--help`', most: 1.3 },
  ])
  const [empty] = rows
  const plot = barPlot({
    title: `Commands as whole processes on Node ${process.versions.node}`,
    rows: rows
      .filter(({ name }) => name !== slowOnPurpose)
      .map(({ name, wall }) => ({
        name: name.replaceAll('`', ''),
        value: wall,
        label: `${duration(wall)} (${ratio(wall / empty.wall)} ×)`,
        isOurs: !notOurs.has(name),
      })),
  })
  return {
    tables,
    plots: [{ file: 'commands.svg', title: 'what commands cost beside an empty program', svg: plot }],
    notes: keychain ? [] : ['Without the keychain: `gnome-keyring-daemon` or `dbus-run-session` is missing.'],
    bars,
  }
}
