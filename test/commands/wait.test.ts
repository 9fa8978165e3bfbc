import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'
import { daemon, hostWith, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  appAnswer,
  personAnswer,
  refusal,
  scriptedAuthority,
  type Scene,
} from '../support/scripted-authority.ts'
import type { MemoryHost } from '../support/memory-host.ts'
import { unsignedToken } from '../support/tokens.ts'

const env = { AZURE_CLIENT_SECRET: 's3cret~value', NO_COLOR: '1' }
const until = ['--until', 'roles contains "Admin"']
const reader = unsignedToken({ roles: ['Reader'], n: 1 })
const admin = unsignedToken({ roles: ['Reader', 'Admin'] })

const app = (token: string): Scene => ({
  form: { grant_type: 'client_credentials' },
  answer: appAnswer(token),
})

interface Story {
  readonly host: MemoryHost
  /** How long it slept each time, in seconds. */
  readonly pauses: number[]
  readonly finish: () => void
}

/** A host whose sleep lets time pass, and an authority that answers in turn; from `busy`, the server's own words come first. */
function story(
  scenes: readonly Scene[],
  records: readonly object[] = [daemon],
  busy: HttpResponse[] = [],
): Story {
  const script = scriptedAuthority(tenantId, scenes)
  const pauses: number[] = []
  const memory = hostWith(records, {
    http: async (request) => {
      const answer = request.method === 'POST' ? busy.shift() : undefined
      return answer ?? script.http(request)
    },
    now: new Date(),
    env,
    stderrIsTerminal: true,
  })
  const host: MemoryHost = {
    ...memory,
    sleep: (milliseconds, signal) => {
      pauses.push(Math.round(milliseconds / 1000))
      return memory.sleep(milliseconds, signal)
    },
  }
  return { host, pauses, finish: () => script.finish() }
}

const told = ({ host }: Story) => host.stderr().replace(/in \d+ s\.|in \d+ min\./g, 'in <time>.')

describe('wait', () => {
  it('renews until the token says so, and prints it', async () => {
    const scene = story([app(reader), app(reader), app(admin)])
    expect(await runCommand(['wait', '-p', 'ci', ...until], scene.host)).toBe(0)
    expect(scene.host.stdout()).toBe(`${admin}\n`)
    expect(told(scene)).toBe(
      [
        'Waiting for at most 10 min until roles contains "Admin"...',
        'Not yet (roles: Reader). Next try in <time>.',
        'Not yet (roles: Reader). Next try in <time>.',
        '✓ roles contains "Admin": the token says so\n',
      ].join('\n'),
    )
    const [first, second] = scene.pauses
    expect(first).toBeGreaterThanOrEqual(12)
    expect(first).toBeLessThanOrEqual(18)
    expect(second).toBeGreaterThanOrEqual(18)
    expect(second).toBeLessThanOrEqual(27)
    scene.finish()
  })

  it('hands out a cached token that says so, and asks nobody', async () => {
    const scene = story([app(admin)])
    await runCommand(['get-token', '-q'], scene.host)
    expect(await runCommand(['wait', '-q', ...until], scene.host)).toBe(0)
    expect(scene.host.stdout()).toBe(`${admin}\n${admin}\n`)
    expect([scene.pauses, scene.host.stderr()]).toEqual([[], ''])
    scene.finish()
  })

  it('renews at once where the cached token does not say so', async () => {
    const scene = story([app(reader), app(admin)])
    await runCommand(['get-token', '-q'], scene.host)
    expect(await runCommand(['wait', '-q', ...until], scene.host)).toBe(0)
    expect([scene.host.stdout(), scene.pauses]).toEqual([`${reader}\n${admin}\n`, []])
    scene.finish()
  })

  it('keeps the new token for the next get-token', async () => {
    const scene = story([app(reader), app(admin)])
    await runCommand(['wait', '--quiet', ...until], scene.host)
    await runCommand(['get-token', '-q'], scene.host)
    expect([scene.host.stdout(), scene.host.stderr()]).toEqual([`${admin}\n`, ''])
    scene.finish()
  })

  it('prints in any form, or into a file', async () => {
    const scene = story([app(admin)])
    expect(await runCommand(['wait', '-o', 'header', '--file', 'auth', ...until], scene.host)).toBe(0)
    expect(scene.host.stdout()).toBe('')
    expect(String(scene.host.fileMap.get('auth'))).toBe(`Authorization: Bearer ${admin}\n`)
  })

  it('waits for a role to go, too', async () => {
    const scene = story([app(admin), app(reader)])
    expect(await runCommand(['wait', '--until', 'not roles contains "Admin"'], scene.host)).toBe(0)
    expect(scene.host.stdout()).toBe(`${reader}\n`)
  })

  it('knows directory roles by their names', async () => {
    const token = unsignedToken({ wids: ['62e90394-69f5-4237-9190-012177145e10'] })
    const scene = story([app(token)])
    const words = ['wait', '-q', '--until', 'wids contains "Global Administrator"']
    expect(await runCommand(words, scene.host)).toBe(0)
  })
})

