import { describe, expect, it } from 'vitest'
import { suggestedProfile } from '../../../../src/core/app-check/suggested-profile.ts'
import { checkProfileName } from '../../../../src/core/profiles/profile.ts'
import { appFrom, contosoApi, declared, graphApi, graphUrl } from './apps.ts'

const suggest = (fields: object) => suggestedProfile(appFrom(fields), [graphApi, contosoApi], graphUrl)

describe('a profile of an app', () => {
  it.each<[string, object, object]>([
    [
      'signs in in a browser where it may come back',
      { publicClient: { redirectUris: ['myapp://auth', 'http://localhost/cb', 'http://localhost'] } },
      { flow: 'interactive-browser', provesItself: false, redirectUri: undefined },
    ],
    [
      'comes back to what is registered',
      { publicClient: { redirectUris: ['http://localhost:3000/cb'] }, isFallbackPublicClient: true },
      { flow: 'interactive-browser', provesItself: false, redirectUri: 'http://localhost:3000/cb' },
    ],
    [
      'uses a device code where nothing leads here',
      { publicClient: { redirectUris: ['myapp://auth'] }, isFallbackPublicClient: true },
      { flow: 'device-code', provesItself: false },
    ],
    [
      'proves itself at the web',
      { web: { redirectUris: ['https://a.example', 'http://localhost/web'] } },
      { flow: 'authorization-code', provesItself: true, redirectUri: 'http://localhost/web' },
    ],
    [
      'speaks for itself where it has roles',
      { web: { redirectUris: ['http://localhost/web'] }, ...declared(graphApi, 'a1') },
      { flow: 'client-credentials', provesItself: true, redirectUri: undefined },
    ],
    ['speaks for itself where there is no other way', {}, { flow: 'client-credentials', provesItself: true }],
  ])('%s', (_what, fields, expected) => {
    expect(suggest(fields)).toMatchObject(expected)
  })

  it.each<[object, string]>([
    [{}, `${graphUrl}/.default`],
    [declared(graphApi, 'd1'), `${graphUrl}/.default`],
    [declared(contosoApi, 'c1'), 'api://contoso-api/.default'],
  ])('asks for what the app declares: %j', (fields, scope) => {
    expect(suggest(fields).scopes).toEqual([scope])
  })

  it.each([
    ['Contoso Daemon (v2)', 'contoso-daemon-v2'],
    ['Crème brûlée', 'creme-brulee'],
    ['山田', 'app'],
    ['.hidden', 'hidden'],
    ['x'.repeat(100), 'x'.repeat(64)],
    ['../../etc', 'etc'],
  ])('of %j is called %s', (displayName, name) => {
    expect(suggest({ displayName }).name).toBe(name)
    expect(checkProfileName(name)).toBe(name)
  })
})
