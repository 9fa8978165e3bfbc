/** `get-token` as somebody at a terminal meets it, short of the browser, which has a suite of its own. */
import { connect } from 'node:net'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { eventually } from '../support/eventually.ts'
import { leftFiles, runningPrograms } from '../support/leftovers.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { TmuxTerminal } from '../support/tmux.ts'

const tokenLine = /^[\w-]+\.[\w-]+\.[\w-]+\n$/
/** Generous: it takes a tenth of that on an idle machine. */
const promptMilliseconds = 2_000

let world: SandboxWorld
let terminal: TmuxTerminal
beforeAll(async () => {
  world = await startSandboxWorld()
  await world.createProfile('alpha', 'desktop', '--scope', 'api://contoso-api/access_as_user')
  await world.createProfile('beta', 'desktop', '--scope', 'api://contoso-api/access_as_user')
  const secretFile = join(world.root, 'secret')
  writeFileSync(secretFile, seedSecrets.daemonWithSecret)
  const flags = ['--scope', 'https://graph.microsoft.com/.default', '--client-secret-file', secretFile]
  await world.createProfile('daemon', 'daemonWithSecret', ...flags)
})
afterAll(() => world?.end())
beforeEach(async () => {
  terminal = await TmuxTerminal.open(world)
  // Whoever signed in before is not signed in any more.
  rmSync(join(world.home, '.msal'), { recursive: true, force: true })
})
afterEach(() => terminal.close())

const output = (name: string) => readFileSync(join(world.workFolder, name), 'utf8')

/** Presses Ctrl-C and tells how the command ended and how long that took. */
async function interrupt() {
  const from = Date.now()
  await terminal.press('C-c')
  const ended = await terminal.ended()
  return { ...ended, milliseconds: Date.now() - from }
}

/** Nothing runs on, and no lock or half a file stays. */
async function expectNothingLeft() {
  await eventually(() => expect(runningPrograms(world)).toEqual([]), 5)
  expect(leftFiles(world)).toEqual([])
}

describe('with several profiles', () => {
  it('lets a person pick one with the arrow keys', async () => {
    await terminal.start('entra-auth-cli get-token --flow device-code > picked.txt')
    await terminal.shows(/Which profile\?/)
    await terminal.shows(/● alpha/)
    await terminal.press('Down')
    await terminal.shows(/● beta/)
    await terminal.keep('picker')
    await terminal.press('Enter')
    const shown = await terminal.shows(/Waiting for authentication/)
    expect(shown).toMatch(/Authenticating with profile 'beta'/)
    world.sandbox.control.approveDeviceCode(userCode(shown), 'bob@contoso.com')
    expect((await terminal.ended()).code).toBe(0)
    expect(output('picked.txt')).toMatch(tokenLine)
  })

  it('asks nothing of Entra when the question is refused', async () => {
    const before = world.sandbox.requests.length
    await terminal.start('entra-auth-cli get-token')
    await terminal.shows(/Which profile\?/)
    const { code, shown } = await interrupt()
    expect([code, world.sandbox.requests.length - before]).toEqual([130, 0])
    expect(shown).toMatch(/error: interrupted; nothing was changed$/)
    await expectNothingLeft()
  })
})

describe('with a device code', () => {
  it('shows where to go and what to enter, then the token alone on stdout', async () => {
    await terminal.start('entra-auth-cli get-token -p alpha -f device-code > device.txt')
    const shown = await terminal.shows(/Waiting for authentication/)
    const isPicture = (line: string) => /^ {2}[█▀▄ ]+$/.test(line)
    expect(shown.split('\n').filter((line) => !isPicture(line))).toEqual([
      "Authenticating with profile 'alpha'...",
      'Device Code Authentication',
      `To sign in, use a web browser to open:  ${world.sandbox.origin}/common/oauth2/deviceauth`,
      expect.stringMatching(/^and enter the code: +[A-Z0-9]{9}$/),
      '',
      '',
      expect.stringMatching(
        /^Waiting for authentication\.\.\. \(the code expires in 15 minutes, Ctrl-C cancels\)$/,
      ),
    ])
    await terminal.keep('device-code')
    world.sandbox.control.approveDeviceCode(userCode(shown), 'bob@contoso.com')
    const { code, shown: all } = await terminal.ended()
    expect(code, all).toBe(0)
    expect(all).toMatch(/✓ Token acquired successfully$/)
    expect(output('device.txt')).toMatch(tokenLine)
  })

  it('asks under --silent too, for nobody could go on without, and says no more', async () => {
    await terminal.start('entra-auth-cli get-token -p alpha -f device-code --silent > quiet.txt')
    const shown = await terminal.shows(/and enter the code/)
    expect(shown).not.toMatch(/Authenticating/)
    world.sandbox.control.approveDeviceCode(userCode(shown), 'zoe@contoso.com')
    const { code, shown: all } = await terminal.ended()
    expect(code, all).toBe(0)
    expect(all).not.toMatch(/✓|successfully/)
    expect(output('quiet.txt')).toMatch(tokenLine)
  })

  it('ends at once on Ctrl-C, leaves nothing behind, and works the next time', async () => {
    const command = 'entra-auth-cli get-token -p beta -f device-code --scope api://contoso-api/Files.Read'
    await terminal.start(`${command} > stopped.txt`)
    await terminal.shows(/Waiting for authentication/)
    const { code, shown, milliseconds } = await interrupt()
    expect(code).toBe(130)
    expect(shown).toMatch(/\^C\nerror: interrupted$/)
    expect(milliseconds).toBeLessThan(promptMilliseconds)
    await terminal.keep('device-code-interrupted')
    expect(output('stopped.txt')).toBe('')
    await expectNothingLeft()

    await terminal.start(`${command} > again.txt`)
    const code2 = userCode(await terminal.shows(/Waiting for authentication/))
    world.sandbox.control.approveDeviceCode(code2, 'bob@contoso.com')
    expect((await terminal.ended()).code).toBe(0)
    expect(output('again.txt')).toMatch(tokenLine)
  })

  it('is what happens by itself where no browser can open and nobody can paste, which is said', async () => {
    await terminal.start('true | BROWSER=none entra-auth-cli get-token -p alpha')
    const shown = await terminal.shows(/Waiting for authentication/)
    expect(shown).toMatch(/No browser can be opened here \(BROWSER is set to "none"\): using a device code\./)
    expect((await interrupt()).code).toBe(130)
  })
})

