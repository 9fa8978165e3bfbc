import { describe, expect, it } from 'vitest'
import { fetchAssertion } from '../../../../src/core/assertions/assertion-source.ts'
import type { HttpRequest } from '../../../../src/core/ports.ts'
import type { AssertionSource } from '../../../../src/core/profiles/profile.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { memoryHost, type MemoryHostOptions } from '../../../support/memory-host.ts'
import { assertionOf } from './assertions.ts'

const waiting = { signal: new AbortController().signal, milliseconds: 60_000 }
const assertion = assertionOf({})

function fetched(source: AssertionSource, options: MemoryHostOptions) {
  return fetchAssertion(source, 'ci', memoryHost(options), silentVoice, waiting)
}

/** A host whose only endpoint answers so, and what it was sent. */
function answering(env: Record<string, string>, status: number, body: string) {
  const sent: HttpRequest[] = []
  const options: MemoryHostOptions = {
    env,
    http: (request) => {
      sent.push(request)
      return { status, headers: {}, body }
    },
  }
  return { options, sent }
}

describe('an assertion', () => {
  const mounted = '/var/run/secrets/azure/tokens/azure-identity-token'
  it.each<[string, AssertionSource, MemoryHostOptions]>([
    ['in a file', { from: 'file', path: '/token' }, { files: { '/token': `${assertion}\n` } }],
    [
      'where Kubernetes mounts it',
      { from: 'file', path: undefined },
      { env: { AZURE_FEDERATED_TOKEN_FILE: mounted }, files: { [mounted]: assertion } },
    ],
    ['in a variable', { from: 'environment', variable: 'ID_TOKEN' }, { env: { ID_TOKEN: assertion } }],
    [
      'from a command',
      { from: 'command', command: 'mint' },
      { command: () => ({ kind: 'output', stdout: Buffer.from(`${assertion}\r\n`) }) },
    ],
  ])('%s is taken', async (_where, source, options) => {
    expect(await fetched(source, options)).toBe(assertion)
  })

  it('in a file is read anew each time, for the file is replaced', async () => {
    const host = memoryHost({ files: { '/token': assertionOf({ jti: 'one' }) } })
    const again = () => fetchAssertion({ from: 'file', path: '/token' }, 'ci', host, silentVoice, waiting)
    await again()
    host.fileMap.set('/token', Buffer.from(assertionOf({ jti: 'two' })))
    expect(await again()).toBe(assertionOf({ jti: 'two' }))
  })

  it.each<[string, AssertionSource, MemoryHostOptions, string, RegExp]>([
    [
      'no file is named',
      { from: 'file', path: undefined },
      {},
      'the assertion of "ci" cannot be had: AZURE_FEDERATED_TOKEN_FILE is not set',
      /azure\.workload\.identity\/use: "true"/,
    ],
    [
      'the file is not there',
      { from: 'file', path: '/token' },
      {},
      'the assertion of "ci" cannot be had: there is no file "/token"',
      /config edit ci --federated-token-file FILE"$/,
    ],
    [
      'the file that Kubernetes names is not there',
      { from: 'file', path: undefined },
      { env: { AZURE_FEDERATED_TOKEN_FILE: mounted } },
      `the assertion of "ci" cannot be had: there is no file "${mounted}"`,
      /^AZURE_FEDERATED_TOKEN_FILE names it: is it mounted/,
    ],
    [
      'the variable is empty',
      { from: 'environment', variable: 'ID_TOKEN' },
      { env: { ID_TOKEN: '' } },
      'the assertion of "ci" cannot be had: the variable ID_TOKEN is not set',
      /set ID_TOKEN/,
    ],
    [
      'the command fails',
      { from: 'command', command: 'mint' },
      { command: () => ({ kind: 'failed', exitCode: 1 }) },
      'the command that prints the assertion of "ci" failed (exit code 1)',
      /run it to see why: mint/,
    ],
    [
      'the command prints nothing',
      { from: 'command', command: 'mint' },
      { command: () => ({ kind: 'output', stdout: Buffer.from(' \r\n') }) },
      'the command that prints the assertion of "ci" printed nothing',
      /run it to see why: mint/,
    ],
    [
      'it is not GitHub',
      { from: 'github-actions', audience: undefined },
      {},
      'the assertion of "ci" cannot be had: this is no job of GitHub Actions (ACTIONS_ID_TOKEN_REQUEST_URL is not set)',
      /in a workflow/,
    ],
    [
      'the GitHub job may not ask',
      { from: 'github-actions', audience: undefined },
      { env: { GITHUB_ACTIONS: 'true' } },
      'the assertion of "ci" cannot be had: the job has no permission to ask GitHub for a token',
      /permissions: id-token: write/,
    ],
    [
      'it is not Azure Pipelines',
      { from: 'azure-pipelines', serviceConnectionId: 'sc' },
      { env: { SYSTEM_ACCESSTOKEN: 'x' } },
      'the assertion of "ci" cannot be had: this is no job of Azure Pipelines (SYSTEM_OIDCREQUESTURI is not set)',
      /in a pipeline/,
    ],
    [
      'the step has no token',
      { from: 'azure-pipelines', serviceConnectionId: 'sc' },
      { env: { SYSTEM_OIDCREQUESTURI: 'https://vstoken.example/oidctoken' } },
      'the assertion of "ci" cannot be had: SYSTEM_ACCESSTOKEN is not set',
      /env: SYSTEM_ACCESSTOKEN: \$\(System\.AccessToken\)/,
    ],
  ])('cannot be had where %s', async (_why, source, options, message, hint) => {
    const failure = await rejectionOf(fetched(source, options))
    expect(failure).toMatchObject({ code: 'profile_incomplete', exitCode: 3, message })
    expect(failure.hint).toMatch(hint)
  })

  it.each<[string, string, string]>([
    ['empty', ' \n', 'the assertion from the variable ID_TOKEN is empty'],
    ['no JWT', 'hello', 'the assertion from the variable ID_TOKEN is no JWT: it has no dots'],
    [
      'long over',
      assertionOf({ exp: Date.parse('2026-01-31T09:54:59Z') / 1000 }),
      'the assertion from the variable ID_TOKEN expired at 2026-01-31 09:54:59 UTC',
    ],
  ])('that is %s is refused, and nothing of it is told', async (_what, text, message) => {
    const source: AssertionSource = { from: 'environment', variable: 'ID_TOKEN' }
    const failure = await rejectionOf(fetched(source, { env: { ID_TOKEN: text } }))
    expect(failure.code).toBe('invalid_token')
    expect(failure.message).toMatch(new RegExp(`^${message}`))
    expect(`${failure.message} ${failure.hint}`).not.toContain('hello')
  })

  it('that is over for less than clocks may differ is left to Entra', async () => {
    const late = assertionOf({ exp: Date.parse('2026-01-31T09:55:01Z') / 1000 })
    const source: AssertionSource = { from: 'environment', variable: 'ID_TOKEN' }
    expect(await fetched(source, { env: { ID_TOKEN: late } })).toBe(late)
  })
})