describe('wait gives up', () => {
  it('when the time is over, with 6, and what the token says is told on the way', async () => {
    const scene = story(Array.from({ length: 4 }, () => app(reader)))
    expect(await runCommand(['wait', '--timeout', '50s', '--interval', '20s', ...until], scene.host)).toBe(6)
    expect(scene.host.stdout()).toBe('')
    expect(scene.host.stderr()).toContain('error: roles contains "Admin" did not come true within 50 s\n')
    expect(scene.host.stderr()).toContain('hint: "entra-auth-cli inspect -p ci -o pretty" shows')
    expect(scene.pauses.reduce((sum, pause) => sum + pause)).toBeLessThanOrEqual(51)
    expect(scene.pauses.length).toBeGreaterThanOrEqual(2)
  })

  it('at Ctrl-C, with 130, in the middle of a pause', async () => {
    const scene = story([app(reader)])
    const stop = new AbortController()
    const host: MemoryHost = {
      ...scene.host,
      sleep: (_milliseconds, signal) =>
        new Promise((_resolve, reject) => {
          signal!.addEventListener('abort', () => reject(signal!.reason as Error))
          stop.abort(new EntraAuthError('interrupted', 'interrupted'))
        }),
    }
    expect(await runCommand(['wait', ...until], host, stop.signal)).toBe(130)
    expect(host.stdout()).toBe('')
  })

  it('at once where Entra refuses the app', async () => {
    const answer = refusal('invalid_client', 7000215, 'Invalid client secret provided.')
    const scene = story([{ form: {}, status: 401, answer }])
    expect(await runCommand(['wait', ...until], scene.host)).toBe(2)
    expect(scene.pauses).toEqual([])
  })

  it('at once where there is no network to begin with', async () => {
    const scene = story([{ form: {}, answer: new EntraAuthError('network', 'no route') }])
    expect(await runCommand(['wait', ...until], scene.host)).toBe(5)
    expect(scene.pauses).toEqual([])
  })

  it('where a person must sign in and none can', async () => {
    const scene = story([], [recordOf()])
    expect(await runCommand(['wait', '--no-interaction', ...until], scene.host)).toBe(7)
    expect(scene.host.stderr()).toContain('--no-interaction forbids to ask')
  })

  it.each([
    [['--until', 'roles ='], '--until, column 7: to compare, write =='],
    [[], "required option '--until <condition>' not specified"],
    [[...until, '--interval', '10ms'], 'an interval lasts at least a second'],
    [[...until, '--timeout', 'soon'], "option '--timeout <time>' argument 'soon' is invalid"],
    [[...until, '--scope', ' '], '--scope is empty'],
    [[...until, '-o', 'xml'], 'there is no output form "xml"'],
  ])('at %j, before anything is asked', async (words, fact) => {
    const scene = story([])
    expect(await runCommand(['wait', ...words], scene.host)).toBe(4)
    expect(scene.host.stderr()).toContain(`error: ${fact}`)
    expect(scene.host.stdout()).toBe('')
  })
})

