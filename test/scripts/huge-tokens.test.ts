/**
 * Tokens of 10 MB that are made to be slow: whoever reads one answers, and holds no more memory than a small machine has.
 * How long it takes is for the bench to say.
 */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maximumTokenLength } from '../../src/jwt/decode.ts'
import { cli } from '../support/cli.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { base64url } from '../unit/jwt/tokens.ts'

const header = base64url('{"alg":"RS256","kid":"x"}')
const room = Math.floor(((maximumTokenLength - 100) * 3) / 4)

/** As many items as there is room for. */
function filled(start: string, item: (index: number) => string, end: string): string {
  const items: string[] = []
  for (let bytes = start.length + end.length; ;) {
    const next = item(items.length)
    bytes += Buffer.byteLength(next) + 1
    if (bytes > room) return start + items.join(',') + end
    items.push(next)
  }
}

const payloads: Readonly<Record<string, string>> = {
  'one name, a million times': filled('{', () => '"a":1', '}'),
  'half a million names': filled('{', (index) => `"k${index}":1`, '}'),
  'names that hide': filled('{', (index) => `"\u009b\u202e${index}":"\u202e"`, '}'),
  'names in escapes': filled('{', (index) => String.raw`"\u0061${index}":1`, '}'),
  'millions of numbers': filled('{"a":[', () => '1', ']}'),
  'millions of empty objects': filled('{"a":[', () => '{}', ']}'),
  'brackets as deep as they may be': filled('{"a":[', () => '['.repeat(29) + ']'.repeat(29), ']}'),
  'objects as deep as they may be': filled('{"a":[', () => '{"b":'.repeat(29) + '1' + '}'.repeat(29), ']}'),
  'millions of scopes': `{"scp":"${'a '.repeat((room - 10) / 2)}"}`,
  'millions of audiences': filled('{"aud":[', () => '"a"', ']}'),
  'a name of megabytes beside others': `{"${'n'.repeat(5_000_000)}":1,${filled(
    '',
    (index) => `"k${index}":1`,
    '',
  )
    .slice(0, 100_000)
    .replace(/,[^,]*$/, '')}}`,
}

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })

// In megabytes: what the earlier way, with an object for every value, took many times over.
const littleMemory = { NODE_OPTIONS: '--max-old-space-size=256' }

describe.each(Object.entries(payloads))('a token of %s', (_shape, payload) => {
  let world: World
  beforeAll(() => {
    world = makeWorld(littleMemory)
    writeFileSync(join(world.workFolder, 'huge.txt'), `${header}.${base64url(payload)}.c2ln`)
    writeFileSync(join(world.workFolder, 'small.txt'), `${header}.${base64url('{"a":[1]}')}.c2ln`)
    writeFileSync(join(world.workFolder, 'keys.json'), JSON.stringify({ keys: [key] }))
  })
  afterAll(() => world.remove())

  it.each([
    'inspect -f huge.txt --claims',
    'inspect -f huge.txt -o yaml',
    'inspect --all -f huge.txt',
    'inspect --diff huge.txt small.txt',
    'inspect --diff small.txt huge.txt -o json',
    'inspect -f huge.txt -o pretty',
    'discover -f huge.txt -o json',
    'validate -f huge.txt --jwks keys.json --offline',
  ])(
    '%s answers',
    async (command) => {
      const { code, stdout, stderr } = await cli(command.split(' '), { world, timeoutSeconds: 50 })
      expect(stderr).not.toMatch(/unexpected|heap|abort/i)
      expect([0, 1]).toContain(code)
      expect(stdout === '').toBe(
        stderr.startsWith('error: invalid token: the payload holds more than a million'),
      )
    },
    60_000,
  )
})
