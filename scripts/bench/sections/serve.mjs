// What `serve` answers from memory in a second.
import { markdownTable } from '../table.mjs'
import { benchServe } from '../serve-load.mjs'

export async function serve(world) {
  const { tool, connections, flatOut, paced } = await benchServe(await world.machine())
  const row = (name, { requestsPerSecond, p50, p99 }) => [
    name,
    Math.round(requestsPerSecond).toLocaleString('en-US'),
    `${p50.toFixed(1)} ms`,
    `${p99.toFixed(1)} ms`,
  ]
  const head = [`\`serve\` from memory, by ${tool}`, 'requests a second', 'half within', '99 of 100 within']
  const rows = [row('all it can take', flatOut), row('some thousands a second', paced)]
  return { tables: [markdownTable(head, rows)], notes: [`Over ${connections} connections.`] }
}
