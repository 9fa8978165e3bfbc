// Many at once: how many cached tokens a second, of how many empty programs a second the machine manages.
import { count, duration, judged, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { curvePlot } from '../plot.mjs'
import { markdownTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'

const counts = [1, 2, 5, 10, 20, 50, 100]
const mostRounds = 7
const least = 0.9

export async function parallel(world) {
  const machine = await world.machine()
  const empty = { name: 'empty', argv: [process.execPath, world.empty()], env: machine.env }
  const cached = ours('cached', machine, cachedToken)
  const kinds = counts.flatMap((atOnce) => [
    { ...empty, atOnce },
    { ...cached, atOnce },
  ])
  const measured = await measure(world.runner, kinds, Math.min(world.rounds, mostRounds))
  const rows = counts.map((atOnce, index) => {
    const [without, own] = measured.slice(index * 2, index * 2 + 2)
    const share = without.wall / own.wall
    return {
      atOnce,
      without,
      own,
      share,
      cpuShare: without.cpu / own.cpu,
      perSecond: (1000 * atOnce) / own.wall,
    }
  })
  const last = rows.at(-1)
  const verdict = judged(last.share, { least })
  const head = [
    'at once',
    'empty programs',
    'cached tokens',
    'tokens a second',
    'share',
    'of processor time',
    'wanted',
  ]
  const body = rows.map((row) => [
    count(row.atOnce),
    duration(row.without.wall),
    duration(row.own.wall),
    row.perSecond.toFixed(0),
    ratio(row.share),
    ratio(row.cpuShare),
    row === last ? verdict.text : '',
  ])
  const plot = curvePlot({
    title: 'Cached tokens a second, as a share of empty programs a second',
    across: 'processes at once',
    series: [
      {
        name: 'get-token from the cache, key file',
        points: rows.map(({ atOnce, share }) => [atOnce, share]),
      },
    ],
    bar: { value: least, text: 'wanted at least' },
  })
  return {
    tables: [markdownTable(head, body)],
    plots: [{ file: 'parallel.svg', title: 'throughput of many at once', svg: plot }],
    bars: [{ what: `throughput of ${last.atOnce} at once: ${ratio(last.share)}`, ...verdict }],
  }
}
