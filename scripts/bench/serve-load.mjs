// How many requests `serve` answers from memory, and how long the slowest of a hundred wait.
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { start } from '../../test/torture/machine.mjs'

// Enough to keep one processor busy. More would measure how long they wait for each other.
const connections = 16
const warmUpSeconds = 2

/** Between an answer and the next request, where there is more to do than to ask: makes less than 10,000 requests a second. */
const pauseMilliseconds = 1

/**
 * Loads `serve` with requests of Azure's SDKs for a token it holds: by `wrk` where that is installed, else from here.
 * Twice: with all that it can take, which says how many it answers, and with some thousands a second, which says how
 * long each waits when it is not out of breath.
 * @param machine with a profile `job`, as `startMachine` makes it
 * @returns `{ tool, seconds, connections, flatOut, paced }`, the last two `{ requestsPerSecond, p50, p99, refused }` with
 *   percentiles in milliseconds
 */
export async function benchServe(machine, seconds = 10) {
  const { child, ended } = start(machine, ['serve', '-p', 'job', '-o', 'json'])
  try {
    const variables = await firstObject(child)
    const url = `${variables.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https://graph.microsoft.com`
    const headers = { 'X-IDENTITY-HEADER': variables.IDENTITY_HEADER }
    const [tool, load] = hasWrk() ? ['wrk', byWrk] : ['node', byHand]
    await load(machine, url, headers, { seconds: warmUpSeconds, pause: 0 })
    const flatOut = await load(machine, url, headers, { seconds, pause: 0 })
    const paced = await load(machine, url, headers, { seconds, pause: pauseMilliseconds })
    return { tool, seconds, connections, flatOut, paced }
  } finally {
    child.kill('SIGINT')
    await ended
  }
}

function firstObject(child) {
  return new Promise((done, fail) => {
    let text = ''
    child.stdout.on('data', (more) => {
      text += more
      if (text.trimEnd().endsWith('}')) done(JSON.parse(text))
    })
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}`)))
  })
}

function hasWrk() {
  return spawnSync('sh', ['-c', 'command -v wrk']).status === 0
}

async function byWrk({ home }, url, headers, { seconds, pause }) {
  const script = join(home, 'wrk.lua')
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
  if (pause > 0) lines.push(`function delay() return ${pause} end`)
  writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o600 })
  const words = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '-s', script, url]
  const child = spawn('wrk', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more) => (text += more))
  await new Promise((done) => child.once('close', done))
  return {
    requestsPerSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(text)?.[1]),
    p50: milliseconds(/50%\s+(\S+)/.exec(text)?.[1]),
    p99: milliseconds(/99%\s+(\S+)/.exec(text)?.[1]),
    refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
  }
}

function milliseconds(text = '') {
  const [, number, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? []
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit]
}

/** One request at a time on each connection. It takes a processor of its own, so it shows less than wrk does. */
async function byHand(_machine, url, headers, { seconds, pause }) {
  const { hostname, port, host, pathname, search } = new URL(url)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`
  const times = []
  let refused = 0
  const end = performance.now() + seconds * 1000
  const client = () =>
    new Promise((done, fail) => {
      const socket = connect(Number(port), hostname)
      let began = 0
      let text = ''
      const ask = () => {
        if (performance.now() > end) return socket.end(done)
        began = performance.now()
        text = ''
        socket.write(request)
      }
      socket.setEncoding('latin1').setNoDelay().on('error', fail).on('connect', ask)
      socket.on('data', (more) => {
        text += more
        const head = text.indexOf('\r\n\r\n')
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
        if (head < 0 || text.length < head + 4 + length) return
        times.push(performance.now() - began)
        if (!text.startsWith('HTTP/1.1 200')) refused++
        if (pause > 0) setTimeout(ask, pause)
        else ask()
      })
    })
  await Promise.all(Array.from({ length: connections }, client))
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share) => sorted[Math.floor(sorted.length * share)]
  return {
    requestsPerSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    refused,
  }
}
