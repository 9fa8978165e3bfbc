import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CompiledPlatform, compilePlatform } from '../unit/platform/compiled.ts'
import { quote } from '../support/session/environment.ts'

/**
 * Runs the calls named in its arguments, with the methods and arguments of the keychain, and prints what each came to, a
 * line each. `attended` before a call says that somebody is there; `shell` runs the rest.
 * `CLOCK` makes time pass so many times as fast, `ON_WAIT` is what the person does who is told to do something.
 */
const driver = `
import { execFileSync } from 'node:child_process'
import { systemClock } from './clock.js'
import { createKeychain } from './keychain.js'

const { CLOCK = '1', CLAIMED_USER, ON_WAIT } = process.env
const sleep = (milliseconds, signal) => systemClock.sleep(milliseconds / Number(CLOCK), signal)
const keychain = createKeychain({
  platform: 'linux',
  env: process.env,
  userId: Number(CLAIMED_USER ?? process.getuid()),
  ownCommand: [process.execPath, import.meta.dirname + '/child.mjs'],
  clock: { ...systemClock, sleep },
})
const print = (value) => console.log(JSON.stringify(value ?? null))
const onWait = (text) => {
  print({ said: text })
  if (ON_WAIT) execFileSync('bash', ['-euc', ON_WAIT])
}
for (const step of process.argv.slice(2)) {
  const words = step.split(' ')
  const attended = words[0] === 'attended' && words.shift() !== undefined
  const [method, ...given] = words
  if (method === 'shell') {
    execFileSync('bash', ['-euc', given.join(' ')])
    continue
  }
  if (method === 'set') given[1] = Buffer.from(given[1], 'hex')
  if (method === 'state') given[0] = { start: given[0] === 'start' }
  else given.push({ attended, onWait })
  try {
    const result = await keychain[method](...given)
    print(Buffer.isBuffer(result) ? result.toString('hex') : result)
  } catch ({ code, message, hint }) {
    print({ code, message, hint })
  }
}
process.exit()
`

/** What `dist/main.cjs __keychain` is, of the compiled platform. */
const child = `
import { runKeychainChild } from './keychain-child.js'
await runKeychainChild()
`

export interface KeychainDriver {
  /** Shell: the driver; its steps follow. */
  readonly command: string
  /** Shell: the process that makes one call of stdin. */
  readonly child: string
  remove(): void
}

export function makeDriver(): KeychainDriver {
  const compiled: CompiledPlatform = compilePlatform()
  const put = (name: string, text: string) => {
    const path = join(compiled.directory, name)
    writeFileSync(path, text)
    return [process.execPath, path].map(quote).join(' ')
  }
  return {
    command: put('driver.mjs', driver),
    child: put('child.mjs', child),
    remove: () => compiled.remove(),
  }
}

/** What the driver printed. */
export const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
