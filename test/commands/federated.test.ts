import { describe, expect, it } from 'vitest'
import type { RedirectAnswer } from '../../src/core/ports.ts'
import { listening } from '../support/listening.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, hostWith, profilesPath, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import {
  appAnswer,
  personAnswer,
  refusal,
  scriptedAuthority,
  type Scene,
} from '../support/scripted-authority.ts'
import { assertionOf } from '../unit/core/assertions/assertions.ts'

const graph = 'https://graph.microsoft.com'
const anna = { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', tenantId, username: 'anna@contoso.com' }
const start = new Date('2026-01-31T10:00:00Z')
const workload = { name: 'ci', federatedTokenCommand: 'mint', scopes: [`${graph}/.default`] }
const web = {
  name: 'web',
  federatedTokenCommand: 'mint',
  defaultFlow: 'AuthorizationCode',
  scopes: [`${graph}/User.Read`],
}

const proof = {
  client_id: clientId,
  client_secret: undefined,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
}
const hers = (token: string) =>
  personAnswer(anna, token, `${graph}/User.Read openid profile`, `after-${token}`)

/** A machine whose command mints a new assertion each time; `minted` are all of them. */
function machine(record: object, scenes: readonly Scene[], options: MemoryHostOptions = {}) {
  const minted: string[] = []
  const script = scriptedAuthority(tenantId, scenes)
  const host = hostWith([record], {
    now: start,
    http: script.http,
    command: () => {
      minted.push(assertionOf({ jti: String(minted.length + 1) }))
      return { kind: 'output', stdout: Buffer.from(`${minted.at(-1)}\n`) }
    },
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  })
  return { host, script, minted }
}

describe('an app that proves itself with an assertion of another issuer', () => {
  it('sends one, minted for this request', async () => {
    const form = { grant_type: 'client_credentials', scope: `${graph}/.default`, ...proof }
    const scenes = [
      { form: { ...form, client_assertion: assertionOf({ jti: '1' }) }, answer: appAnswer('one') },
      { form: { ...form, client_assertion: assertionOf({ jti: '2' }) }, answer: appAnswer('two') },
    ]
    const { host, script, minted } = machine(workload, scenes)
    expect(await runCommand(['get-token', '-p', 'ci'], host)).toBe(0)
    expect(await runCommand(['get-token', '-p', 'ci', '--force'], host)).toBe(0)
    script.finish()
    expect(host.stdout()).toBe('one\ntwo\n')
    expect(minted).toHaveLength(2)
  })

  it('needs none for a cached token', async () => {
    const scenes = [{ form: { grant_type: 'client_credentials' }, answer: appAnswer('one') }]
    // MSAL reads the machine's clock.
    const now = new Date()
    let asked = 0
    const { host, script } = machine(workload, scenes, {
      now,
      command: () => {
        asked++
        const stdout = Buffer.from(assertionOf({ exp: now.getTime() / 1000 + 600 }))
        return { kind: 'output', stdout }
      },
    })
    await runCommand(['get-token', '-p', 'ci'], host)
    await runCommand(['get-token', '-p', 'ci'], host)
    script.finish()
    expect(host.stdout()).toBe('one\none\n')
    expect(asked).toBe(1)
  })

  it('sends one for the code when the person has signed in, and renews with another', async () => {
    const code: RedirectAnswer = { kind: 'code', code: 'the-code' }
    const { redirects } = listening(code)
    const scenes: Scene[] = [
      {
        form: { grant_type: 'authorization_code', ...proof, client_assertion: assertionOf({ jti: '1' }) },
        answer: hers('one'),
      },
      {
        form: { grant_type: 'refresh_token', ...proof, client_assertion: assertionOf({ jti: '2' }) },
        answer: hers('two'),
      },
    ]
    const { host, script, minted } = machine(web, scenes, {
      redirects,
      env: { ENTRA_AUTH_CLI_INTERACTIVE: '1' },
      openBrowser: () => {
        expect(minted).toHaveLength(0)
        return true
      },
    })
    expect(await runCommand(['get-token', '-p', 'web'], host)).toBe(0)
    expect(await runCommand(['refresh', '-p', 'web'], host)).toBe(0)
    script.finish()
    expect(host.stdout()).toBe('one\ntwo\n')
    expect(minted).toHaveLength(2)
  })

  it('is told what its assertion says when Entra knows no such credential', async () => {
    const scenes = [
      {
        form: { grant_type: 'client_credentials' },
        status: 401,
        answer: refusal('invalid_client', 700213, 'No matching federated identity record found.'),
      },
    ]
    const { host } = machine(workload, scenes)
    expect(await runCommand(['get-token', '-p', 'ci'], host)).toBe(2)
    expect(host.stderr()).toMatch(
      /^error: .*\(AADSTS700213\); the assertion says issuer "https:\/\/issuer\.example", subject "repo:contoso\/app:ref:refs\/heads\/main", audience "api:\/\/AzureADTokenExchange"\nhint: compare issuer, subject and audience/,
    )
  })
})

describe('a command that prints the client secret', () => {
  it('is asked once although a person signs in too', async () => {
    const { redirects } = listening({ kind: 'code', code: 'the-code' })
    const record = { ...web, federatedTokenCommand: undefined, clientSecretCommand: 'op read x' }
    const form = { grant_type: 'authorization_code', client_secret: 's3cret', client_assertion: undefined }
    let asked = 0
    const { host, script } = machine(record, [{ form, answer: hers('one') }], {
      redirects,
      env: { ENTRA_AUTH_CLI_INTERACTIVE: '1' },
      openBrowser: () => true,
      command: () => {
        asked++
        return { kind: 'output', stdout: Buffer.from('s3cret\n') }
      },
    })
    expect(await runCommand(['get-token', '-p', 'web'], host)).toBe(0)
    script.finish()
    expect(asked).toBe(1)
  })
})

describe('config create in a pod of Kubernetes', () => {
  const pod = {
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/',
    AZURE_FEDERATED_TOKEN_FILE: '/var/run/secrets/azure/tokens/azure-identity-token',
  }
  const made = async (words: readonly string[], env: Record<string, string>) => {
    const host = hostWith([], { env })
    const code = await runCommand(['config', 'create', 'pod', '--non-interactive', ...words], host)
    const { profiles } = JSON.parse(String(host.fileMap.get(profilesPath))) as { profiles: object[] }
    return { code, profile: profiles[0] }
  }

  it('takes what the pod is told of its app', async () => {
    expect(await made(['--federated-token-file'], pod)).toMatchObject({
      code: 0,
      profile: {
        clientId,
        tenantId,
        authority: 'https://login.microsoftonline.us',
        authMethod: 'WorkloadIdentity',
      },
    })
  })

  it('takes what the flags say instead', async () => {
    const other = '33333333-3333-4333-8333-333333333333'
    const words = ['--federated-token-file', '--client-id', other, '--tenant-id', other, '--cloud', 'china']
    const { profile } = await made(words, pod)
    expect(profile).toMatchObject({ clientId: other, tenantId: other, cloud: 'china' })
    expect(profile).not.toHaveProperty('authority')
  })

  it.each([
    ['another credential', ['--federated-token-env', 'ID_TOKEN'], pod],
    ['a pod without the label', ['--federated-token-file'], {}],
  ])('asks for the ids with %s', async (_what, words, env) => {
    expect(await made(words, env as Record<string, string>)).toEqual({ code: 4, profile: undefined })
  })
})
