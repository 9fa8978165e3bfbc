import { describe, expect, it } from 'vitest'
import { ownAddress, readAddress, withoutQuery } from '../../../../src/core/call/address.ts'
import { failureOf } from '../../../support/failure.ts'

const graph = { graphUrl: 'https://graph.microsoft.us' }

describe('where a call goes', () => {
  it.each([
    ['/me', 'https://graph.microsoft.us/v1.0/me'],
    ['/users?$top=1&$select=id', 'https://graph.microsoft.us/v1.0/users?$top=1&$select=id'],
    ['/v1.0/me', 'https://graph.microsoft.us/v1.0/me'],
    ['/beta/me', 'https://graph.microsoft.us/beta/me'],
    ['/beta', 'https://graph.microsoft.us/beta'],
    ['/betas', 'https://graph.microsoft.us/v1.0/betas'],
    ['/@evil.example/', 'https://graph.microsoft.us/v1.0/@evil.example/'],
    [' https://api.example/a ', 'https://api.example/a'],
  ])('%s', (text, expected) => expect(readAddress(text, graph).href).toBe(expected))

  it.each([
    ['', 'the address is empty or holds spaces or backslashes'],
    ['/me now', 'the address is empty or holds spaces or backslashes'],
    [
      String.raw`https://graph.microsoft.com\@evil.example/`,
      'the address is empty or holds spaces or backslashes',
    ],
    ['https://graph.microsoft.com/\nx', 'the address is empty or holds spaces or backslashes'],
    ['//evil.example/me', 'an address that begins with // names a server, but no scheme'],
    [
      'https://graph.microsoft.com@evil.example/',
      'the address holds a user name or a password, which may be made to look like its host',
    ],
    [
      'https://x:hush@evil.example/',
      'the address holds a user name or a password, which may be made to look like its host',
    ],
    ['http://graph.microsoft.com/', 'a token is not sent by http'],
    ['file:///etc/passwd', 'a token is not sent by file'],
    ['me', 'this is no address'],
    ['graph.microsoft.com/v1.0/me', 'this is no address'],
  ])('refuses %j', (text, fact) => {
    expect(failureOf(() => readAddress(text, graph))).toMatchObject({
      code: 'invalid_arguments',
      message: fact,
    })
  })
})

describe('an address that a server named', () => {
  const asked = new URL('https://graph.microsoft.com/v1.0/users')

  it.each([
    [
      'https://graph.microsoft.com/v1.0/users?$skiptoken=x',
      'https://graph.microsoft.com/v1.0/users?$skiptoken=x',
    ],
    ['https://graph.microsoft.com:443/a', 'https://graph.microsoft.com/a'],
    ['/other', 'https://graph.microsoft.com/other'],
    ['?page=2', 'https://graph.microsoft.com/v1.0/users?page=2'],
  ])('%s is its own', (named, expected) => expect(ownAddress(named, asked)?.href).toBe(expected))

  it.each([
    'https://graph.microsoft.com.evil.example/',
    'https://evil.example/',
    '//evil.example/',
    String.raw`\\evil.example`,
    'https://x@graph.microsoft.com/',
    'https://graph.microsoft.com:8443/',
    'http://graph.microsoft.com/',
    'javascript:alert(1)',
    'https://',
  ])('%s is not', (named) => expect(ownAddress(named, asked)).toBeUndefined())

  it('is shown without what may sign it', () => {
    expect(withoutQuery('https://x.example/file?sig=hush', asked)).toBe('https://x.example/file')
  })
})
