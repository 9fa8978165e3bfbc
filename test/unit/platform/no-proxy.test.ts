import { describe, expect, it } from 'vitest'
import { isExempt } from '../../../src/platform/no-proxy.ts'

describe('NO_PROXY', () => {
  it.each([
    ['login.contoso.com', 'https://login.contoso.com/', true],
    ['LOGIN.contoso.com', 'https://login.Contoso.com/', true],
    ['contoso.com', 'https://login.contoso.com/', true],
    ['.contoso.com', 'https://login.contoso.com/', true],
    ['*.contoso.com', 'https://login.contoso.com/', true],
    ['.contoso.com', 'https://contoso.com/', true],
    ['contoso.com.', 'https://login.contoso.com/', true],
    ['contoso.com', 'https://login.contoso.com./', true],
    ['toso.com', 'https://contoso.com/', false],
    ['contoso.com.evil.example', 'https://contoso.com/', false],
    ['a.example, b.example', 'https://b.example/', true],
    ['a.example b.example', 'https://b.example/', true],
    ['*', 'https://[2001:db8::1]/', true],
    ['*:8443', 'https://a.example/', false],
    ['a.example:443', 'https://a.example/', true],
    ['a.example:443', 'https://a.example:8443/', false],
    ['10.1.2.3', 'https://10.1.2.3/', true],
    ['10.1.2.3:8443', 'https://10.1.2.3:8443/', true],
    ['1.2.3', 'https://10.1.2.3/', false],
    ['2.3', 'https://10.1.2.3/', false],
    ['10.0.0.0/8', 'https://10.1.2.3/', true],
    ['10.1.2.0/30', 'https://10.1.2.4/', false],
    ['0.0.0.0/0', 'https://10.1.2.4/', true],
    ['10.0.0.0/8', 'https://10.example/', false],
    ['10.0.0.0/33', 'https://10.0.0.0/', false],
    ['10.0.0.0/', 'https://10.0.0.0/', false],
    ['2001:db8::1', 'https://[2001:DB8:0::1]/', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]/', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]/', false],
    ['2001:db8::/32', 'https://[2001:db8:1::1]/', true],
    ['2001:db8::/32', 'https://[2001:db9::1]/', false],
    ['2001:db8::/129', 'https://[2001:db8::]/', false],
    ['::/0', 'https://10.1.2.3/', false],
    ['', 'https://a.example/', false],
    [', ,', 'https://a.example/', false],
    ['.', 'https://a.example/', false],
  ])('%s, %s: %s', (rules, url, exempt) => {
    expect(isExempt(new URL(url), rules)).toBe(exempt)
  })
})
