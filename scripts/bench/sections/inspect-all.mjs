// How many tokens `inspect --all` decodes in a second, from a file into a pipe that is read, and whether its memory
// stays as it is. Tokens are of the size Entra gives a user.
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { count, judged, megabytes } from '../figures.mjs'
import { markdownTable } from '../table.mjs'
import { ours } from '../world.mjs'

const tokens = 600_000
const wantedPerSecond = 100_000

export async function inspectAll(world) {
  const machine = await world.machine()
  const file = join(world.folder, 'tokens.txt')
  await writeTokens(file)
  const { wall, cpu, memory, lines } = await world.runner.run(
    ours('all', machine, ['inspect', '--all', '-f', file]),
  )
  if (lines !== undefined && lines !== tokens) throw new Error(`${lines} of ${tokens} lines`)
  const perSecond = Math.round((tokens / wall) * 1000)
  const perCpuSecond = cpu === undefined ? 'not told' : count(Math.round((tokens / cpu) * 1000))
  const verdict = judged(perSecond, { least: wantedPerSecond })
  const head = ['`inspect --all`', 'by the clock', 'by processor time', 'most memory', 'wanted']
  const what = `${count(tokens)} tokens of a user, a second`
  return {
    tables: [
      markdownTable(head, [
        [
          what,
          count(perSecond),
          perCpuSecond,
          megabytes(memory),
          `≥ ${count(wantedPerSecond)}: ${verdict.met ? 'met' : 'missed'}`,
        ],
      ]),
    ],
    bars: [{ what: `inspect --all: ${count(perSecond)} tokens a second`, ...verdict }],
  }
}

async function writeTokens(path) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = part({ typ: 'JWT', alg: 'RS256', x5t: 'x'.repeat(27), kid: 'x'.repeat(27) })
  const signature = Buffer.alloc(256, 7).toString('base64url')
  const file = createWriteStream(path)
  let lines = []
  for (let number = 0; number < tokens; number++) {
    lines.push(`${header}.${part(userClaims(number))}.${signature}\n`)
    if (lines.length === 1000) {
      if (!file.write(lines.join(''))) await once(file, 'drain')
      lines = []
    }
  }
  file.end(lines.join(''))
  await once(file, 'close')
}

const userClaims = (number) => ({
  aud: 'https://graph.microsoft.com',
  iss: 'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
  iat: 1_700_000_000 + number,
  nbf: 1_700_000_000 + number,
  exp: 1_700_003_600 + number,
  acct: 0,
  acr: '1',
  aio: 'x'.repeat(120),
  amr: ['pwd', 'mfa'],
  app_displayname: 'An app',
  appid: '12345678-1234-1234-1234-123456789abc',
  appidacr: '0',
  idtyp: 'user',
  ipaddr: '203.0.113.7',
  name: `User ${number}`,
  oid: '11111111-2222-3333-4444-555555555555',
  rh: 'x'.repeat(50),
  scp: 'Directory.Read.All Mail.Read User.Read profile openid email',
  sub: 'x'.repeat(43),
  tid: '87654321-4321-4321-4321-cba987654321',
  unique_name: `user${number}@contoso.example`,
  upn: `user${number}@contoso.example`,
  uti: 'x'.repeat(22),
  ver: '1.0',
  wids: ['b79fbf4d-3ef9-4689-8143-76b194e85509'],
})
