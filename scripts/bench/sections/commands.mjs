// What our commands cost on this Node, against an empty program.
import { barPlot } from '../plot.mjs'
import { duration, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { processTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'

export const emptyProgram = 'an empty program'
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
        isOurs: name !== emptyProgram && name !== '`node -e 0`',
      })),
  })
  return {
    tables,
    plots: [{ file: 'commands.svg', title: 'what commands cost beside an empty program', svg: plot }],
    notes: keychain ? [] : ['Without the keychain: `gnome-keyring-daemon` or `dbus-run-session` is missing.'],
    bars,
  }
}