describe('wait goes on', () => {
  const busy = (headers: Record<string, string>): HttpResponse => ({ status: 429, headers, body: '' })

  it.each([
    ['in seconds', { 'retry-after': '77' }],
    ['as a date', { 'retry-after': 'Sat, 31 Jan 2026 10:01:17 GMT', date: 'Sat, 31 Jan 2026 10:00:00 GMT' }],
  ])('after as long as a busy server asks for, %s', async (_how, headers) => {
    const scene = story([app(admin)], [daemon], [busy(headers)])
    expect(await runCommand(['wait', ...until], scene.host)).toBe(0)
    expect(scene.pauses).toEqual([77])
    expect(scene.host.stderr()).toContain('Not yet (login.microsoftonline.com was asked too often (429)).')
  })

  it('not where a busy server wants to be left alone for longer than there is time', async () => {
    const scene = story([], [daemon], [busy({ 'retry-after': '3600' })])
    expect(await runCommand(['wait', ...until], scene.host)).toBe(6)
    expect(scene.pauses).toEqual([])
    expect(scene.host.stderr()).toContain('the last try: login.microsoftonline.com was asked too often (429)')
  })

  it('past a network that fails in the middle', async () => {
    const failure: Scene = { form: {}, answer: new EntraAuthError('network', 'the connection broke') }
    const scene = story([app(reader), failure, app(admin)])
    expect(await runCommand(['wait', ...until], scene.host)).toBe(0)
    expect(scene.host.stderr()).toContain('Not yet (the connection broke). Next try in')
    scene.finish()
  })

  it('past a consent that is missing, with the refresh token and without a question', async () => {
    const person = { objectId: '33333333-3333-4333-8333-333333333333', tenantId, username: 'zoe@contoso.com' }
    const scope = 'https://graph.microsoft.com/User.Read'
    const granted = unsignedToken({ scp: 'User.Read Mail.Read' })
    const signIn: readonly Scene[] = [
      {
        endpoint: 'devicecode',
        form: {},
        answer: {
          device_code: 'd',
          user_code: 'U',
          verification_uri: 'https://x.example',
          expires_in: 900,
          interval: 1,
        },
      },
      { form: { grant_type: /device_code$/ }, answer: personAnswer(person, reader, scope, 'refresh-1') },
    ]
    const missing = refusal('invalid_grant', 65001, 'The user or administrator has not consented.')
    const scene = story(
      [
        ...signIn,
        { form: { grant_type: 'refresh_token' }, status: 400, answer: missing },
        { form: { grant_type: 'refresh_token' }, status: 400, answer: missing },
        {
          form: { grant_type: 'refresh_token' },
          answer: personAnswer(
            person,
            granted,
            `${scope} https://graph.microsoft.com/Mail.Read`,
            'refresh-2',
          ),
        },
      ],
      [recordOf({ defaultFlow: 'DeviceCode' })],
    )
    expect(await runCommand(['get-token', '-q'], scene.host)).toBe(0)
    const words = ['-s', 'https://graph.microsoft.com/Mail.Read', '--until', 'scp contains "Mail.Read"']
    expect(await runCommand(['wait', ...words], scene.host)).toBe(0)
    expect(scene.host.stdout()).toBe(`${reader}\n${granted}\n`)
    expect(scene.pauses).toHaveLength(2)
    expect(scene.host.stderr()).toContain('AADSTS65001')
    scene.finish()
  }, 20_000)

  it('after a sign-in, where nobody is signed in yet', async () => {
    const person = { objectId: '33333333-3333-4333-8333-333333333333', tenantId, username: 'zoe@contoso.com' }
    const scope = 'https://graph.microsoft.com/User.Read'
    const scene = story(
      [
        {
          endpoint: 'devicecode',
          form: {},
          answer: {
            device_code: 'd',
            user_code: 'ABCD',
            verification_uri: 'https://x.example',
            expires_in: 900,
            interval: 1,
          },
        },
        { form: { grant_type: /device_code$/ }, answer: personAnswer(person, reader, scope, 'refresh-1') },
        {
          form: { grant_type: 'refresh_token', refresh_token: 'refresh-1' },
          answer: personAnswer(person, admin, scope, 'r2'),
        },
      ],
      [recordOf({ defaultFlow: 'DeviceCode' })],
    )
    expect(await runCommand(['wait', ...until], scene.host)).toBe(0)
    expect(scene.host.stderr()).toContain('ABCD')
    expect(scene.host.stdout()).toBe(`${admin}\n`)
    scene.finish()
  }, 20_000)
})
