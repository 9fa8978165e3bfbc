import { describe, expect, it } from 'vitest'
import { grantsAll, isDefaultScope, parseScopes, resourceOf } from '../../../src/core/scopes.ts'

const graph = 'https://graph.microsoft.com'
const guid = '00000003-0000-0000-c000-000000000000'

describe('scopes as people write them', () => {
  it.each([
    ['one', ['User.Read'], ['User.Read']],
    ['spaces', ['User.Read Mail.Read'], ['User.Read', 'Mail.Read']],
    ['commas', ['User.Read,Mail.Read'], ['User.Read', 'Mail.Read']],
    ['both, and too many', [' User.Read , ,\tMail.Read\n'], ['User.Read', 'Mail.Read']],
    ['several times', ['User.Read', 'Mail.Read'], ['User.Read', 'Mail.Read']],
    ['nothing', ['', ' , '], []],
    ['doubles in any case', ['User.Read user.read'], ['User.Read']],
    [
      'a bare one after a qualified one',
      [`${graph}/User.Read Mail.Send`],
      [`${graph}/User.Read`, `${graph}/Mail.Send`],
    ],
    [
      'a bare one after a qualified one, given apart',
      [`${graph}/User.Read`, 'Mail.Send'],
      [`${graph}/User.Read`, `${graph}/Mail.Send`],
    ],
    [
      'a bare one before a qualified one',
      [`Mail.Send ${graph}/User.Read`],
      ['Mail.Send', `${graph}/User.Read`],
    ],
    [
      'a bare one after two resources belongs to the last',
      [`${graph}/User.Read api://a/read write`],
      [`${graph}/User.Read`, 'api://a/read', 'api://a/write'],
    ],
    [
      'OpenID Connect scopes belong to no resource',
      [`${graph}/User.Read openid offline_access Mail.Send profile email`],
      [`${graph}/User.Read`, 'openid', 'offline_access', `${graph}/Mail.Send`, 'profile', 'email'],
    ],
    ['a double once it is qualified', [`${graph}/User.Read User.Read`], [`${graph}/User.Read`]],
    [
      'the trailing slash of a resource is kept',
      ['https://management.core.windows.net//.default'],
      ['https://management.core.windows.net//.default'],
    ],
    [
      'the trailing slash is passed on',
      ['https://management.core.windows.net//user_impersonation .default'],
      [
        'https://management.core.windows.net//user_impersonation',
        'https://management.core.windows.net//.default',
      ],
    ],
    ['a GUID as resource', [`${guid}/.default`], [`${guid}/.default`]],
    ['api:// with a GUID', [`api://${guid}/x y`], [`api://${guid}/x`, `api://${guid}/y`]],
    [
      'an API without a permission is no permission of the one before',
      [`${graph}/User.Read api://contoso https://contoso.com`],
      [`${graph}/User.Read`, 'api://contoso', 'https://contoso.com'],
    ],
  ])('%s', (_what, texts, scopes) => {
    expect(parseScopes(texts)).toEqual(scopes)
  })
})

describe('the resource of a scope', () => {
  it.each([
    [`${graph}/User.Read`, graph],
    [`${graph}/.default`, graph],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
    ['https://contoso.onmicrosoft.com/api/read', 'https://contoso.onmicrosoft.com/api'],
    ['api://contoso/read', 'api://contoso'],
    [`api://${guid}/x`, `api://${guid}`],
    [`${guid}/.default`, guid],
    ['User.Read', undefined],
    ['.default', undefined],
    ['openid', undefined],
    ['api://contoso', undefined],
    [graph, undefined],
    ['/x', undefined],
  ])('%s', (scope, resource) => {
    expect(resourceOf(scope)).toBe(resource)
  })
})

describe('what a token grants', () => {
  it.each<[string, string, string, boolean]>([
    ['the same', `${graph}/User.Read`, `${graph}/User.Read`, true],
    ['in another case', `${graph}/user.read`, `${graph}/User.Read`, true],
    ['more than wanted', `${graph}/User.Read ${graph}/Mail.Read`, `${graph}/Mail.Read`, true],
    ['less than wanted', `${graph}/User.Read`, `${graph}/User.Read ${graph}/Mail.Read`, false],
    ['another resource', 'api://a/read', 'api://b/read', false],
    ['a bare one is not the qualified one', `${graph}/User.Read`, 'User.Read', false],
    ['with the sign-in beside', `${graph}/User.Read`, `${graph}/User.Read openid offline_access`, true],
    ['nothing wanted in particular', 'api://a/read', '', true],
    ['the sign-in alone, of a token for it', 'openid profile email User.Read', 'openid profile', true],
    ['the sign-in alone, of a token for an API', 'api://a/read', 'openid profile', false],
    ['a refresh token alone, which no token shows', 'api://a/read', 'offline_access', false],
  ])('%s', (_what, granted, wanted, all) => {
    expect(grantsAll(granted.split(' '), wanted === '' ? [] : wanted.split(' '))).toBe(all)
  })

  it('knows what asks for everything', () => {
    expect([`${graph}/.default`, `${graph}/.Default`].every(isDefaultScope)).toBe(true)
    expect([`${graph}/default`, '.defaults', 'User.Read'].some(isDefaultScope)).toBe(false)
  })
})
