import { describe, expect, it } from 'vitest'
import { EntraAuthError } from '../../../src/errors.ts'
import { canPrompt, signInObstacle } from '../../../src/ui/can-prompt.ts'
import { paintFor, wantsColour } from '../../../src/ui/colour.ts'
import { Console, type ConsoleOptions } from '../../../src/ui/console.ts'
import { consoleInteraction } from '../../../src/ui/console-interaction.ts'
import { redirectPage } from '../../../src/ui/redirect-page.ts'
import { safeText } from '../../../src/ui/safe-text.ts'
import { isoSeconds, utcText } from '../../../src/ui/time.ts'
import { memoryHost } from '../../support/memory-host.ts'

interface Streams {
  readonly isTerminal?: boolean
  readonly env?: Record<string, string>
}

function spoken(speak: (console: Console) => void, options: ConsoleOptions = {}, streams: Streams = {}) {
  const { isTerminal = false, env = { NO_COLOR: '1' } } = streams
  const host = memoryHost({ stdoutIsTerminal: isTerminal, stderrIsTerminal: isTerminal })
  speak(new Console(host.terminal, env, options))
  return { stdout: host.stdout(), stderr: host.stderr() }
}

describe('the console', () => {
  const everything = (console: Console) => {
    console.progress('progress')
    console.say('say')
    console.success('success')
    console.progressSuccess('step')
    console.warn('warn')
    console.trace('trace')
    console.ask(['ask', ['code: ', 'X1']])
  }

  it.each<[string, ConsoleOptions, boolean, string]>([
    ['to a person', {}, true, 'progress\nsay\n✓ success\n✓ step\nwarning: warn\nask\ncode: X1\n'],
    ['to a pipe', {}, false, 'say\n✓ success\nwarning: warn\nask\ncode: X1\n'],
    ['silent', { silent: true }, true, 'ask\ncode: X1\n'],
    ['verbose', { verbose: true }, false, 'say\n✓ success\nwarning: warn\ntrace\nask\ncode: X1\n'],
  ])('%s', (_how, options, isTerminal, stderr) => {
    expect(spoken(everything, options, { isTerminal })).toEqual({ stdout: '', stderr })
  })

  it('makes no more lines of what a person must read than it was given', () => {
    expect(spoken((console) => console.ask(['a\nb', ['c', 'd\r\ne']])).stderr).toBe('a b\ncd e\n')
  })

  it('ends a result with exactly one line break', () => {
    expect(spoken((console) => console.result('a')).stdout).toBe('a\n')
    expect(spoken((console) => console.result('a\n')).stdout).toBe('a\n')
  })

  it('tells an error also when it is silent, as fact and next step', () => {
    const error = new EntraAuthError('general', 'a fact', { hint: 'a step' })
    const expected = { stdout: '', stderr: 'error: a fact\nhint: a step\n' }
    expect(spoken((console) => console.fail(error), { silent: true })).toEqual(expected)
  })

  it('tells an error without a hint in one line', () => {
    expect(spoken((console) => console.fail(new EntraAuthError('general', 'a fact'))).stderr).toBe(
      'error: a fact\n',
    )
  })

  it.each([[new TypeError('x is not a function')], ['a text'], [undefined]])(
    'owns up to a defect: %s',
    (thrown) => {
      const { stderr } = spoken((console) => console.fail(thrown))
      expect(stderr).toMatch(/^error: unexpected: .+\nhint: this is a defect of entra-auth-cli; .+\n$/)
    },
  )

  it('shows the stack under --verbose alone', () => {
    const error = new EntraAuthError('general', 'a fact')
    expect(spoken((console) => console.fail(error)).stderr).not.toContain('    at ')
    expect(spoken((console) => console.fail(error), { verbose: true }).stderr).toContain('    at ')
  })

  it('never lets foreign control characters through', () => {
    const evil = 'a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\u202ee\rf\ng'
    const said = spoken(
      (console) => {
        console.say(evil)
        console.success(evil)
        console.warn(evil)
        console.trace(evil)
        console.ask([evil, [evil, evil]])
        console.fail(new EntraAuthError('general', evil, { hint: evil }))
        console.fail(new Error(evil))
      },
      { verbose: true },
    ).stderr
    // eslint-disable-next-line no-control-regex
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('colour', () => {
  it.each<[Record<string, string>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '' }, false, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ CI: 'true' }, false, false],
  ])('%j, terminal %s: %s', (env, isTerminal, wanted) => {
    expect(wantsColour(env, isTerminal)).toBe(wanted)
    expect(paintFor(env, isTerminal)('red', 'x')).toBe(wanted ? '\u001b[31mx\u001b[39m' : 'x')
  })
})

