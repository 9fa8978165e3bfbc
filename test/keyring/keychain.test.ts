import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type KeychainDriver, lines, makeDriver } from './driver.ts'
import {
  findDaemon,
  Home,
  requireTools,
  start,
  unlock,
  unlockedBy,
  untilGone,
  untilOwned,
} from './session.ts'

let driver: KeychainDriver
let home: Home
let keychain: string

beforeAll(() => {
  requireTools()
  driver = makeDriver()
  keychain = driver.command
})
afterAll(() => driver?.remove())
beforeEach(() => {
  home = new Home()
})
afterEach(() => home.remove())

const gnome = 'gnome-keyring-daemon'
const resting = { kind: 'activatable', reason: 'the Secret Service is installed but not running' }
const secrets = 'org.freedesktop.secrets'

const refusal = (message: RegExp, hint: RegExp) => ({
  code: 'store_unavailable',
  message: expect.stringMatching(message) as string,
  hint: expect.stringMatching(hint) as string,
})
const locked = refusal(
  /^the keychain cannot be used: the keyring is locked$/,
  /gnome-keyring-daemon --replace --unlock/,
)
const unlocking = { said: 'Unlock the keyring in the dialog on your desktop (Ctrl-C stops)' }

describe.each([
  ['gnome-keyring, asked by this process', () => gnome, gnome],
  ['a keyring that may ask, asked by a child', () => home.impostor('kwalletd6'), 'kwalletd6'],
])('an open keyring: %s', (_, daemon, provider) => {
  it('keeps 32 bytes exactly, zeros and all, until they are removed', async () => {
    const secret = `00ff${'0a'.repeat(28)}0000`
    const steps = `state 'get vault:1' 'set vault:1 ${secret}' 'get vault:1' 'remove vault:1' 'get vault:1' 'remove vault:1'`
    const [state, ...results] = lines(await home.inSession(`${unlockedBy(daemon())}; ${keychain} ${steps}`))
    expect(state).toEqual({ kind: 'available', provider })
    expect(results).toEqual([null, null, secret, true, null, false])
  })

  it('hands the secret to the next session of the same person', async () => {
    const open = unlockedBy(daemon())
    await home.inSession(`${open}; ${keychain} 'set vault:1 cafe'`)
    expect(lines(await home.inSession(`${open}; ${keychain} 'get vault:1'`))).toEqual(['cafe'])
  })

  it('is really written to: another program finds the item under our service name', async () => {
    const script = `${unlockedBy(daemon())}; ${keychain} 'set vault:1 6162634142435f' >/dev/null; secret-tool search --all service entra-auth-cli 2>&1`
    expect(await home.inSession(script)).toContain('secret = abcABC_')
  })

  it('keeps accounts apart', async () => {
    const steps = `'set a:1 01' 'set b:1 02' 'get a:1' 'get b:1'`
    const results = lines(await home.inSession(`${unlockedBy(daemon())}; ${keychain} ${steps}`))
    expect(results).toEqual([null, null, '01', '02'])
  })

  it('loads no library that a variable names', async () => {
    const script = `${unlockedBy(daemon())}; NAPI_RS_NATIVE_LIBRARY_PATH=/nonexistent.node ${keychain} state 'get a:1'`
    expect(lines(await home.inSession(script))).toEqual([{ kind: 'available', provider }, null])
  })

  it('says nothing to somebody who attends, where it does not ask', async () => {
    const script = `${unlockedBy(daemon())}; ${keychain} 'set a:1 01' 'attended get a:1'`
    expect(lines(await home.inSession(script))).toEqual([null, '01'])
  })
})

