/** The rungs of the sign-in ladder that a terminal shows: pasting the redirected address, and a device code with its QR. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seedPassword } from '../../sandbox/seed.ts'
import { eventually } from '../support/eventually.ts'
import { walk } from '../support/form-browser.ts'
import { leftFiles, runningPrograms } from '../support/leftovers.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { TmuxTerminal, type TerminalOptions } from '../support/tmux.ts'

const tokenLine = /^[\w-]+\.[\w-]+\.[\w-]+\n$/
const ssh = { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.10 22', USER: 'bob' }

let world: SandboxWorld
let terminal: TmuxTerminal
beforeAll(async () => {
  world = await startSandboxWorld()
  await world.createProfile('alpha', 'desktop', '--scope', 'api://contoso-api/access_as_user')
})
afterAll(() => world?.end())
afterEach(async () => {
  await terminal.close()
  world.sandbox.control.clearFaults()
  rmSync(join(world.home, '.msal'), { recursive: true, force: true })
})

async function sit(options: TerminalOptions = {}) {
  terminal = await TmuxTerminal.open(world, { columns: 80, rows: 30, ...options })
}

const output = (name: string) => readFileSync(join(world.workFolder, name), 'utf8')

/** Where the screen says to sign in; the address is the one line that begins with it. */
const signInAddress = (shown: string) => /^https:\S+\/authorize\S+$/m.exec(shown)?.[0] ?? ''

/** The address a browser elsewhere ends up on, having signed in as Bob. */
async function endedUpOn(address: string): Promise<string> {
  const ca = readFileSync(world.sandbox.caFile, 'utf8')
  const { url } = await walk(address, {
    ca,
    answers: { username: 'bob@contoso.com', password: seedPassword },
  })
  return url.href
}

async function expectNothingLeft() {
  await eventually(() => expect(runningPrograms(world)).toEqual([]), 5)
  expect(leftFiles(world)).toEqual([])
}

