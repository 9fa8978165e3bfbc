// What many profiles, and many tokens, add to a command.
import { copyFileSync, cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makeHome, mustRun } from '../../../test/torture/machine.mjs'
import { count, duration, judged, ratio } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { curvePlot } from '../plot.mjs'
import { markdownTable } from '../table.mjs'
import { cachedToken, ours, written } from '../world.mjs'

const counts = [1, 10, 100, 1000, 5000, 10_000]
const mostRounds = 21

/** The index of profiles does not trust what was changed within the last seconds. */
const settleMilliseconds = 4000

const commands = {
  '`get-token`, profiles with a token each': cachedToken,
  '`config list`, profiles': ['config', 'list'],
  'completing a profile, profiles': ['__complete', 'zsh', '=jo', 'get-token', '-p'],
}
const oneCache = '`get-token`, tokens in one cache'

/** How many of what must cost how many times one at most. */
const bars = {
  '`get-token`, profiles with a token each': { at: [5000, 10_000], most: 1.1 },
  '`config list`, profiles': { at: [5000], most: 1.1 },
  'completing a profile, profiles': { at: [5000], most: 1.1 },
  [oneCache]: { at: [10_000], most: 1.1 },
}

export async function growth(world) {
  const machine = await world.machine()
  const homes = await Promise.all(
    counts.map(async (number) => ({
      number,
      profiles: await withProfiles(world, machine, number),
      tokens: await withTokens(world, machine, number),
    })),
  )
  await delay(settleMilliseconds)
  const kinds = homes.flatMap(({ number, profiles, tokens }) => [
    ...Object.entries(commands).map(([what, words]) => ({ what, number, ...ours(what, profiles, words) })),
    { what: oneCache, number, ...ours(oneCache, tokens, cachedToken) },
  ])
  const rows = (await measure(world.runner, kinds, Math.min(world.rounds, mostRounds))).map((row, index) => ({
    ...row,
    number: kinds[index].number,
  }))
  const series = [...Object.keys(commands), oneCache].map((name) => curve(name, rows))
  const head = ['times what one costs', 'one', ...counts.slice(1).map(count), 'wanted']
  const body = series.map(({ name, base, points, judgements }) => [
    name,
    duration(base),
    ...points.slice(1).map(([, figure, cpu]) => `${ratio(figure)} (${ratio(cpu)})`),
    judgements.map(({ at, text }) => `${count(at)}: ${text}`).join('; '),
  ])
  const plot = (title, across, shown) =>
    curvePlot({
      title,
      across,
      series: shown.map(({ name, points }) => ({ name: name.replaceAll('`', ''), points })),
      bar: { value: 1.1, text: 'wanted at most' },
    })
  const ofProfiles = series.filter(({ name }) => name !== oneCache)
  const ofTokens = series.filter(({ name }) => name === oneCache)
  return {
    tables: [markdownTable(head, body)],
    plots: [
      {
        file: 'profiles.svg',
        title: 'what many profiles add',
        svg: plot('Times what a command costs with one profile', 'profiles', ofProfiles),
      },
      {
        file: 'tokens.svg',
        title: 'what many tokens of one profile add',
        svg: plot('Times what it costs with one token in the cache', 'tokens of one profile', ofTokens),
      },
    ],
    notes: ['In brackets: the same by processor time.'],
    bars: series.flatMap(({ name, judgements }) =>
      judgements.map(({ at, figure, text, met }) => ({
        what: `${name}, ${count(at)}: ${ratio(figure)}`,
        text,
        met,
      })),
    ),
  }
}

function curve(name, rows) {
  const own = rows.filter((row) => row.name === name)
  const [base] = own
  const points = own.map(({ number, wall, cpu }) => [number, wall / base.wall, cpu / base.cpu])
  const { at, most } = bars[name]
  const judgements = points
    .filter(([number]) => at.includes(number))
    .map(([number, figure]) => ({ at: number, figure, ...judged(figure, { most }) }))
  return { name, base: base.wall, points, judgements }
}

function copyOf(world, machine) {
  const home = makeHome()
  world.atEnd(home.remove)
  for (const folder of ['configDirectory', 'cacheDirectory']) {
    cpSync(machine[folder], home[folder], { recursive: true })
  }
  return home
}

/** As a team's file grows, each with an app of its own, and a token: `job` is the last that was added. */
async function withProfiles(world, machine, number) {
  const home = copyOf(world, machine)
  const path = join(home.configDirectory, 'profiles.json')
  const { profiles } = JSON.parse(readFileSync(path, 'utf8'))
  const job = profiles.find(({ name }) => name === 'job')
  const others = Array.from({ length: number - 1 }, (_, index) => ({ ...job, name: `team-${index}` }))
  written(path, JSON.stringify({ profiles: [...others, job] }, undefined, 2))
  const cache = (name) => join(home.cacheDirectory, `entra-auth-cli.${name}.bin`)
  // None of these is opened when somebody else's token is wanted: copies of one will do.
  for (const { name } of others) copyFileSync(cache('job'), cache(name))
  await mustRun(home, ['config', 'list'])
  return home
}

/** A token for each of many APIs in the cache of one profile, sealed as the program seals it. */
async function withTokens(world, machine, number) {
  const home = copyOf(world, machine)
  const { createHost, silentVoice, TokenCache } = await import('../../../build/doors.js')
  const host = createHost(Object.assign(Object.create(process), { env: home.env }))
  await new TokenCache('job', host, silentVoice).change(({ msalText, signedIn, tenantIds }) => {
    const cache = JSON.parse(msalText)
    const [[key, entry]] = Object.entries(cache.AccessToken)
    const others = Array.from({ length: number - 1 }, (_, index) => {
      const target = `api://app-${index}/.default`
      return [key.replace(entry.target, target), { ...entry, target }]
    })
    const AccessToken = Object.fromEntries([...others, [key, entry]])
    return { msalText: JSON.stringify({ ...cache, AccessToken }), signedIn, tenantIds }
  })
  return home
}
