import { describe, expect, it } from 'vitest'
import { execCredential } from '../../../src/ui/exec-credential.ts'
import { failureOf } from '../../support/failure.ts'

const token = {
  token: 'the-token',
  tokenType: 'Bearer',
  expiresOn: new Date('2026-01-31T11:00:00.750Z'),
  scopes: [],
  tenantId: undefined,
  username: undefined,
  fromCache: false,
}
const infoOf = (apiVersion: unknown) => ({
  KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } }),
})

describe('the answer to kubectl', () => {
  it.each([
    ['nothing', {}, 'v1'],
    ['an empty variable', { KUBERNETES_EXEC_INFO: '' }, 'v1'],
    ['v1', infoOf('client.authentication.k8s.io/v1'), 'v1'],
    ['v1beta1', infoOf('client.authentication.k8s.io/v1beta1'), 'v1beta1'],
  ])('speaks the version it was asked in: %s', (_what, env, version) => {
    expect(execCredential(token, env)).toEqual({
      apiVersion: `client.authentication.k8s.io/${version}`,
      kind: 'ExecCredential',
      status: { token: 'the-token', expirationTimestamp: '2026-01-31T11:00:00Z' },
    })
  })

  it.each([
    infoOf('client.authentication.k8s.io/v2'),
    infoOf('example.org/v1'),
    infoOf(undefined),
    { KUBERNETES_EXEC_INFO: 'null' },
    { KUBERNETES_EXEC_INFO: '{' },
  ])('refuses a version that nobody knows: %j', (env) => {
    expect(failureOf(() => execCredential(token, env))).toMatchObject({ code: 'invalid_arguments' })
  })
})
