import { describe, expect, it } from 'vitest'
import { flows, isAppOnly, parseFlow, pascalName } from '../../../src/core/flows/flow.ts'
import { naturalFlow } from '../../../src/core/profiles/profile.ts'
import { failureOf } from '../../support/failure.ts'

describe('flow names', () => {
  it.each([
    ['ClientCredentials', 'client-credentials'],
    ['client-credentials', 'client-credentials'],
    ['client_credentials', 'client-credentials'],
    ['CLIENTCREDENTIALS', 'client-credentials'],
    ['Client Credentials', 'client-credentials'],
    ['AuthorizationCode', 'authorization-code'],
    ['authorization-code', 'authorization-code'],
    ['auth-code', 'authorization-code'],
    ['AuthCode', 'authorization-code'],
    ['DeviceCode', 'device-code'],
    ['device_code', 'device-code'],
    ['devicecode', 'device-code'],
    ['InteractiveBrowser', 'interactive-browser'],
    ['interactive-browser', 'interactive-browser'],
    ['interactive', 'interactive-browser'],
    ['Browser', 'interactive-browser'],
  ])('%s', (text, flow) => {
    expect(parseFlow(text)).toBe(flow)
  })

  it.each(['', '2', 'implicit', 'device-codes', 'constructor'])('%j is none', (text) => {
    expect(failureOf(() => parseFlow(text))).toMatchObject({
      code: 'invalid_arguments',
      message: `there is no flow "${text}"`,
      hint: `use one of ${flows.join(', ')}`,
    })
  })

  it('are written in the spelling of profile files, which is read again', () => {
    expect(flows.map(pascalName)).toEqual(
      expect.arrayContaining(['ClientCredentials', 'AuthorizationCode', 'DeviceCode', 'InteractiveBrowser']),
    )
    expect(flows.map((flow) => parseFlow(pascalName(flow)))).toEqual(flows)
  })

  it('tell whose token it is', () => {
    expect(isAppOnly('client-credentials')).toBe(true)
    expect(isAppOnly('device-code')).toBe(false)
    expect(isAppOnly('interactive-browser')).toBe(false)
    expect(isAppOnly('authorization-code')).toBe(false)
  })
})

describe('the flow nobody named', () => {
  const secret = { kind: 'client-secret', source: { from: 'vault' } } as const
  it("is the profile's default, whatever its credential", () => {
    expect(naturalFlow({ defaultFlow: 'device-code', credential: secret })).toBe('device-code')
  })
  it('is client credentials with a secret or a certificate', () => {
    expect(naturalFlow({ defaultFlow: undefined, credential: secret })).toBe('client-credentials')
    const certificate = {
      kind: 'certificate',
      source: { from: 'file', certificatePath: '/c.pem', privateKeyPath: undefined },
    } as const
    expect(naturalFlow({ defaultFlow: undefined, credential: certificate })).toBe('client-credentials')
  })
  it('is a browser without either', () => {
    expect(naturalFlow({ defaultFlow: undefined, credential: { kind: 'none' } })).toBe('interactive-browser')
  })
})
