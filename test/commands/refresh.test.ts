import { describe, expect, it } from 'vitest'
import { daemon, hostWith, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

// A person's renewal, rotation and revocation are told in get-token.test.ts, the output forms in token-output.test.ts.

const env = { AZURE_CLIENT_SECRET: 's3cret~value', NO_COLOR: '1' }
const scene = (token: string): Scene => ({
  form: { grant_type: 'client_credentials' },
  answer: appAnswer(token),
})

describe("an app's own token", () => {
  it('is requested anew each time, which is said', async () => {
    const script = scriptedAuthority(tenantId, [scene('one'), scene('two')])
    const host = hostWith([daemon], { http: script.http, now: new Date(), env })
    expect(await runCommand(['refresh', '-p', 'CI'], host)).toBe(0)
    expect(host.stdout()).toBe('one\n')
    expect(host.stderr()).toBe(
      [
        "Refreshing token for profile 'ci'...",
        "An app's own token has no refresh token: requesting a new one.",
        '✓ Token refreshed successfully\n',
      ].join('\n'),
    )
    expect(await runCommand(['refresh', '-p', 'ci'], host)).toBe(0)
    expect(host.stdout()).toBe('one\ntwo\n')
    script.finish()
  })

  it('is kept for the next get-token', async () => {
    const script = scriptedAuthority(tenantId, [scene('one')])
    const host = hostWith([daemon], { http: script.http, now: new Date(), env })
    await runCommand(['refresh', '-q'], host)
    await runCommand(['get-token'], host)
    expect({ stdout: host.stdout(), stderr: host.stderr() }).toEqual({ stdout: 'one\none\n', stderr: '' })
    script.finish()
  })
})

describe("a person's token", () => {
  it.each(['DeviceCode', 'InteractiveBrowser', undefined])(
    'is never asked for, also on a terminal: nobody signed in is exit code 7 (%s)',
    async (defaultFlow) => {
      const script = scriptedAuthority(tenantId, [])
      const host = hostWith([recordOf({ defaultFlow })], {
        http: script.http,
        env,
        stdin: undefined,
        stderrIsTerminal: true,
      })
      expect(await runCommand(['refresh'], host)).toBe(7)
      expect(host.stdout()).toBe('')
      expect(host.stderr()).toContain('error: somebody must sign in for "work" (nobody is signed in)')
      expect(host.stderr()).toContain('hint: run "entra-auth-cli get-token -p work"')
      expect(host.stderr()).toContain('offline_access')
      script.finish()
    },
  )
})

describe('a profile that is not there', () => {
  it('is exit code 3, with stdout empty', async () => {
    const host = hostWith([daemon], { env })
    expect(await runCommand(['refresh', '-p', 'nobody'], host)).toBe(3)
    expect({ stdout: host.stdout(), stderr: host.stderr() }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^error: there is no profile "nobody"\nhint: /),
    })
  })
})
