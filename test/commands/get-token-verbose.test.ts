/** What `--verbose` tells of the way to a token: one line a decision. */
import { describe, expect, it } from 'vitest'
import { clientId, daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  appAnswer,
  personAnswer,
  refusal,
  scriptedAuthority,
  type Scene,
} from '../support/scripted-authority.ts'

const microsoft = 'https://login.microsoftonline.com'
const scope = 'https://graph.microsoft.com/User.Read'

function machine(record: object, scenes: readonly Scene[]) {
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith([record], {
    http: script.http,
    now: new Date(),
    env: { AZURE_CLIENT_SECRET: 's3cret', NO_COLOR: '1', ENTRA_AUTH_CLI_INTERACTIVE: '1' },
  })
  let seen = 0
  /** What it told, without what people are asked. */
  return async (...words: readonly string[]): Promise<readonly string[]> => {
    await runCommand(['get-token', '--verbose', ...words], host)
    const told = host.stderr().slice(seen)
    seen = host.stderr().length
    return told
      .split('\n')
      .filter((line) => /^(cache|asking|refresh token|signing in|the token was)/.test(line))
  }
}

describe('--verbose', () => {
  it('tells of an app what the cache had and whom it asks for what', async () => {
    const run = machine(daemon, [
      { form: { grant_type: 'client_credentials' }, answer: appAnswer('one') },
      { form: { grant_type: 'client_credentials' }, answer: appAnswer('two') },
    ])
    const asking = `asking ${microsoft}/${tenantId} by client-credentials for https://graph.microsoft.com/.default`
    expect(await run()).toEqual([
      'cache: it holds no token for this that lives long enough',
      asking,
      'the token was requested',
    ])
    expect(await run()).toEqual(['cache: it holds a token that will do', 'the token was cached'])
    expect(await run('--force')).toEqual([
      'cache: passed by, for a new token was asked for',
      asking,
      'the token was requested',
    ])
  })

  it('tells of a person why she is asked, and how', async () => {
    const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
    const start: Scene = {
      endpoint: 'devicecode',
      form: { client_id: clientId },
      answer: {
        device_code: 'd',
        user_code: 'ABCD1234',
        verification_uri: 'https://microsoft.com/devicelogin',
        expires_in: 900,
        interval: 0,
      },
    }
    const end = (token: string): Scene => ({
      form: { device_code: 'd' },
      answer: personAnswer(anna, token, scope, 'the-refresh-token'),
    })
    const run = machine({ name: 'graph', scopes: [scope], defaultFlow: 'DeviceCode' }, [
      start,
      end('first'),
      {
        form: { grant_type: 'refresh_token' },
        status: 400,
        answer: refusal('invalid_grant', 50173, 'The provided grant has expired.'),
      },
      start,
      end('second'),
    ])
    const asking = `asking ${microsoft}/${tenantId} by device-code for ${scope}`
    expect(await run()).toEqual([
      'cache: it holds no token for this that lives long enough',
      asking,
      'refresh token: there is none, for nobody is signed in',
      'signing in by device-code',
      'the token was requested',
    ])
    expect(await run('--force')).toEqual([
      'cache: passed by, for a new token was asked for',
      asking,
      'refresh token: Entra no longer takes it',
      'signing in by device-code',
      'the token was requested',
    ])
  })
})
