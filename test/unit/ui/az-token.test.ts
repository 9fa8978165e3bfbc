import { describe, expect, it } from 'vitest'
import { azFields } from '../../../src/ui/az-token.ts'

const token = {
  token: 'the-token',
  tokenType: 'Bearer',
  expiresOn: new Date('2026-07-31T22:30:59.900Z'),
  scopes: ['https://management.azure.com/.default'],
  tenantId: 'the-tenant',
  username: undefined,
  fromCache: false,
}

describe('a token as az prints it', () => {
  it('ends in local time and in seconds since 1970', () => {
    expect(azFields(token, { TZ: 'Europe/Vienna' })).toEqual({
      accessToken: 'the-token',
      expiresOn: '2026-08-01 00:30:59.000000',
      expires_on: 1_785_537_059,
      tenant: 'the-tenant',
      tokenType: 'Bearer',
    })
  })

  it.each([
    ['Etc/UTC', '2026-07-31 22:30:59.000000'],
    ['America/St_Johns', '2026-07-31 20:00:59.000000'],
  ])('in the zone %s too', (TZ, expiresOn) => {
    expect(azFields(token, { TZ })).toMatchObject({ expiresOn })
  })

  it.each([
    [{ AZURE_SUBSCRIPTION_ID: 'one', ARM_SUBSCRIPTION_ID: 'two' }, 'one'],
    [{ AZURE_SUBSCRIPTION_ID: '', ARM_SUBSCRIPTION_ID: 'two' }, 'two'],
  ])('names the subscription of the environment: %j', (env, subscription) => {
    expect(azFields(token, env)).toMatchObject({ subscription })
  })

  it('says nothing of a tenant that is not known', () => {
    expect(Object.keys(azFields({ ...token, tenantId: undefined }, {}))).not.toContain('tenant')
  })
})
