// Tokens as large as are read at all, in the shapes that make most work.
import { createSign, generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { duration, judged } from '../figures.mjs'
import { measure } from '../measure.mjs'
import { markdownTable } from '../table.mjs'
import { ours, written } from '../world.mjs'

const rounds = 3
const mostSeconds = 1

/** Each makes a little less than 10 MB of token, which is the most that is read. */
const shapes = {
  'one long text': `"text":"${'x'.repeat(7_700_000)}"`,
  '190,000 groups': `"groups":[${'"11111111-2222-3333-4444-555555555555",'.repeat(189_999)}"11111111-2222-3333-4444-555555555555"]`,
  '1.3 million members': `${'"a":1,'.repeat(1_289_999)}"a":1`,
}

export async function large(world) {
  const machine = await world.machine()
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] }
  const jwks = written(join(world.folder, 'keys.json'), JSON.stringify(keys))
  const now = Math.floor(Date.now() / 1000)
  const kinds = Object.entries(shapes).flatMap(([shape, claims], index) => {
    const file = (at) => {
      const payload = `{"iss":"https://issuer.example","iat":${now - at},"exp":${now + 36_000 - at},${claims}}`
      return written(join(world.folder, `large-${index}-${at}.txt`), signedToken(payload, privateKey))
    }
    const [one, other] = [file(0), file(60)]
    return Object.entries({
      '`inspect`': ['inspect', '-f', one],
      '`inspect -o pretty`': ['inspect', '-o', 'pretty', '-f', one],
      '`inspect -o yaml`': ['inspect', '-o', 'yaml', '-f', one],
      '`inspect --diff`': ['inspect', '--diff', one, other],
      '`validate --offline`': ['validate', '--offline', '--jwks', jwks, '-f', one],
    }).map(([name, words]) => ({ shape, ...ours(name, machine, words) }))
  })
  const rows = (await measure(world.runner, kinds, rounds)).map((row, index) => ({
    ...row,
    shape: kinds[index].shape,
  }))
  const names = [...new Set(rows.map(({ name }) => name))]
  const bars = rows.map(({ name, shape, wall }) => ({
    what: `${name} of ${shape}: ${duration(wall)}`,
    name,
    ...judged(wall / 1000, { most: mostSeconds, unit: ' s' }),
  }))
  const body = names.map((name) => {
    const own = rows.filter((row) => row.name === name)
    const isMet = bars.filter((bar) => bar.name === name).every(({ met }) => met)
    return [
      name,
      ...own.map(({ wall }) => `${(wall / 1000).toFixed(2)} s`),
      `≤ ${mostSeconds} s: ${isMet ? 'met' : 'missed'}`,
    ]
  })
  return { tables: [markdownTable(['a token of 10 MB', ...Object.keys(shapes), 'wanted'], body)], bars }
}

function signedToken(payload, privateKey) {
  const part = (text) => Buffer.from(text).toString('base64url')
  const signed = `${part('{"typ":"JWT","alg":"RS256","kid":"one"}')}.${part(payload)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`
}
