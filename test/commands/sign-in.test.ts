/** The ladder of a sign-in as `get-token` climbs it: pasted addresses, device codes, refusals, and whose token it is. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RedirectAnswer } from '../../src/core/ports.ts'
import { TokenCache } from '../../src/core/token-cache.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { EntraAuthError } from '../../src/errors.ts'
import type { AddressQuestion } from '../../src/ui/address-prompt.ts'
import { listening } from '../support/listening.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  personAnswer,
  refusal,
  scriptedAuthority,
  type Person,
  type Scene,
} from '../support/scripted-authority.ts'

const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
const bert = { objectId: 'bbbbbbbb-0000-4000-8000-000000000002', tenantId, username: 'bert@contoso.com' }
const scope = 'https://graph.microsoft.com/User.Read'
const tokenOf = (person: Person, token = `token-of-${person.username.split('@')[0]}`) =>
  personAnswer(person, token, `${scope} openid profile`, `refresh-${person.username.split('@')[0]}`)

/** What the person at the terminal does, and what they were asked. */
const person = vi.hoisted(() => ({
  paste: (_question: AddressQuestion, _signal: AbortSignal): Promise<string> =>
    Promise.reject(new Error('nobody pastes here')),
  agrees: undefined as boolean | undefined,
  picks: undefined as string | undefined,
  asked: [] as string[],
}))
vi.mock('../../src/ui/address-prompt.ts', () => ({
  askForAddress: (question: AddressQuestion, signal: AbortSignal) => person.paste(question, signal),
}))
vi.mock('../../src/ui/prompts.ts', () => ({
  confirm: async (question: string) => {
    person.asked.push(question)
    if (person.agrees === undefined) throw new Error('nobody is to be asked here')
    return person.agrees
  },
  choose: async (question: string, choices: readonly { value: string }[]) => {
    person.asked.push(`${question} ${choices.map(({ value }) => value).join(' ')}`)
    if (person.picks === undefined) throw new Error('nobody is to be asked here')
    return person.picks
  },
}))

beforeEach(() => {
  Object.assign(person, { agrees: undefined, picks: undefined, asked: [] })
  person.paste = () => Promise.reject(new Error('nobody pastes here'))
})

const atTerminal: MemoryHostOptions = { stdin: undefined, stderrIsTerminal: true }
const inPipe: MemoryHostOptions = { stdin: '', stderrIsTerminal: true }
const byCode: Scene = { form: { grant_type: 'authorization_code', code: 'the-code' }, answer: tokenOf(anna) }
const deviceCode: Scene = {
  endpoint: 'devicecode',
  form: { grant_type: undefined },
  answer: {
    user_code: 'ABCD12345',
    device_code: 'the-device-code',
    verification_uri: 'https://login.microsoft.com/device',
    expires_in: 900,
    interval: 1,
    message: '',
  },
}
const poll = (answer: object, status = 200): Scene => ({
  form: { grant_type: 'device_code', device_code: 'the-device-code' },
  status,
  answer,
})

interface Situation {
  readonly words?: readonly string[]
  readonly scenes?: readonly Scene[]
  readonly host?: MemoryHostOptions
  /** What comes to the listener by itself. */
  readonly arrives?: RedirectAnswer
  /** What is pasted, in this order; URI and STATE stand for those of this sign-in. */
  readonly pastes?: readonly string[]
  readonly record?: object
}

async function getToken({ words = [], scenes = [], host: given, arrives, pastes, record = {} }: Situation) {
  const script = scriptedAuthority(tenantId, scenes)
  const listener = listening(arrives)
  const questions: AddressQuestion[] = []
  const complaints: string[] = []
  if (pastes !== undefined) {
    person.paste = async (question) => {
      questions.push(question)
      for (const pasted of pastes) {
        const state = listener.opened.at(-1)?.state ?? ''
        const text = pasted.replace('STATE', state).replace('URI', question.redirectUri)
        const complaint = text === '' ? undefined : question.check(text)
        if (complaint === undefined) return text
        complaints.push(complaint)
      }
      throw new Error(`nothing that was pasted is taken: ${complaints.join('; ')}`)
    }
  }
  const browsed: string[] = []
  const host = hostWith([record], {
    http: script.http,
    now: new Date(),
    redirects: listener.redirects,
    openBrowser: (url) => browsed.push(url) > 0,
    ...atTerminal,
    ...given,
    env: { NO_COLOR: '1', ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32), ...given?.env },
  })
  const exitCode = await runCommand(['get-token', ...words], host)
  script.finish()
  const url = new URL(/https:\/\/login\S+\/authorize\S+/.exec(host.stderr())?.[0] ?? 'https://none.example')
  const [stdout, stderr] = [host.stdout(), host.stderr()]
  return { exitCode, stdout, stderr, url, host, listener, browsed, questions, complaints }
}