describe('a locked keyring', () => {
  beforeEach(() => home.inSession(`${unlock}; ${keychain} 'set vault:1 cafe'`))

  it('is an error at once where nobody attends, and how to unlock it', async () => {
    const steps = `state 'get vault:1' 'set vault:1 01' 'remove vault:1'`
    const results = lines(await home.inSession(`${start}; ${keychain} ${steps}`))
    const state = { kind: 'locked', provider: gnome, reason: 'the keyring is locked' }
    expect(results).toEqual([state, locked, locked, locked])
  })

  it('holds afterwards what it held', async () => {
    await home.inSession(`${start}; ${keychain} 'set vault:1 01' 'remove vault:1'`)
    expect(lines(await home.inSession(`${unlock}; ${keychain} 'get vault:1'`))).toEqual(['cafe'])
  })

  it('answers once the person who was told has unlocked it', async () => {
    const unlocks = `printf %s pw | ${gnome} --replace --unlock >/dev/null 2>&1; ${untilOwned}`
    const script = `${start}; export ON_WAIT='${unlocks}'; ${keychain} 'attended get vault:1'`
    expect(lines(await home.inSession(script))).toEqual([unlocking, 'cafe'])
  })

  it('is an error where its dialog is dismissed, as without a display', async () => {
    const bus = home.busWith({})
    const results = lines(await home.inSession(`${start}; ${keychain} 'attended get vault:1'`, [bus]))
    const dismissed = refusal(
      /^the gnome-keyring-daemon could not be read: .*dismissed/,
      /--replace --unlock/,
    )
    expect(results).toEqual([unlocking, dismissed])
  })

  it('is given up where its dialog is not answered', async () => {
    // A dialog that comes up and stays: the bus waits for it, and the keyring with the bus, until the session ends.
    const bus = home.busWith({ 'org.gnome.keyring.SystemPrompter': home.staysUntilTheBusEnds() })
    const script = `${start}; CLOCK=30 ${keychain} 'attended get vault:1' 'get vault:1'`
    const unanswered = refusal(/^the keychain did not answer within 60 s$/, /dialog/)
    expect(lines(await home.inSession(script, [bus]))).toEqual([unlocking, unanswered, locked])
  })
})

describe('a keyring that is asked by a child and does not answer', () => {
  it('takes the child with it when nobody waits for it any more', async () => {
    const bus = home.busWith({ 'org.gnome.keyring.SystemPrompter': home.staysUntilTheBusEnds() })
    const call = '{"method":"get","account":"vault:1"}'
    await home.inSession(`${unlock}; ${keychain} 'set vault:1 cafe'`)
    // The pipe to the child closes when the dialog is up.
    const asked = `mkfifo "$HOME/asked"; { echo '${call}'; read -r <"$HOME/asked"; } | ${driver.child}`
    expect(await home.inSession(`${start}; set +e; ${asked}; echo "ended with $?"`, [bus])).toBe(
      'ended with 137\n',
    )
  })
})

