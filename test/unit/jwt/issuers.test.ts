import { describe, expect, it } from 'vitest'
import { isMicrosoftHost, knownIssuer, tenantInIssuer, v2CounterpartOf } from '../../../src/jwt/issuers.ts'

const tid = '87654321-4321-4321-4321-cba987654321'
const metadata = '.well-known/openid-configuration'

// https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
// https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
describe("Microsoft's issuers", () => {
  it.each([
    ['workforce', '1.0', `https://sts.windows.net/${tid}/`, `https://login.microsoftonline.com/${tid}`],
    ['workforce', '2.0', `https://login.microsoftonline.com/${tid}/v2.0`, undefined],
    ['workforce', '2.0', `https://login.microsoftonline.us/${tid}/v2.0`, undefined],
    ['workforce', '2.0', `https://login.partner.microsoftonline.cn/${tid}/v2.0`, undefined],
    [
      'workforce',
      '1.0',
      `https://sts.chinacloudapi.cn/${tid}/`,
      `https://login.partner.microsoftonline.cn/${tid}`,
    ],
    ['external-id', '2.0', `https://${tid}.ciamlogin.com/${tid}/v2.0`, undefined],
    ['external-id', '2.0', `https://contoso.ciamlogin.com/${tid}/v2.0`, undefined],
    [
      'b2c',
      '2.0',
      `https://contoso.b2clogin.com/tfp/${tid}/b2c_1_susi/v2.0/`,
      `https://contoso.b2clogin.com/tfp/${tid}/b2c_1_susi/v2.0`,
    ],
  ])('%s %s: %s', (kind, version, iss, base = iss) => {
    expect(knownIssuer({ iss })).toEqual({ kind, version, tenantId: tid, metadataUrl: `${base}/${metadata}` })
  })

  it.each([
    ['tfp', { tfp: 'B2C_1_susi' }],
    ['acr', { acr: 'B2C_1_susi' }],
  ])('of B2C publish their keys by user flow (%s)', (_claim, flow) => {
    const iss = `https://contoso.b2clogin.com/${tid}/v2.0/`
    expect(knownIssuer({ iss, ...flow })?.metadataUrl).toBe(
      `https://contoso.b2clogin.com/${tid}/B2C_1_susi/v2.0/${metadata}`,
    )
  })

  it.each(['..', '../../common', 'a/b', 'a?b', 'a#b', '', '.', 'x'.repeat(200), 7])(
    'of B2C are led nowhere by the user flow %j',
    (tfp) => {
      expect(knownIssuer({ iss: `https://contoso.b2clogin.com/${tid}/v2.0/`, tfp })).toMatchObject({
        metadataUrl: undefined,
      })
    },
  )
})

describe('is no issuer of Microsoft:', () => {
  it.each([
    `https://login.microsoftonline.com.attacker.example/${tid}/v2.0`,
    `https://attacker.example/login.microsoftonline.com/${tid}/v2.0`,
    `https://attacker.example#login.microsoftonline.com/${tid}/v2.0`,
    `https://login.microsoftonline.com@attacker.example/${tid}/v2.0`,
    `https://login.microsoftonline.com:8443/${tid}/v2.0`,
    `http://login.microsoftonline.com/${tid}/v2.0`,
    `https://LOGIN.microsoftonline.com/${tid}/v2.0`,
    `https://login.microsoftonline.com/common/v2.0`,
    `https://login.microsoftonline.com/${tid}/v2.0/../../x`,
    `https://login.microsoftonline.com/${tid}/`,
    `https://sts.windows.net/${tid}`,
    `https://sts.windows.net/${tid}/v2.0`,
    `https://a.b.b2clogin.com/${tid}/v2.0/`,
    `https://b2clogin.com/${tid}/v2.0/`,
    `https://evil-ciamlogin.com/${tid}/v2.0`,
    `https://login.microsoftonline.com/${tid}/v2.0\n`,
    `\nhttps://login.microsoftonline.com/${tid}/v2.0`,
    `https://login.microsoftonline.com/${'a'.repeat(600)}/v2.0`,
    '',
    42,
    undefined,
    ['https://sts.windows.net/'],
  ])('%j', (iss) => {
    expect(knownIssuer({ iss, tfp: 'B2C_1' })).toBeUndefined()
  })
})

describe('hosts of Microsoft', () => {
  it.each([
    ['login.microsoftonline.com', true],
    ['login.windows.net', true],
    ['contoso.b2clogin.com', true],
    ['b2clogin.com', false],
    ['b2clogin.com.attacker.example', false],
    ['login.microsoftonline.com.attacker.example', false],
  ])('%s: %j', (host, expected) => {
    expect(isMicrosoftHost(host)).toBe(expected)
  })
})

describe('an issuer of a form', () => {
  const form = 'https://login.microsoftonline.com/{tenantid}/v2.0'
  it.each([
    [form, `https://login.microsoftonline.com/${tid}/v2.0`, tid],
    [form, 'https://login.microsoftonline.com/{tenantid}/v2.0', undefined],
    [form, 'https://login.microsoftonline.com//v2.0', undefined],
    ['https://a.example/{tenantId}', `https://a.example/${tid}`, tid],
    [form, `https://login.microsoftonline.com/${tid}`, undefined],
    ['{tenantid}{tenantid}', tid, undefined],
    ['https://{tenantid}.ciamlogin.com/{tenantid}/v2.0', `https://${tid}.ciamlogin.com/${tid}/v2.0`, tid],
    [
      'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0',
      `https://${tid}.ciamlogin.com/${tid.replace('8', '9')}/v2.0`,
      undefined,
    ],
    [form, `https://login.microsoftonline.com/${tid}/x/v2.0`, undefined],
    [form, `https://login.microsoftonline.us/${tid}/v2.0`, undefined],
    ['https://accounts.example', 'https://accounts.example', ''],
    ['https://accounts.example', 'https://accounts.example/', undefined],
  ])('%s and %s', (form, iss, tenant) => {
    expect(tenantInIssuer(form, iss)).toBe(tenant)
  })

  it.each([
    [`https://sts.windows.net/${tid}/`, `https://login.microsoftonline.com/${tid}/v2.0`],
    [`https://localhost:8443/${tid}/`, `https://localhost:8443/${tid}/v2.0`],
    [`https://login.microsoftonline.com/${tid}/v2.0`, undefined],
  ])('of version 1.0 has a counterpart: %s', (iss, counterpart) => {
    expect(v2CounterpartOf(iss)).toBe(counterpart)
  })
})