describe('with a browser', () => {
  it('says so, prints the address too, and ends at once on Ctrl-C with its port closed', async () => {
    await terminal.start('BROWSER=true entra-auth-cli get-token -p alpha > browser.txt')
    const shown = await terminal.shows(
      /redirect_uri=http%3A%2F%2Flocalhost%3A\d+[\s\S]*code_challenge_method[\s\S]*\nIf the page shows an error, press Ctrl-C and give its number to "entra-auth-cli explain"\.$/,
    )
    expect(shown).toMatch(
      /Opening browser for authentication\.\.\.\nIf no browser opened, sign in at:\n {2}https:/,
    )
    await terminal.keep('browser-opened')
    const port = Number(/localhost%3A(\d+)/.exec(shown)?.[1])
    expect(await isListening(port)).toBe(true)
    const { code, shown: all, milliseconds } = await interrupt()
    expect([code, await isListening(port)]).toEqual([130, false])
    expect(all).toMatch(/\^C\nerror: interrupted$/)
    expect(milliseconds).toBeLessThan(promptMilliseconds)
    expect(output('browser.txt')).toBe('')
    await expectNothingLeft()
  })

  it('says so too where the browser it was to open failed', async () => {
    await terminal.start('BROWSER=false entra-auth-cli get-token -p alpha -f interactive-browser')
    const shown = await terminal.shows(
      /The browser did not start\.\nTo sign in, open this address in a browser, on this machine or another:\n\nhttps:/,
    )
    expect(shown).not.toMatch(/Opening browser/)
    expect((await interrupt()).code).toBe(130)
  })

  it('lets a second one wait, which Ctrl-C ends alone', async () => {
    const other = await TmuxTerminal.open(world)
    try {
      await terminal.start('BROWSER=true entra-auth-cli get-token -p alpha')
      await terminal.shows(/sign in at/)
      await other.start('BROWSER=true entra-auth-cli get-token -p alpha')
      await other.shows(/Waiting for process \d+, which is getting this token already\.\.\./)
      await other.keep('waiting-for-another')
      await other.press('C-c')
      expect((await other.ended()).code).toBe(130)
      expect(runningPrograms(world)).toHaveLength(1)
      // The first one still holds what the checks below look for.
      expect(leftFiles(world)).toHaveLength(1)
      expect((await interrupt()).code).toBe(130)
      await expectNothingLeft()
    } finally {
      await other.close()
    }
  })
})

describe('with a secret', () => {
  it('says nothing but the token, and in a terminal what it did', async () => {
    const { code, shown } = await terminal.run('entra-auth-cli get-token -p daemon --force > app.txt')
    expect([code, shown]).toEqual([
      0,
      "Authenticating with profile 'daemon'...\n✓ Token acquired successfully",
    ])
    expect(output('app.txt')).toMatch(tokenLine)
  })

  it('ends at once on Ctrl-C while Entra takes its time, and leaves nothing behind', async () => {
    const { control, requests } = world.sandbox
    control.addFault({ path: '/oauth2/v2.0/token', effect: { kind: 'delay', milliseconds: 20_000 } })
    const before = requests.length
    await terminal.start('entra-auth-cli get-token -p daemon --force')
    await terminal.shows(/Authenticating/)
    await eventually(() => expect(leftFiles(world)).toHaveLength(1))
    const { code, shown, milliseconds } = await interrupt()
    expect([code, requests.slice(before).filter(({ grantType }) => grantType)]).toEqual([130, []])
    expect(shown).toMatch(/\^C\nerror: interrupted$/)
    expect(milliseconds).toBeLessThan(promptMilliseconds)
    await expectNothingLeft()
    control.clearFaults()
    expect((await terminal.run('entra-auth-cli get-token -p daemon > app.txt')).code).toBe(0)
  })
})

function userCode(shown: string): string {
  return /enter the code: +(\w+)/.exec(shown)?.[1] ?? ''
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