describe('a service that rests', () => {
  it('is not started by a look', async () => {
    expect(lines(await home.inSession(`${keychain} state state`))).toEqual([resting, resting])
  })

  it('is started by a call, which goes on as it finds it: without a keyring yet', async () => {
    const bus = home.busWith({
      [secrets]: `${home.impostor(gnome)} --start --foreground --components=secrets`,
    })
    const results = lines(await home.inSession(`${keychain} 'get vault:1' state`, [bus]))
    const reason = 'the Secret Service has no default keyring yet'
    expect(results).toEqual([
      refusal(/no default keyring/, /make a default keyring/),
      { kind: 'no-collection', reason },
    ])
  })

  it('is started by a call, which goes on as it finds it: locked', async () => {
    await home.inSession(`${unlock}; ${keychain} 'set vault:1 cafe'`)
    expect(lines(await home.inSession(`${keychain} 'get vault:1'`))).toEqual([locked])
  })

  it('is started by a look that asks for it', async () => {
    await home.inSession(`${unlock}; ${keychain} 'set vault:1 cafe'`)
    const [state] = lines(await home.inSession(`${keychain} 'state start'`))
    expect(state).toMatchObject({ kind: 'locked', provider: gnome })
  })

  it('is used when it comes up open', async () => {
    const opens = home.script('opens', `printf %s pw | ${gnome} --unlock --components=secrets`)
    const bus = home.busWith({ [secrets]: opens })
    const results = lines(await home.inSession(`${keychain} state 'set vault:1 cafe' 'get vault:1'`, [bus]))
    expect(results).toEqual([resting, null, 'cafe'])
  })

  it('is an error where it does not start', async () => {
    const bus = home.busWith({ [secrets]: '/bin/false' })
    const results = lines(await home.inSession(`${keychain} 'get vault:1'`, [bus]))
    expect(results).toEqual([refusal(/could not be started \(.*exited/, /start it yourself/)])
  })

  it('is an error after three seconds where it starts and starts', async () => {
    const bus = home.busWith({ [secrets]: home.staysUntilTheBusEnds() })
    const results = lines(await home.inSession(`timeout -s KILL 4 ${keychain} 'get vault:1'`, [bus]))
    expect(results).toEqual([refusal(/could not be started \(the bus did not answer in time\)/, /start it/)])
  })
})

describe('a daemon that dies between two calls', () => {
  const dies = `'shell kill -KILL $daemon; ${untilGone}'`

  it('is an error of the second, where nothing can take its place', async () => {
    const script = `${unlock}; ${findDaemon}; export daemon; ${keychain} 'set vault:1 cafe' ${dies} 'get vault:1'`
    const results = lines(await home.inSession(script, [home.bareBus()]))
    expect(results).toEqual([null, refusal(/no Secret Service/, /gnome-keyring-daemon --start/)])
  })

  it('is replaced by one that is locked, where the bus can start it', async () => {
    const script = `${unlock}; ${findDaemon}; export daemon; ${keychain} 'set vault:1 cafe' ${dies} 'get vault:1'`
    expect(lines(await home.inSession(script))).toEqual([null, locked])
  })
})

describe('no keyring at all is an answer at once', () => {
  it('says that there is no default keyring yet', async () => {
    const results = lines(await home.inSession(`${start}; ${keychain} state 'get vault:1'`))
    expect(results).toEqual([
      { kind: 'no-collection', reason: 'the Secret Service has no default keyring yet' },
      refusal(/no default keyring/, /make a default keyring/),
    ])
  })

  it('says that nobody offers a Secret Service', async () => {
    const results = lines(await home.inSession(`${keychain} state`, [home.bareBus()]))
    expect(results).toEqual([{ kind: 'no-service', reason: 'no Secret Service on the session D-Bus' }])
  })

  it('says that there is no session bus', async () => {
    const script = `unset XDG_RUNTIME_DIR; ${keychain} state 'get vault:1'`
    expect(lines(await home.withoutSession(script))).toEqual([
      { kind: 'no-bus', reason: 'no session D-Bus' },
      refusal(/no session D-Bus/, /inside your desktop session/),
    ])
  })

  it.each([
    ['a socket that is gone', 'unix:path=/nonexistent/bus', /ENOENT/],
    ['an abstract socket nobody listens on', 'unix:abstract=/nonexistent-entra-auth-cli', /ECONNREFUSED/],
  ])('says why the bus cannot be used: %s', async (_, address, why) => {
    const script = `export DBUS_SESSION_BUS_ADDRESS='${address}'; ${keychain} state`
    const [state] = lines(await home.withoutSession(script))
    expect(state).toEqual({ kind: 'no-bus', reason: expect.stringMatching(why) as string })
  })

  it("says that another user's bus turns us away", async () => {
    const bus = home.bareBus('<deny user="*"/>')
    const [state, call] = lines(await home.inSession(`${keychain} state 'get vault:1'`, [bus]))
    expect(state).toEqual({
      kind: 'no-bus',
      reason: expect.stringMatching(/closed|ECONNRESET|EPIPE/) as string,
    })
    expect(call).toEqual(refusal(/the session D-Bus cannot be used/, /inside your desktop session/))
  })

  it('says that the bus does not believe who we are', async () => {
    const [state] = lines(await home.inSession(`${unlock}; CLAIMED_USER=54321 ${keychain} state`))
    expect(state).toEqual({ kind: 'no-bus', reason: expect.stringMatching(/refused us: REJECTED/) as string })
  })
})