describe('behind SSH', () => {
  it('a person pastes the address they end up on, of which the screen shows nothing that counts', async () => {
    await sit({ env: ssh })
    await terminal.start('entra-auth-cli get-token -p alpha > pasted.txt')
    const shown = await terminal.shows(/Address \(Enter alone: a device code\):$/)
    const address = signInAddress(shown)
    const redirectUri = new URL(address).searchParams.get('redirect_uri') ?? ''
    const port = new URL(redirectUri).port
    expect(shown.split('\n')).toEqual([
      "Authenticating with profile 'alpha'...",
      'No browser can be opened here (this is an SSH session).',
      'To sign in, open this address in a browser, on this machine or another:',
      '',
      address,
      '',
      'A browser on this machine needs no more. One elsewhere ends up on a page that',
      'does not load: copy the address of that page and paste it here. It begins with',
      `  ${redirectUri}`,
      'If the page shows an error, type its number, such as AADSTS50011.',
      '',
      'To need no paste, run this first on the machine with the browser:',
      `  ssh -N -L ${port}:localhost:${port} bob@192.0.2.10`,
      '',
      'Address (Enter alone: a device code):',
    ])
    await terminal.keep('paste')

    const landed = await endedUpOn(address)
    await terminal.type(landed)
    await terminal.shows(new RegExp(`: ${redirectUri}… \\(${landed.length} characters\\)$`))
    await terminal.keep('pasted')
    await terminal.press('Enter')
    const { code, shown: all } = await terminal.ended()
    expect(code, all).toBe(0)
    expect(all).toMatch(/✓ Token acquired successfully$/)
    expect(output('pasted.txt')).toMatch(tokenLine)
    const secret = new URL(landed).searchParams.get('code') ?? 'no code'
    expect(await terminal.everything()).not.toContain(secret.slice(0, 20))
    await expectNothingLeft()
  })

  it('says what is wrong with what was pasted, and asks on', async () => {
    await sit({ env: ssh })
    await terminal.start('entra-auth-cli get-token -p alpha > pasted.txt')
    const address = signInAddress(await terminal.shows(/Address \(.*$/))
    const landed = await endedUpOn(address)
    const forged = new URL(landed)
    forged.searchParams.set('state', 'of-another')
    await terminal.type(forged.href)
    await terminal.press('Enter')
    await terminal.shows(/^ {2}this answer belongs to another sign-in\nAddress \(.*:$/m)
    await terminal.type('hello')
    await terminal.press('Enter')
    await terminal.shows(/^ {2}this is not the address of the page you end up on\nAddress \(.*:$/m)
    await terminal.keep('paste-refused')
    await terminal.type(landed)
    await terminal.press('Enter')
    expect((await terminal.ended()).code).toBe(0)
    expect(output('pasted.txt')).toMatch(tokenLine)
  })

  it('the listener goes on listening: a tunnel makes the paste unneeded', async () => {
    await sit({ env: ssh })
    await terminal.start('entra-auth-cli get-token -p alpha > tunnel.txt')
    const shown = await terminal.shows(/Address \(.*$/)
    const ca = readFileSync(world.sandbox.caFile, 'utf8')
    const answers = { username: 'bob@contoso.com', password: seedPassword }
    const page = await walk(signInAddress(shown), { ca, answers, deliver: true })
    expect([page.status, page.html]).toEqual([200, expect.stringContaining('You are signed in')])
    const { code, shown: all } = await terminal.ended()
    expect(code, all).toBe(0)
    expect(all).toMatch(/Address \(Enter alone: a device code\): ?\n✓ Token acquired successfully$/)
    expect(output('tunnel.txt')).toMatch(tokenLine)
    // The terminal is the shell's again: what is typed shows.
    expect((await terminal.run('echo as before')).shown).toBe('as before')
  })

  it('Ctrl-C ends it, with its port closed and the terminal as it was', async () => {
    await sit({ env: ssh })
    await terminal.start('entra-auth-cli get-token -p alpha')
    await terminal.shows(/Address \(.*$/)
    await terminal.press('C-c')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(130)
    expect(shown).toMatch(/\nerror: interrupted$/)
    expect((await terminal.run('echo as before')).shown).toBe('as before')
    await expectNothingLeft()
  })

  it('Enter alone takes a device code, with a QR code beside it', async () => {
    await sit({ env: ssh })
    await terminal.start('entra-auth-cli get-token -p alpha > device.txt')
    await terminal.shows(/Address \(.*$/)
    await terminal.press('Enter')
    const shown = await terminal.shows(/Waiting for authentication/)
    expect(shown).toMatch(/and enter the code: +[A-Z0-9]{9}\n\n( {2}[█▀▄ ]{29,}\n){15,}\nWaiting/)
    await terminal.keep('device-code-with-qr')
    const [, userCode = ''] = /enter the code: +(\w+)/.exec(shown) ?? []
    world.sandbox.control.approveDeviceCode(userCode, 'bob@contoso.com')
    expect((await terminal.ended()).code).toBe(0)
    expect(output('device.txt')).toMatch(tokenLine)
  })

  it('tells an error page by its number, and offers the next way', async () => {
    await sit({ env: ssh })
    await terminal.start(
      'entra-auth-cli get-token -p alpha --redirect-uri http://localhost/elsewhere > told.txt',
    )
    await terminal.shows(/Address \(.*$/)
    await terminal.type('AADSTS50011')
    await terminal.shows(/AADSTS50011$/)
    await terminal.press('Enter')
    const shown = await terminal.shows(/Try a device code instead\?/)
    expect(shown).toMatch(/\(AADSTS50011\)\.\n/)
    await terminal.keep('next-rung-offered')
    await terminal.press('Enter')
    const code = /enter the code: +(\w+)/.exec(await terminal.shows(/Waiting for authentication/))?.[1] ?? ''
    world.sandbox.control.approveDeviceCode(code, 'bob@contoso.com')
    expect((await terminal.ended()).code).toBe(0)
    expect(output('told.txt')).toMatch(tokenLine)
  })
})

describe('a device code that Entra refuses', () => {
  it('is explained, and a browser offered, which a person may decline', async () => {
    await sit()
    // This app is not allowed to be a public client: Entra says so at the first poll, AADSTS7000218.
    await world.createProfile('confidential', 'web', '--scope', 'api://contoso-api/access_as_user')
    await terminal.start('BROWSER=true entra-auth-cli get-token -p confidential -f device-code > refused.txt')
    const shown = await terminal.shows(/Try a sign-in in a browser instead\?/)
    expect(shown).toMatch(/\(AADSTS7000218\)\.\n/)
    await terminal.keep('refused')
    await terminal.press('n')
    const { code, shown: all } = await terminal.ended()
    expect([code, output('refused.txt')]).toEqual([2, ''])
    expect(all).toMatch(/error: .*\(AADSTS7000218\)\nhint: .*public client/)
    await expectNothingLeft()
  })
})

describe('a device code that a policy of the tenant blocks', () => {
  it('is explained, and the next rung leads to the token', async () => {
    await sit({ env: ssh })
    world.sandbox.control.addFault({ grantType: 'device_code', times: 9, effect: { kind: 'blocked' } })
    await terminal.start('entra-auth-cli get-token -p alpha -f device-code > blocked.txt')
    const refused = await terminal.shows(/Try a sign-in in a browser of your choice instead\?/)
    expect(refused).toMatch(/^Conditional access blocked the sign-in \(AADSTS53003\)\.$/m)
    await terminal.keep('blocked')
    await terminal.press('Enter')
    const shown = await terminal.shows(/^Address:$/m)
    expect(shown).not.toContain('a device code')
    await terminal.type(await endedUpOn(signInAddress(shown)))
    await terminal.press('Enter')
    const { code, shown: all } = await terminal.ended()
    expect(code, all).toBe(0)
    expect(output('blocked.txt')).toMatch(tokenLine)
    await expectNothingLeft()
  })
})

describe('a QR code', () => {
  it('is left out where it would scroll the code away, or the terminal cannot show it', async () => {
    await sit({ rows: 20 })
    await terminal.start('entra-auth-cli get-token -p alpha -f device-code')
    expect(await terminal.shows(/Waiting for authentication/)).not.toMatch(/[█▀▄]/)
    await terminal.press('C-c')
    await terminal.ended()
    await terminal.close()

    await sit({ env: { LANG: 'C', LC_ALL: 'C' } })
    await terminal.start('entra-auth-cli get-token -p alpha -f device-code')
    expect(await terminal.shows(/Waiting for authentication/)).not.toMatch(/[█▀▄]/)
    await terminal.press('C-c')
    await terminal.ended()
  })

  it('is light on dark whatever the colours of the terminal, and plain under NO_COLOR', async () => {
    await sit({ columns: 120, rows: 40 })
    const show = async (command: string) => {
      await terminal.start(command)
      await terminal.shows(/Waiting for authentication/)
      const seen = await terminal.everything({ colours: true })
      await terminal.press('C-c')
      await terminal.ended()
      return seen
        .split('\n')
        .filter((line) => /[█▀▄]{4}/.test(line))
        .slice(-15)
    }
    const coloured = await show('entra-auth-cli get-token -p alpha -f device-code')
    await terminal.keep('device-code-wide')
    const escape = '\u001b['
    expect(coloured.every((line) => line.includes(`${escape}97m`) || line.includes('97m'))).toBe(true)
    const plain = await show('NO_COLOR=1 entra-auth-cli get-token -p alpha -f device-code')
    expect(plain.filter((line) => line.includes('\u001b'))).toEqual([])
  })
})
