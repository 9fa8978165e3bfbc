// A token that must be requested: an app with a secret, at the sandbox on loopback, against scripts that make that one
// request.
import { join } from 'node:path'
import { judged } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { processTable } from '../table.mjs'
import { cachedToken, ours } from '../world.mjs'
import { clientOf } from '../sandbox-client.mjs'

const programs = join(import.meta.dirname, '..', 'programs')

export async function cold(world) {
  const machine = await world.machine()
  const { tokenUrl, clientId, clientSecret, caFile } = clientOf(machine)
  const env = {
    ...machine.env,
    TOKEN_URL: tokenUrl,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    NODE_EXTRA_CA_CERTS: caFile,
  }
  const script = (name, file) => ({ name, argv: [process.execPath, join(programs, file)], env })
  const byHttps = 'a script with `node:https`'
  const byFetch = 'a script with `fetch`'
  const name = '`get-token --force`'
  const get = ours(name, machine, [...cachedToken, '--force'])
  const rows = await measure(
    world.runner,
    [
      { name: 'an empty program', argv: [process.execPath, world.empty()], env: machine.env },
      script(byHttps, 'token-by-https.cjs'),
      script(byFetch, 'token-by-fetch.cjs'),
      get,
    ],
    world.rounds,
  )
  const { tables, bars } = processTable('a token from the sandbox', rows, [
    { name, most: 1.3, of: byHttps },
    { name, most: 1.3, of: byFetch },
  ])
  const before = await requests(machine)
  await world.runner.run(get)
  const made = (await requests(machine)) - before
  const { text, met } = judged(made, { most: 1 })
  return {
    tables,
    notes: [`Requests that one \`get-token --force\` makes after the first ever: ${made} (${text}).`],
    bars: [...bars, { what: `requests of a cold call: ${made}`, text, met }],
  }
}

/** Our own questions to the sandbox are none. */
async function requests(machine) {
  const all = await machine.control('requests')
  return all.filter(({ path }) => !path.startsWith('/sandbox/')).length
}
