import { describe, expect, it } from 'vitest'
import { checkUserAssertion } from '../../../../src/core/assertions/user-assertion.ts'
import { failureOf } from '../../../support/failure.ts'
import { clientId } from '../../../support/profiles.ts'
import { assertionOf } from './assertions.ts'

const now = new Date('2026-01-31T10:00:00Z')
const hers = { oid: 'anna', sub: 'hers', scp: 'access_as_user' }
const token = (claims: object) => assertionOf({ aud: clientId, ...hers, ...claims })

describe('the token of a person to act for', () => {
  it.each<[string, object]>([
    ['is for this app', {}],
    ['is for this app, in other letters', { aud: clientId.toUpperCase() }],
    ['is for a name of it that only Entra knows', { aud: 'api://contoso-api' }],
    ['is of v1', { aud: 'https://api.contoso.com', ver: '1.0' }],
    ['says nothing of an end', { exp: undefined }],
    ['is over for less than clocks may differ', { exp: now.getTime() / 1000 - 299 }],
  ])('%s', (_what, claims) => {
    expect(() => checkUserAssertion(token(claims), clientId, now)).not.toThrow()
  })

  const graph = 'the assertion is a token for Microsoft Graph, not for this app'
  it.each<[object, string, string]>([
    [{ aud: '00000003-0000-0000-c000-000000000000' }, graph, `--scope api://${clientId}/.default`],
    [{ aud: 'https://graph.microsoft.com' }, graph, 'Application ID URI'],
    [{ aud: 'https://graph.microsoft.us/' }, graph, 'Application ID URI'],
    [{ aud: 'https://microsoftgraph.chinacloudapi.cn' }, graph, 'Application ID URI'],
    [
      { aud: 'https://management.azure.com/' },
      'the assertion is a token for Azure Resource Manager, not for this app',
      'Application ID URI',
    ],
    [
      { aud: '99999999-9999-4999-8999-999999999999' },
      'the assertion is a token for the app 99999999-9999-4999-8999-999999999999, not for this app',
      'Application ID URI',
    ],
    [
      { exp: now.getTime() / 1000 - 300 },
      'the assertion expired at 2026-01-31 09:55:00 UTC',
      'have the caller send a new token',
    ],
    [
      { idtyp: 'app' },
      "the assertion is an app's own token, and on-behalf-of acts for a person",
      '--flow client-credentials',
    ],
    [
      { scp: undefined, sub: 'anna' },
      "the assertion is an app's own token, and on-behalf-of acts for a person",
      '--flow client-credentials',
    ],
  ])('is refused before Entra is asked: %j', (claims, message, hint) => {
    const failure = failureOf(() => checkUserAssertion(token(claims), clientId, now))
    expect(failure).toMatchObject({ code: 'invalid_token', message })
    expect(failure.hint).toContain(hint)
  })

  it('is a JWT', () => {
    const failure = failureOf(() => checkUserAssertion('s3cret-opaque', clientId, now))
    expect(failure.message).toMatch(/^the assertion is no token to act on behalf of: it has no dots/)
    expect(failure.message).not.toContain('s3cret')
  })
})