const bySsh: MemoryHostOptions = { browserObstacle: 'this is an SSH session' }
const annas = 'token-of-anna\n'
const redirected = 'URI?code=the-code&state=STATE'

describe('an address that is pasted', () => {
  it('signs in where no browser opens, after it was said why', async () => {
    const { exitCode, stdout, stderr, url, listener, browsed } = await getToken({
      host: bySsh,
      scenes: [byCode],
      pastes: [redirected],
    })
    expect({ exitCode, stdout, browsed }).toEqual({ exitCode: 0, stdout: annas, browsed: [] })
    expect(stderr).toContain('No browser can be opened here (this is an SSH session).\n')
    // The code has to stand in the address for somebody to copy it.
    expect(url.searchParams.get('response_mode')).toBe('query')
    expect(stderr).not.toContain('the-code')
    expect(listener.closed()).toBe(true)
  })

  it.each<[string, Situation]>([
    ['--no-browser', { words: ['--no-browser'] }],
    ['--show-url', { words: ['--show-url'] }],
    ['a browser that does not start', { host: { openBrowser: () => false } }],
    ['a browser that was chosen and cannot open', { words: ['-f', 'interactive'], host: bySsh }],
    ['an app that proves itself', { host: bySsh, record: { defaultFlow: 'AuthorizationCode' } }],
  ])('is asked for under %s', async (_what, situation) => {
    const env = { AZURE_CLIENT_SECRET: 's3cret~value' }
    const host = { ...situation.host, env }
    const { exitCode, stdout } = await getToken({
      ...situation,
      host,
      scenes: [byCode],
      pastes: [redirected],
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
  })

  it('is not needed where the answer comes by itself', async () => {
    let isOver = false
    person.paste = async (_question, signal) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      isOver = true
      throw signal.reason
    }
    const arrives = { kind: 'code', code: 'the-code' } as const
    const { exitCode, stdout } = await getToken({ host: bySsh, scenes: [byCode], arrives })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
    expect(isOver).toBe(true)
  })

  it('is refused with one clause until it is the right one', async () => {
    const { exitCode, complaints } = await getToken({
      host: bySsh,
      scenes: [byCode],
      pastes: [
        'nonsense',
        'URI?code=stolen&state=guessed',
        'http://localhost:1/?code=a&state=STATE',
        redirected,
      ],
    })
    expect(exitCode).toBe(0)
    expect(complaints).toEqual([
      'this is not the address of the page you end up on',
      'this answer belongs to another sign-in',
      'this is not the address of the page you end up on',
    ])
  })

  it('may come through a tunnel that is named', async () => {
    const env = { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.10 22', USER: 'bob' }
    const { stderr } = await getToken({ host: { ...bySsh, env }, scenes: [byCode], pastes: [redirected] })
    expect(stderr).toContain('\n  ssh -N -L 49152:localhost:49152 bob@192.0.2.10\n')
  })

  it('needs no tunnel outside SSH', async () => {
    const { stderr } = await getToken({ words: ['--no-browser'], scenes: [byCode], pastes: [redirected] })
    expect(stderr).not.toContain('ssh ')
  })

  it('may tell that Entra refused', async () => {
    const text = 'URI?error=access_denied&error_description=AADSTS65004%3A%20no&state=STATE'
    const { exitCode, stdout, stderr } = await getToken({ host: bySsh, pastes: [text] })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('(AADSTS65004)\n')
  })

  it('ends with 130 and no listener when the person stops', async () => {
    person.paste = () => Promise.reject(new EntraAuthError('interrupted', 'interrupted'))
    const { exitCode, stdout, listener } = await getToken({ host: bySsh })
    expect({ exitCode, stdout, closed: listener.closed() }).toEqual({
      exitCode: 130,
      stdout: '',
      closed: true,
    })
  })
})

describe('a device code', () => {
  it('is what Enter alone asks for, and is not offered by an app that proves itself', async () => {
    const scenes = [deviceCode, poll(tokenOf(anna))]
    const { exitCode, stdout, stderr, questions } = await getToken({ host: bySsh, scenes, pastes: [''] })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
    expect(stderr).toMatch(/enter the code: +ABCD12345\n/)
    expect(questions[0]).toMatchObject({ emptyIsAnswer: true })

    const proving = {
      host: { ...bySsh, env: { AZURE_CLIENT_SECRET: 's' } },
      record: { defaultFlow: 'AuthorizationCode' },
    }
    const other = await getToken({ ...proving, scenes: [byCode], pastes: [redirected] })
    expect(other.questions[0]).toMatchObject({ emptyIsAnswer: false })
  })

  it('is used where nobody can paste, and says why, also in a log', async () => {
    const host = { ...bySsh, ...inPipe, stderrIsTerminal: false, env: { ENTRA_AUTH_CLI_INTERACTIVE: '1' } }
    const { exitCode, stdout, stderr } = await getToken({ host, scenes: [deviceCode, poll(tokenOf(anna))] })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
    expect(stderr).toContain('No browser can be opened here (this is an SSH session): using a device code.\n')
  })

  it('comes with a QR code where the terminal can show one', async () => {
    const scenes = [deviceCode, poll(tokenOf(anna))]
    const words = ['-f', 'device-code']
    const { stderr } = await getToken({ words, scenes, host: { env: { LANG: 'C.UTF-8' } } })
    expect(stderr).toMatch(/ABCD12345\n\n( {2}[█▀▄ ]{20,}\n){10,}\nWaiting/)
    const plain = await getToken({ words, scenes, host: { env: { LANG: 'C' } } })
    expect(plain.stderr).not.toMatch(/[█▀▄]/)
  })
})

const blocked = refusal('invalid_grant', 53003, 'Access has been blocked by Conditional Access policies.')
const refused = [deviceCode, poll(blocked, 400)]
const byDeviceCode = ['-f', 'device-code']

describe('what Entra refused', () => {
  it('is told, and the next rung is taken when the person agrees', async () => {
    person.agrees = true
    const { exitCode, stdout, stderr, browsed } = await getToken({
      words: byDeviceCode,
      scenes: [...refused, byCode],
      arrives: { kind: 'code', code: 'the-code' },
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
    expect(person.asked).toEqual(['Try a sign-in in a browser instead?'])
    expect(stderr).toMatch(/\(AADSTS53003\)\.\n/)
    expect(browsed).toHaveLength(1)
  })

  it('ends it when the person does not', async () => {
    person.agrees = false
    const { exitCode, stdout, stderr, browsed } = await getToken({ words: byDeviceCode, scenes: refused })
    expect({ exitCode, stdout, browsed }).toEqual({ exitCode: 2, stdout: '', browsed: [] })
    expect(stderr).toMatch(/^error: .*\(AADSTS53003\)$/m)
  })

  it('names the command where nobody can be asked', async () => {
    const { exitCode, stderr } = await getToken({ words: byDeviceCode, scenes: refused, host: inPipe })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('"entra-auth-cli get-token -p work --flow interactive-browser"')
  })

  it('is not asked about where the next rung would meet the same', async () => {
    const scenes = [deviceCode, poll(refusal('invalid_grant', 50105, 'Not assigned.'), 400)]
    const { exitCode, stderr } = await getToken({ words: byDeviceCode, scenes })
    expect({ exitCode, asked: person.asked }).toEqual({ exitCode: 2, asked: [] })
    expect(stderr).toContain('(AADSTS50105)')
  })

  it('may be told by the person, for a page that shows an error leads nowhere', async () => {
    person.agrees = true
    const scenes = [deviceCode, poll(tokenOf(anna))]
    const { exitCode, stdout, stderr } = await getToken({ host: bySsh, scenes, pastes: ['AADSTS50011'] })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
    expect(stderr).toMatch(/\(AADSTS50011\)\.\n/)
    expect(person.asked).toEqual(['Try a device code instead?'])
  })

  it('of a request for a code is no more in the way of the browser', async () => {
    person.agrees = true
    const noPublicClient = refusal(
      'invalid_client',
      7000218,
      'The request body must contain a client_secret.',
    )
    const { exitCode, stdout } = await getToken({
      words: byDeviceCode,
      scenes: [{ ...deviceCode, status: 401, answer: noPublicClient }, byCode],
      arrives: { kind: 'code', code: 'the-code' },
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: annas })
  })
})

it('what Entra refused at first is not told of what goes wrong later', async () => {
  person.agrees = true
  const noPublicClient = refusal('invalid_client', 7000218, 'The request body must contain a client_secret.')
  // MSAL has an error of its own for this, which says nothing about the network.
  const unreadable = { ...byCode, answer: { ...tokenOf(anna), id_token: 'a.b.c' } }
  const { exitCode, stderr } = await getToken({
    words: byDeviceCode,
    scenes: [{ ...deviceCode, status: 401, answer: noPublicClient }, unreadable],
    arrives: { kind: 'code', code: 'the-code' },
  })
  expect(exitCode).not.toBe(0)
  expect(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('error:'))
      .join(),
  ).not.toContain('7000218')
})

describe('where nobody can sign in', () => {
  const nowhere: MemoryHostOptions = { stdin: '', stderrIsTerminal: false }
  it.each<[string, Situation, string]>([
    ['no terminal', { host: nowhere }, 'there is no terminal'],
    [
      'no terminal, a browser that could open',
      { host: nowhere, words: ['-f', 'interactive'] },
      'there is no terminal',
    ],
    ['no terminal, a device code', { host: nowhere, words: byDeviceCode }, 'there is no terminal'],
    ['CI', { host: { env: { CI: 'true' } } }, 'this is an automated run (CI is set)'],
    ['--no-interaction', { words: ['--no-interaction'] }, '--no-interaction forbids to ask'],
  ])('(%s) it ends at once with 7 and the command, and opens nothing', async (_where, situation, why) => {
    const { exitCode, stdout, stderr, browsed, listener } = await getToken(situation)
    expect({ exitCode, stdout, browsed, opened: listener.opened }).toEqual({
      exitCode: 7,
      stdout: '',
      browsed: [],
      opened: [],
    })
    expect(stderr).toContain(`error: somebody must sign in for "work" (nobody is signed in), and ${why}\n`)
    expect(stderr).toContain('hint: run "entra-auth-cli get-token -p work" in a terminal\n')
  })

  it('--prompt is what asks, and not that nobody is signed in', async () => {
    const { host } = await getToken({ scenes: [byCode], arrives: { kind: 'code', code: 'the-code' } })
    const { exitCode, stderr } = await getToken({
      words: ['--no-interaction', '--force', '--prompt', 'login'],
      host: { files: Object.fromEntries(host.fileMap) },
    })
    expect(exitCode).toBe(7)
    expect(stderr).toContain(
      'error: somebody must sign in for "work" (--prompt login asks anew), and --no-interaction forbids to ask\n',
    )
    expect(stderr).toContain(
      'hint: run "entra-auth-cli get-token -p work --prompt login" in a terminal, or leave --prompt out\n',
    )
  })
})

describe('of several people', () => {
  const arrives = { kind: 'code', code: 'the-code' } as const
  const asBert: Scene = { ...byCode, answer: tokenOf(bert) }

  /** Anna signs in, then Bert. */
  async function bothSignedIn() {
    const first = await getToken({ scenes: [byCode], arrives })
    const files = Object.fromEntries(first.host.fileMap)
    const second = await getToken({
      words: ['--account', 'bert@contoso.com'],
      scenes: [asBert],
      arrives,
      host: { files },
    })
    expect(second.exitCode).toBe(0)
    return { files: Object.fromEntries(second.host.fileMap) }
  }

  it('who signed in last is meant, and --account names another, in any case', async () => {
    const host = await bothSignedIn()
    expect((await getToken({ host })).stdout).toBe('token-of-bert\n')
    expect((await getToken({ host, words: ['--account', 'ANNA@contoso.com'] })).stdout).toBe(annas)
  })

  it('a renewal for the named one uses their refresh token, and changes nothing for the others', async () => {
    const host = await bothSignedIn()
    const renewal: Scene = {
      form: { grant_type: 'refresh_token', refresh_token: 'refresh-anna' },
      answer: tokenOf(anna, 'renewed'),
    }
    const words = ['--account', 'anna@contoso.com', '--force']
    const renewed = await getToken({ host, words, scenes: [renewal] })
    expect(renewed.stdout).toBe('renewed\n')
    const files = Object.fromEntries(renewed.host.fileMap)
    expect((await getToken({ host: { files } })).stdout).toBe('token-of-bert\n')
  })

  it('whoever is named and not signed in begins the sign-in', async () => {
    const host = await bothSignedIn()
    const zoe = { ...anna, objectId: 'cccccccc-0000-4000-8000-000000000003', username: 'zoe@contoso.com' }
    const words = ['--account', 'zoe@contoso.com']
    const scenes = [{ ...byCode, answer: tokenOf(zoe) }]
    const { stdout, browsed } = await getToken({ host, words, scenes, arrives })
    expect(stdout).toBe('token-of-zoe\n')
    expect(new URL(browsed[0] ?? '').searchParams.get('login_hint')).toBe('zoe@contoso.com')

    const unattended = await getToken({ host, words: [...words, '--no-interaction'] })
    expect(unattended.exitCode).toBe(7)
    expect(unattended.stderr).toContain('(zoe@contoso.com is not signed in)')
    expect(unattended.stderr).toContain('"entra-auth-cli get-token -p work --account zoe@contoso.com"')
    const ofCall = await getToken({
      host,
      words: [...words, '--no-interaction', '-s', 'Mail.Read Chat.Read'],
    })
    expect(ofCall.stderr).toContain(
      `"entra-auth-cli get-token -p work --account zoe@contoso.com --scope 'Mail.Read Chat.Read'"`,
    )
  })

  it('a token of somebody else than --account names is neither handed out nor kept', async () => {
    const words = ['--account', 'anna@contoso.com']
    const { exitCode, stdout, stderr, host } = await getToken({ words, scenes: [asBert], arrives })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('error: bert@contoso.com signed in, not anna@contoso.com\n')
    const files = Object.fromEntries(host.fileMap)
    expect((await getToken({ host: { files }, words: ['--no-interaction'] })).exitCode).toBe(7)
  })

  it('a login hint is a hint: whose token it is, is said', async () => {
    const words = ['--login-hint', 'anna@contoso.com']
    const { exitCode, stdout, stderr } = await getToken({ words, scenes: [asBert], arrives })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'token-of-bert\n' })
    expect(stderr).toContain(
      'warning: bert@contoso.com signed in, not anna@contoso.com: the token is theirs\n',
    )
  })

  it.each([
    ['--account', ''],
    ['--account', ' '],
  ])('%s "%s" names nobody', async (...words) => {
    expect((await getToken({ words })).exitCode).toBe(4)
  })

  it('--account is for people', async () => {
    const words = ['--account', 'anna@contoso.com', '-f', 'client-credentials']
    const { exitCode, stderr } = await getToken({ words })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('error: --account names a person, and by client-credentials nobody signs in\n')
  })

  it('refresh renews for the named one', async () => {
    const { files } = await bothSignedIn()
    const renewal: Scene = {
      form: { grant_type: 'refresh_token', refresh_token: 'refresh-anna' },
      answer: tokenOf(anna, 'renewed'),
    }
    const script = scriptedAuthority(tenantId, [renewal])
    const env = { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }
    const host = hostWith([], { http: script.http, now: new Date(), env, files })
    expect(await runCommand(['refresh', '-p', 'work', '--account', 'anna@contoso.com'], host)).toBe(0)
    script.finish()
    expect(host.stdout()).toBe('renewed\n')
  })

  describe('none of whom is marked', () => {
    async function unmarked() {
      const { files } = await bothSignedIn()
      const host = hostWith([], { env: { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }, files })
      await new TokenCache('work', host, silentVoice).change((tokens) => ({ ...tokens, signedIn: undefined }))
      return { files: Object.fromEntries(host.fileMap) }
    }

    it('the person picks one, who is meant from then on', async () => {
      person.picks = 'anna@contoso.com'
      const { stdout, host } = await getToken({ host: await unmarked() })
      expect(stdout).toBe(annas)
      expect(person.asked).toEqual(['Whose token? anna@contoso.com bert@contoso.com'])
      person.asked.length = 0
      expect((await getToken({ host: { files: Object.fromEntries(host.fileMap) } })).stdout).toBe(annas)
      expect(person.asked).toEqual([])
    })

    it('nobody is guessed: exit 4 names them', async () => {
      const { exitCode, stdout, stderr } = await getToken({ host: { ...inPipe, ...(await unmarked()) } })
      expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
      expect(stderr).toContain('error: several people are signed in for "work"\n')
      expect(stderr).toContain('--account and one of anna@contoso.com, bert@contoso.com')
    })

    it('refresh guesses nobody either, and asks nobody', async () => {
      const env = { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32), NO_COLOR: '1' }
      const host = hostWith([], { ...atTerminal, env, ...(await unmarked()) })
      expect(await runCommand(['refresh', '-p', 'work'], host)).toBe(4)
      expect(host.stderr()).toContain('error: several people are signed in for "work"\n')
    })
  })
})