describe('whether somebody can be asked', () => {
  const terminal = { stdin: undefined, stderrIsTerminal: true }
  it.each<[string, Parameters<typeof memoryHost>[0], Record<string, string>, boolean, string | undefined]>([
    ['a terminal', terminal, {}, true, undefined],
    ['a terminal with a piped result', { ...terminal, stdoutIsTerminal: false }, {}, true, undefined],
    ['no terminal', { stdin: '' }, {}, false, 'there is no terminal'],
    ['piped stdin', { ...terminal, stdin: '' }, {}, false, undefined],
    ['stderr to a file', { stdin: undefined }, {}, false, undefined],
    ['an automated run', terminal, { CI: 'true' }, false, 'this is an automated run (CI is set)'],
    ['CI set to nothing', terminal, { CI: '' }, true, undefined],
    ['CI=false', terminal, { CI: 'false' }, true, undefined],
    ['CI=0', terminal, { CI: '0' }, true, undefined],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false, undefined],
    ['a launcher with a person', { stdin: '' }, { ENTRA_AUTH_CLI_INTERACTIVE: '1' }, false, undefined],
    [
      'a terminal without one',
      terminal,
      { ENTRA_AUTH_CLI_INTERACTIVE: '0' },
      false,
      'ENTRA_AUTH_CLI_INTERACTIVE forbids to ask',
    ],
  ])('%s', (_what, options, env, mayAsk, obstacle) => {
    const host = memoryHost(options)
    expect(canPrompt(host.terminal, env)).toBe(mayAsk)
    expect(signInObstacle(host.terminal, env)).toBe(obstacle)
  })
})

describe('what a person is told to sign in', () => {
  const told = (
    show: (interaction: ReturnType<typeof consoleInteraction>) => void,
    options = {},
    isTerminal = true,
  ) =>
    spoken(
      (console) =>
        show(consoleInteraction(console, { obstacle: undefined, showUrlOnly: false, mayPrompt: false })),
      options,
      { isTerminal },
    )

  it('is the device code, on stderr alone, also when silent', () => {
    const code = {
      userCode: 'ABCD',
      verificationUri: 'https://x.example/device',
      expiresInSeconds: 900,
    }
    const { stdout, stderr } = told(
      (interaction) => void interaction.showDeviceCode(code),
      { silent: true },
      false,
    )
    expect(stdout).toBe('')
    expect(stderr).toContain('https://x.example/device\n')
    expect(stderr).toContain('ABCD\n')
    expect(stderr).toContain('expires in 15 minutes')
  })

  it.each<[boolean, ConsoleOptions, boolean]>([
    [true, {}, true],
    [true, { silent: true }, false],
    [false, {}, true],
    [false, { silent: true }, true],
  ])('is the address; browser open %s, %j: said %s', (opened, options, said) => {
    const { stdout, stderr } = told(
      (interaction) => interaction.showSignInUrl({ url: 'https://x.example/', opened }),
      options,
    )
    expect(stdout).toBe('')
    expect(stderr.includes('https://x.example/')).toBe(said)
  })

  it('is asked for no secret where nobody can answer', async () => {
    const host = memoryHost()
    const interaction = consoleInteraction(new Console(host.terminal, {}), {
      obstacle: undefined,
      showUrlOnly: false,
      mayPrompt: false,
    })
    expect(await interaction.askSecret('Password?')).toBeUndefined()
  })
})

describe('the page that ends a sign-in', () => {
  it('says that it worked, and loads nothing', () => {
    const page = redirectPage({ kind: 'code', code: 'the-code' })
    expect(page).toMatch(/You are signed in/)
    expect(page).not.toContain('the-code')
    expect(page).not.toMatch(/https?:|<script|src=|@import|url\(/)
  })

  it("tells Entra's first line, and lets nothing of it act", () => {
    const description = `AADSTS65004: <script>alert("x")</script> & 'more'\r\nTrace ID: 1`
    const page = redirectPage({ kind: 'error', error: 'access_denied', description })
    expect(page).toContain('AADSTS65004')
    expect(page).not.toMatch(/<script>|Trace ID|"x"|& '/)
  })

  it('says at least what kind of failure it was', () => {
    expect(redirectPage({ kind: 'error', error: 'access_denied', description: '' })).toContain(
      'access_denied',
    )
  })
})

describe('text from outside', () => {
  it.each([
    ['plain', 'Zoë Žižková 山田 🧀', 'Zoë Žižková 山田 🧀'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;evil\u0007x', 'x'],
    ['C1 controls', 'a\u009b31mb\u0085c', 'abc'],
    ['a bell and a backspace', 'a\u0007\u0008b', 'ab'],
    ['reordering marks', 'a\u202eb\u2066c\u200f', 'abc'],
    ['line breaks', 'a\n\tb\r\nc', 'a b c'],
    ['a lone escape', 'a\u001bb', 'ab'],
  ])('%s', (_what, text, safe) => {
    expect(safeText(text)).toBe(safe)
  })
  it('keeps its lines where they are wanted', () => {
    expect(safeText('a\n\tb\r\nc', { lines: true })).toBe('a\n\tb\nc')
  })
})

describe('times', () => {
  const date = new Date('2026-01-31T10:00:00.999Z')
  it('are whole seconds in UTC', () => {
    expect(utcText(date)).toBe('2026-01-31 10:00:00 UTC')
    expect(isoSeconds(date)).toBe('2026-01-31T10:00:00Z')
  })
})
