import { describe, expect, it } from 'vitest'
import { isOneOfHosts, readTrustedHost } from '../../../src/core/host-pattern.ts'
import { failureOf } from '../../support/failure.ts'

const patterns = ['dev.azure.com', '*.visualstudio.com', 'git.contoso.com:8443']

describe('a host', () => {
  it.each([
    'dev.azure.com',
    'DEV.Azure.com',
    'dev.azure.com:443',
    'dev.azure.com.',
    'contoso.visualstudio.com',
    'a.b.visualstudio.com:443',
    'git.contoso.com:8443',
  ])('is one of those meant: %s', (host) => {
    expect(isOneOfHosts(host, patterns)).toBe(true)
  })

  it.each([
    '',
    'visualstudio.com',
    '.visualstudio.com',
    'evilvisualstudio.com',
    'contoso.visualstudio.com.evil.example',
    'contoso.visualstudio.com:8443',
    'evil.example#.visualstudio.com',
    'evil.example/.visualstudio.com',
    'evil.example\\.visualstudio.com',
    'user@evil.visualstudio.com',
    'evil.example\0.visualstudio.com',
    'dev.azure.com\n',
    'dev.azure.com:4433',
    'dev.azure.com:443:443',
    'xdev.azure.com',
    'a.dev.azure.com',
    'git.contoso.com',
    'ſtudio.visualstudio.com',
  ])('is none of them: %j', (host) => {
    expect(isOneOfHosts(host, patterns)).toBe(false)
  })
})

describe('a trusted host', () => {
  it('is compared as others are', () => {
    expect(readTrustedHost('Git.Contoso.com:443')).toBe('git.contoso.com')
  })

  it.each(['*.contoso.com', '*', 'https://contoso.com', 'contoso.com/x', ''])(
    'is never several: %j',
    (text) => {
      expect(failureOf(() => readTrustedHost(text))).toMatchObject({ code: 'invalid_arguments' })
    },
  )
})
