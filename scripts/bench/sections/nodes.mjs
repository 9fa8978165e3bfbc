// Our commands on the Nodes of every supported line, each against an empty program on the same Node.
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { barPlot } from '../plot.mjs'
import { duration, judged, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { markdownTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'

const mostRounds = 21

/** How many times what an empty program takes. */
const bars = { 'cached `get-token`': 1.25, '`inspect`': 1.2, '`discover`': 1.2, '`--help`': 1.3 }

export async function nodes(world) {
  const machine = await world.machine()
  const input = await world.token()
  const found = fetchNodes()
  const commandsOn = (node) => [
    { argv: [node, world.empty()], env: machine.env },
    ours('cached `get-token`', machine, cachedToken, { node }),
    ours('`inspect`', machine, ['inspect'], { input, node }),
    ours('`discover`', machine, ['discover'], { input, node }),
    ours('`config list`', machine, ['config', 'list'], { node }),
    ours('`--help`', machine, ['--help'], { node }),
  ]
  const kinds = found.flatMap(({ path }) => commandsOn(path))
  const each = kinds.length / found.length
  const measured = await measure(world.runner, kinds, Math.min(world.rounds, mostRounds))
  const ofNodes = found.map(({ version }, index) => {
    const [empty, ...rows] = measured.slice(index * each, (index + 1) * each)
    return { version, empty, rows: rows.map((row) => judgedRow(row, empty, version)) }
  })
  const head = ['of an empty program', ...ofNodes.map(({ version }) => version), 'wanted']
  const names = ofNodes[0].rows.map(({ name }) => name)
  const body = names.map((name) => [
    name,
    ...ofNodes.map(({ rows }) => {
      const row = rows.find((one) => one.name === name)
      return `${ratio(row.wall)} (${ratio(row.cpu)})${row.bar && !row.bar.met ? ', missed' : ''}`
    }),
    bars[name] ? `≤ ${bars[name]}` : '',
  ])
  const emptyRow = ['an empty program', ...ofNodes.map(({ empty }) => duration(empty.wall)), '']
  const plot = barPlot({
    title: 'Times what an empty program takes on the same Node',
    rows: ofNodes.flatMap(({ version, rows }) => [
      { name: `Node ${version}` },
      ...rows.map(({ name, wall }) => ({
        name: name.replaceAll('`', ''),
        value: wall,
        label: `${ratio(wall)} ×`,
        isOurs: true,
        most: bars[name],
      })),
    ]),
  })
  return {
    tables: [markdownTable(head, [emptyRow, ...body])],
    plots: [{ file: 'nodes.svg', title: 'commands on each Node, as ratios', svg: plot }],
    notes: ['In brackets: the same by processor time.'],
    bars: ofNodes.flatMap(({ rows }) => rows.flatMap(({ bar }) => (bar ? [bar] : []))),
  }
}

/** Its times as ratios to those of the empty program. */
function judgedRow({ name, wall, cpu }, empty, version) {
  const figure = wall / empty.wall
  const most = bars[name]
  const bar = most && { what: `${name} on Node ${version}: ${ratio(figure)}`, ...judged(figure, { most }) }
  return { name, wall: figure, cpu: cpu / empty.cpu, bar }
}

function fetchNodes() {
  const script = resolve('scripts', 'fetch-nodes.mjs')
  const printed = execFileSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return printed
    .trimEnd()
    .split('\n')
    .map((row) => ({ version: row.split(' ')[0].replace(/^v/, ''), path: row.slice(row.indexOf(' ') + 1) }))
    .filter(({ version }) => version !== 'missing')
}
