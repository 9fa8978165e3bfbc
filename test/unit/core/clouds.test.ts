import { describe, expect, it } from 'vitest'
import {
  cacheHostOf,
  cloudNamed,
  graphUrlOf,
  isMicrosoftAuthority,
  parseAuthority,
  resourceManagerOf,
} from '../../../src/core/clouds.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { failureOf } from '../../support/failure.ts'

describe('clouds by name', () => {
  it.each([
    ['public', 'https://login.microsoftonline.com', 'https://graph.microsoft.com', 'login.windows.net'],
    ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us', 'login.microsoftonline.us'],
    [
      'CHINA',
      'https://login.partner.microsoftonline.cn',
      'https://microsoftgraph.chinacloudapi.cn',
      'login.partner.microsoftonline.cn',
    ],
  ])('%s', (name, authority, graphUrl, cacheHost) => {
    expect(cloudNamed(name)).toMatchObject({ name: name.toLowerCase(), authority, graphUrl, cacheHost })
    expect(isMicrosoftAuthority(authority)).toBe(true)
    expect(graphUrlOf(authority)).toBe(graphUrl)
    expect(cacheHostOf(authority)).toBe(cacheHost)
  })

  it.each([
    ['public', 'https://management.azure.com'],
    ['usgov', 'https://management.usgovcloudapi.net'],
    ['china', 'https://management.chinacloudapi.cn'],
  ])('%s has a Resource Manager of its own', (name, resourceManager) => {
    expect(resourceManagerOf(cloudNamed(name).authority)).toBe(resourceManager)
  })

  it.each(['', 'germany', 'toString', 'constructor', '__proto__'])('%j is none', (name) => {
    expect(failureOf(() => cloudNamed(name))).toMatchObject({
      code: 'invalid_arguments',
      hint: 'use one of public, usgov, china, or --authority with its URL',
    })
  })

  it('knows an authority of nobody as such', () => {
    const own = 'https://localhost:8443'
    expect(isMicrosoftAuthority(own)).toBe(false)
    expect(graphUrlOf(own)).toBe('https://graph.microsoft.com')
    expect(resourceManagerOf(own)).toBe('https://management.azure.com')
    expect(cacheHostOf(own)).toBe('localhost:8443')
  })
})

describe('authority URLs', () => {
  it.each([
    ['https://login.microsoftonline.us', 'https://login.microsoftonline.us', undefined],
    ['https://login.microsoftonline.us/', 'https://login.microsoftonline.us', undefined],
    ['https://LOGIN.microsoftonline.US:443', 'https://login.microsoftonline.us', undefined],
    ['https://localhost:8443/', 'https://localhost:8443', undefined],
    [
      'https://login.microsoftonline.com/contoso.onmicrosoft.com',
      'https://login.microsoftonline.com',
      'contoso.onmicrosoft.com',
    ],
    ['https://login.microsoftonline.com/common/', 'https://login.microsoftonline.com', 'common'],
    ['https://login.microsoftonline.com/common/v2.0', 'https://login.microsoftonline.com', 'common'],
  ])('%s', (text, authority, tenant) => {
    expect(parseAuthority(text)).toEqual(tenant === undefined ? { authority } : { authority, tenant })
  })

  it.each([
    ['http', 'http://login.microsoftonline.com'],
    ['no URL', 'login.microsoftonline.com'],
    ['another scheme', 'ftp://login.microsoftonline.com'],
    ['nothing', ''],
    ['a query', 'https://login.microsoftonline.com/?x=1'],
    ['a fragment', 'https://login.microsoftonline.com/#x'],
  ])('refuses %s', (_what, text) => {
    const failure = failureOf(() => parseAuthority(text))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message: `"${text}" is not an authority URL` })
  })

  it.each(['https://user:pa55@login.example', 'https://:pa55@login.example', 'https://user@login.example'])(
    'refuses %s without repeating the password',
    (text) => {
      const failure = failureOf(() => parseAuthority(text))
      expect(failure).toBeInstanceOf(EntraAuthError)
      expect(failure).toMatchObject({ code: 'invalid_arguments' })
      expect(`${failure.message} ${failure.hint}`).not.toContain('pa55')
    },
  )
})
