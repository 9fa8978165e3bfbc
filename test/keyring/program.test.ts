/** The built program with the keyring of a person, from the first secret to a keyring that is out of reach. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedSecrets } from '../../sandbox/seed.ts'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { programUnderTest, quote } from '../support/session/environment.ts'
import { findDaemon, Home, lock, requireTools, start, unlock, unlockedBy, untilGone } from './session.ts'

let sandboxHome: Home
let sandbox: Sandbox
let home: Home

beforeAll(async () => {
  requireTools()
  sandboxHome = new Home()
  sandbox = await startSandbox({ port: 0, folder: join(sandboxHome.folder, 'sandbox') })
})
afterAll(async () => {
  await sandbox?.close()
  sandboxHome?.remove()
})
beforeEach(() => {
  home = new Home()
})
afterEach(() => home.remove())

const program = programUnderTest().map(quote).join(' ')

/** Shell: makes the profile "job", whose secret is sealed. */
const create = () => {
  const where = ['--tenant-id', contosoId, '--authority', sandbox.origin, '--ca-file', sandbox.caFile]
  const words = ['config', 'create', 'job', '--client-id', seedApps.daemonWithSecret, ...where]
  return `printf %s '${seedSecrets.daemonWithSecret}' | ${program} ${words.map(quote).join(' ')} --client-secret -`
}

/** Shell: a token for it, without or with the cache, within three seconds or not at all. */
const getToken = `timeout -s KILL 3 ${program} get-token -p job`
const getFreshToken = `${getToken} --force`

/** Shell: what lies in the person's home, and a digest of each file. */
const digest = `find "$HOME" -path "$HOME/run" -prune -o -type f -exec sha256sum {} + | sort`

/** Shell: runs a command that fails, shows what it says and its exit code, and whether it left the files as they were. */
const fails = (command: string) =>
  `before=$(${digest}); code=0; ${command} 2>&1 || code=$?; echo "exit $code"; [ "$before" = "$(${digest})" ] && echo 'nothing changed'`

const configFile = (name: string) => join(home.folder, '.config', 'entra-auth-cli', name)
const vault = () =>
  JSON.parse(readFileSync(configFile('vault.json'), 'utf8')) as {
    readonly vaultId: string
    readonly activeKeyId: string
    readonly slots: readonly { readonly type: string }[]
  }

const outOfReach = (why: RegExp) =>
  new RegExp(`^error: .*${why.source}.*; nothing was changed\\nhint: .+\\nexit 8\\nnothing changed\\n$`)

describe.each([
  ['gnome-keyring', () => unlock],
  ['a keyring that may ask', () => unlockedBy(home.impostor('kwalletd6'))],
])('with %s open', (_, open) => {
  it('keeps its key there and nowhere else, and finds it in the next session', async () => {
    const opened = open()
    const item = 'secret-tool search --all service entra-auth-cli 2>&1'
    const first = await home.inSession(`${opened}; ${create()} 2>&1; ${item}; ${getToken}`)
    const { slots, vaultId, activeKeyId } = vault()
    expect(slots).toMatchObject([{ type: 'keychain' }])
    expect(first).toContain(`attribute.username = ${vaultId}:${activeKeyId}`)
    expect(first).toMatch(/\neyJ[\w.-]+\n$/)
    expect(first).not.toContain('warning')
    expect(existsSync(configFile(join('secure', `key-${activeKeyId}.bin`)))).toBe(false)

    const second = await home.inSession(`${opened}; ${getFreshToken} 2>&1`)
    expect(second).toMatch(/^eyJ[\w.-]+\n$/)
    expect(vault()).toMatchObject({ vaultId, activeKeyId })
  })
})

describe('with the keyring that holds its key out of reach, ends at once with 8 and changes nothing:', () => {
  beforeEach(() => home.inSession(`${unlock}; ${create()}; ${getToken}`))

  it.each([
    ['a keyring that was locked meanwhile', `${unlock}; ${lock}`, /locked/],
    ['a keyring that nobody has unlocked', start, /locked/],
    ['a service that rests, and comes up locked', 'true', /locked|not running/],
    [
      'a daemon that was killed',
      `${unlock}; ${findDaemon}; kill -KILL $daemon; ${untilGone}`,
      /locked|not running/,
    ],
    ['a bus that is gone', 'export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus', /ENOENT/],
    ['no bus', 'unset DBUS_SESSION_BUS_ADDRESS', /no session D-Bus|ENOENT/],
  ])('%s', async (_, situation, why) => {
    const said = await home.inSession(`${situation}; ${fails(getFreshToken)}; ${fails(getToken)}`)
    const [first = '', second = ''] = said.split(/(?<=nothing changed\n)/)
    expect(first).toMatch(outOfReach(why))
    expect(second).toMatch(outOfReach(why))
    expect(await home.inSession(`${unlock}; ${getFreshToken}`)).toMatch(/^eyJ/)
  })

  it('a bus that offers no service', async () => {
    const said = await home.inSession(fails(getFreshToken), [home.bareBus()])
    expect(said).toMatch(outOfReach(/no Secret Service/))
  })

  it('a daemon that has stopped to answer', async () => {
    const stop = `${unlock}; ${findDaemon}; kill -STOP $daemon`
    expect(await home.inSession(`${stop}; ${fails(getFreshToken)}; kill -KILL $daemon`)).toMatch(
      outOfReach(/did not answer in time/),
    )
  })
})

describe('a vault that moves', () => {
  const secretFolder = () => readdirSync(configFile('secure')).toSorted()
  const items = 'secret-tool search --all service entra-auth-cli 2>&1 | grep -c attribute.username || true'

  it('from a key file into the keychain and on to a new key there leaves one item and no file', async () => {
    await home.inSession(`${create()}; ${getToken}`, [home.bareBus()])
    const before = vault()
    expect(before.slots).toMatchObject([{ type: 'key-file' }])

    const said = await home.inSession(
      `${unlock}; ${program} vault migrate --to keychain 2>&1; ${items}; ${program} vault rekey 2>&1; ${items}; ${getToken}`,
    )
    expect(said).toMatch(
      /^✓ The vault has a new key in the keychain; 2 files were sealed anew\n1\n✓ .*; 2 files .*\n1\neyJ[\w.-]+\n$/,
    )
    expect(vault().slots).toMatchObject([{ type: 'keychain' }])
    expect(vault().activeKeyId).not.toBe(before.activeKeyId)
    expect(secretFolder()).toEqual(['job.client-secret.bin'])
  })

  it('out of the keychain takes its key away there', async () => {
    const said = await home.inSession(
      `${unlock}; ${create()}; ${program} vault migrate --to key-file 2>&1; ${items}; ${getToken}`,
    )
    expect(said).toMatch(/^✓ .*a key file; 1 file was sealed anew\n0\neyJ[\w.-]+\n$/)
    expect(vault().slots).toMatchObject([{ type: 'key-file' }])
    expect(await home.inSession(getToken, [home.bareBus()])).toMatch(/^eyJ/)
  })
})
