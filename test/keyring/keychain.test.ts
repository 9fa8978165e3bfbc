import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CompiledPlatform, compilePlatform } from '../unit/platform/compiled.ts'
import { Home, requireTools, start, unlock } from './session.ts'

let compiled: CompiledPlatform
let home: Home
let node: string

/** A program that runs the keychain's calls named in its arguments and prints what each came to, a line each. */
const driver = `
import { createKeychain } from './keychain.js'
const keychain = createKeychain({ platform: 'linux', env: process.env, userId: process.getuid() })
for (const step of process.argv.slice(2)) {
  const [method, ...given] = step.split(' ')
  if (method === 'set') given[1] = Buffer.from(given[1], 'hex')
  try {
    const result = await keychain[method](...given)
    console.log(JSON.stringify(Buffer.isBuffer(result) ? result.toString('hex') : (result ?? null)))
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }))
  }
}
`

beforeAll(() => {
  requireTools()
  compiled = compilePlatform()
  const path = join(compiled.directory, 'keychain-driver.mjs')
  writeFileSync(path, driver)
  node = `'${process.execPath}' '${path}'`
})
afterAll(() => compiled?.remove())
beforeEach(() => {
  home = new Home()
})
afterEach(() => home.remove())

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('an open keyring', () => {
  it('keeps 32 bytes exactly, zeros and all, until they are removed', async () => {
    const secret = `00ff${'0a'.repeat(28)}0000`
    const steps = `state 'get vault:1' 'set vault:1 ${secret}' 'get vault:1' 'remove vault:1' 'get vault:1' 'remove vault:1'`
    const [state, ...results] = lines(await home.inSession(`${unlock}; ${node} ${steps}`))
    expect(state).toEqual({ kind: 'available', provider: 'gnome-keyring-d' })
    expect(results).toEqual([null, null, secret, true, null, false])
  })

  it('hands the secret to the next session of the same person', async () => {
    await home.inSession(`${unlock}; ${node} 'set vault:1 cafe'`)
    expect(lines(await home.inSession(`${unlock}; ${node} 'get vault:1'`))).toEqual(['cafe'])
  })

  it('is really written to: another program finds the item under our service name', async () => {
    const script = `${unlock}; ${node} 'set vault:1 6162634142435f' >/dev/null; secret-tool search --all service entra-auth-cli 2>&1`
    expect(await home.inSession(script)).toContain('secret = abcABC_')
  })

  it('keeps accounts apart', async () => {
    const steps = `'set a:1 01' 'set b:1 02' 'get a:1' 'get b:1'`
    expect(lines(await home.inSession(`${unlock}; ${node} ${steps}`))).toEqual([null, null, '01', '02'])
  })

  it('loads no library that a variable names', async () => {
    const script = `${unlock}; NAPI_RS_NATIVE_LIBRARY_PATH=/nonexistent.node ${node} state`
    expect(lines(await home.inSession(script))).toEqual([{ kind: 'available', provider: 'gnome-keyring-d' }])
  })
})

describe('a keyring that cannot be used is an answer at once, never a dialog', () => {
  const refusal = (message: RegExp, hint: RegExp) => ({
    code: 'store_unavailable',
    message: expect.stringMatching(message) as string,
    hint: expect.stringMatching(hint) as string,
  })

  it('says that it is locked, and how to unlock it', async () => {
    await home.inSession(`${unlock}; ${node} 'set vault:1 cafe'`)
    const results = lines(
      await home.inSession(`${start}; ${node} state 'get vault:1' 'set vault:1 01' 'remove vault:1'`),
    )
    const locked = refusal(/the keyring is locked/, /gnome-keyring-daemon --unlock/)
    expect(results).toEqual([{ kind: 'locked', reason: 'the keyring is locked' }, locked, locked, locked])
  })

  it('leaves what a locked keyring holds as it was', async () => {
    await home.inSession(`${unlock}; ${node} 'set vault:1 cafe'`)
    await home.inSession(`${start}; ${node} 'remove vault:1'`)
    expect(lines(await home.inSession(`${unlock}; ${node} 'get vault:1'`))).toEqual(['cafe'])
  })

  it('says that there is no default keyring yet', async () => {
    const results = lines(await home.inSession(`${start}; ${node} state 'get vault:1'`))
    expect(results).toEqual([
      { kind: 'no-collection', reason: 'the Secret Service has no default keyring yet' },
      refusal(/no default keyring/, /make a default keyring/),
    ])
  })

  it('does not start a service that could be started', async () => {
    const results = lines(await home.inSession(`${node} state 'get vault:1' state`))
    const resting = { kind: 'no-service', reason: 'the Secret Service is installed but not running' }
    expect(results).toEqual([resting, refusal(/installed but not running/, /--start/), resting])
  })

  it('says that nobody offers a Secret Service', async () => {
    const results = lines(await home.inSession(`${node} state`, [home.bareBus()]))
    expect(results).toEqual([{ kind: 'no-service', reason: 'no Secret Service on the session D-Bus' }])
  })

  it('says that there is no session bus', async () => {
    const results = lines(await home.withoutSession(`unset XDG_RUNTIME_DIR; ${node} state 'get vault:1'`))
    expect(results).toEqual([
      { kind: 'no-bus', reason: 'no session D-Bus' },
      refusal(/no session D-Bus/, /ENTRA_AUTH_CLI_KEY/),
    ])
  })

  it.each([
    ['a socket that is gone', 'unix:path=/nonexistent/bus', /ENOENT/],
    ['an abstract socket nobody listens on', 'unix:abstract=/nonexistent-entra-auth-cli', /ECONNREFUSED/],
  ])('says why the bus cannot be used: %s', async (_, address, why) => {
    const [state] = lines(
      await home.withoutSession(`export DBUS_SESSION_BUS_ADDRESS='${address}'; ${node} state`),
    )
    expect(state).toEqual({ kind: 'no-bus', reason: expect.stringMatching(why) as string })
  })
})
