/** A machine whose clock is wrong: it is said, and no token is handed out that is over. */
import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../../src/core/ports.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, refusal, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const microsoft = 'login.microsoftonline.com'
const anHour = 3_600_000

/** @param ahead how far the authority's clock is ahead of this machine's, in milliseconds */
function machine(scenes: readonly Scene[], ahead: number, platform: NodeJS.Platform = 'linux') {
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith([daemon], {
    platform,
    // A server's date has whole seconds.
    now: new Date(Math.floor(Date.now() / 1000) * 1000),
    env: { AZURE_CLIENT_SECRET: 's3cret', NO_COLOR: '1' },
    http: async (request: HttpRequest) => {
      const date = new Date(host.now().getTime() + ahead).toUTCString()
      return { ...(await script.http(request)), headers: { date } }
    },
  })
  let seen = { stdout: 0, stderr: 0 }
  const run = async (...words: readonly string[]) => {
    const code = await runCommand(['get-token', ...words], host)
    const told = { code, stdout: host.stdout().slice(seen.stdout), stderr: host.stderr().slice(seen.stderr) }
    seen = { stdout: host.stdout().length, stderr: host.stderr().length }
    return told
  }
  return { run, host, script }
}

const scene = (token: string): Scene => ({
  form: { grant_type: 'client_credentials' },
  answer: appAnswer(token),
})
const refused = (entraCode: number): Scene => ({
  form: {},
  status: 401,
  answer: refusal('invalid_client', entraCode, 'Entra said so.'),
})

describe('a clock that is off', () => {
  it.each([
    [-61 * 60_000, `61 min ahead of that of ${microsoft}: tokens seem expired too early here`],
    [anHour, `60 min behind that of ${microsoft}: tokens seem not valid yet here`],
  ])('by %i ms is warned of once, and the token is handed out', async (ahead, fact) => {
    const { run, script } = machine([scene('one')], ahead)
    expect(await run()).toEqual({
      code: 0,
      stdout: 'one\n',
      stderr: `warning: this machine's clock is ${fact}; set it with "sudo timedatectl set-ntp true"\n`,
    })
    // It is the same clock still, by which the token was dated: no loop, and nothing new to say.
    expect(await run()).toEqual({ code: 0, stdout: 'one\n', stderr: '' })
    script.finish()
  })

  it.each([0, 299_000, -299_000])('by no more than %i ms is not spoken of', async (ahead) => {
    const { run } = machine([scene('one')], ahead)
    expect(await run()).toEqual({ code: 0, stdout: 'one\n', stderr: '' })
  })

  it.each([700024, 500133])('is the hint where Entra refuses what it dated (%i)', async (entraCode) => {
    const { run } = machine([refused(entraCode)], -anHour, 'win32')
    const { code, stderr } = await run()
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`^error: .*AADSTS${entraCode}`))
    expect(stderr).toContain(
      `\nhint: this machine's clock is 60 min ahead of that of ${microsoft}: set it with "w32tm /resync"`,
    )
  })

  it('is added to the hint of any other refusal', async () => {
    const { run } = machine([refused(7000215)], anHour)
    expect((await run()).stderr).toMatch(
      /\nhint: this machine's clock is 60 min behind that of [^;]*; also, [^\n]*secret/,
    )
  })

  it('is not spoken of where it is right and Entra refuses', async () => {
    const { run } = machine([refused(700024)], 0)
    expect((await run()).stderr).not.toContain('login.microsoftonline.com')
  })

  it('and set right afterwards does not make a token seem good that is over', async () => {
    const { run, host, script } = machine([scene('one'), scene('two')], -anHour)
    await run()
    host.setNow(new Date(host.now().getTime() - anHour))
    expect(await run()).toMatchObject({ code: 0, stdout: 'two\n' })
    script.finish()
  })
})