it.each<[string, AssertionSource, Record<string, string>]>([
  [
    'GitHub',
    { from: 'github-actions', audience: undefined },
    { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://a.example', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' },
  ],
  [
    'Azure Pipelines',
    { from: 'azure-pipelines', serviceConnectionId: 'sc' },
    { SYSTEM_OIDCREQUESTURI: 'https://a.example', SYSTEM_ACCESSTOKEN: 'x' },
  ],
])('%s that does not answer is named', async (who, source, env) => {
  const host = memoryHost({
    env,
    http: ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
  })
  const failure = await rejectionOf(
    fetchAssertion(source, 'ci', host, silentVoice, { ...waiting, milliseconds: 20 }),
  )
  expect(failure).toMatchObject({ code: 'timeout', exitCode: 6, message: `${who} did not answer in time` })
})

describe('a GitHub Actions job', () => {
  const env = {
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://run.actions.example/1//idtoken/2?api-version=2.0',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  }

  it.each([
    [undefined, 'api%3A%2F%2FAzureADTokenExchange'],
    ['api://AzureADTokenExchangeUSGov', 'api%3A%2F%2FAzureADTokenExchangeUSGov'],
  ])('asks for a token for the audience %s', async (audience, encoded) => {
    const { options, sent } = answering(env, 200, JSON.stringify({ count: 1, value: assertion }))
    expect(await fetched({ from: 'github-actions', audience }, options)).toBe(assertion)
    expect(sent).toEqual([
      {
        method: 'GET',
        url: `https://run.actions.example/1//idtoken/2?api-version=2.0&audience=${encoded}`,
        headers: { authorization: 'bearer request-token', accept: 'application/json; api-version=2.0' },
        signal: expect.any(AbortSignal) as AbortSignal,
      },
    ])
  })

  it.each([
    ['refuses', 401, JSON.stringify({ value: assertion })],
    ['answers something else', 200, '<html>'],
    ['answers without a token', 200, '{"value":""}'],
  ])('is told when GitHub %s', async (_what, status, body) => {
    const { options } = answering(env, status, body)
    const failure = await rejectionOf(fetched({ from: 'github-actions', audience: undefined }, options))
    expect(failure).toMatchObject({
      code: 'authentication_failed',
      message: `GitHub gives this job no token (HTTP ${status})`,
    })
  })

  it('whose address is none is told so', async () => {
    const broken = { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: 'nowhere' }
    const failure = await rejectionOf(
      fetched({ from: 'github-actions', audience: undefined }, { env: broken }),
    )
    expect(failure).toMatchObject({
      code: 'profile_incomplete',
      message: 'ACTIONS_ID_TOKEN_REQUEST_URL holds no address',
    })
  })
})

describe('an Azure Pipelines job', () => {
  const env = {
    SYSTEM_OIDCREQUESTURI:
      'https://dev.azure.example/org/project/_apis/distributedtask/hubs/build/oidctoken/',
    SYSTEM_ACCESSTOKEN: 'access-token',
  }
  const source: AssertionSource = { from: 'azure-pipelines', serviceConnectionId: 'a b/1' }

  it('asks for a token for its service connection', async () => {
    const { options, sent } = answering(env, 200, JSON.stringify({ oidcToken: assertion }))
    expect(await fetched(source, options)).toBe(assertion)
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://dev.azure.example/org/project/_apis/distributedtask/hubs/build/oidctoken?api-version=7.1&serviceConnectionId=a+b%2F1',
        headers: {
          authorization: 'Bearer access-token',
          accept: 'application/json',
          'content-type': 'application/json',
          'x-tfs-fedauthredirect': 'Suppress',
        },
        body: '',
        signal: expect.any(AbortSignal) as AbortSignal,
      },
    ])
  })

  it.each([
    ['refuses', 401, ''],
    ['leads to a sign-in page', 302, ''],
    ['answers something else', 200, '{"oidcToken":7}'],
  ])('is told when Azure Pipelines %s', async (_what, status, body) => {
    const { options } = answering(env, status, body)
    const failure = await rejectionOf(fetched(source, options))
    expect(failure).toMatchObject({
      code: 'authentication_failed',
      message: `Azure Pipelines gives no token for the service connection "a b/1" (HTTP ${status})`,
    })
    expect(failure.hint).toContain('resourceId')
  })
})
