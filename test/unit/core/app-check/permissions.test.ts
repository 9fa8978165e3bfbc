import { describe, expect, it } from 'vitest'
import type { AppFacts, PermissionGrant } from '../../../../src/core/app-check/app-facts.ts'
import { checkApp } from '../../../../src/core/app-check/check-app.ts'
import {
  appFrom,
  askedOf,
  clientId,
  contosoApi,
  declared,
  factsOf,
  graphApi,
  graphUrl,
  known,
  secret,
  told,
  unknown,
} from './apps.ts'

const grant = (scopes: string, isForEverybody = true): PermissionGrant => ({
  resourceObjectId: graphApi.objectId,
  scopes: scopes.split(' '),
  isForEverybody,
})

function person(scope: string, app: object, facts: Partial<AppFacts> = {}) {
  return told('permission', askedOf({ scopes: [scope] }), factsOf(appFrom(app), facts))
}

describe('a scope that a person signs in for', () => {
  it.each<[string, string, object, Partial<AppFacts>, string]>([
    [
      'consented for everybody',
      `${graphUrl}/User.Read.All`,
      {},
      { grants: known([grant('User.Read User.Read.All')]) },
      'ok: an administrator consented for everybody',
    ],
    [
      'in another case',
      `${graphUrl}/user.read`,
      {},
      { grants: known([grant('User.Read')]) },
      'ok: an administrator consented for everybody',
    ],
    [
      'bare, for it is of Graph',
      'User.Read',
      {},
      { grants: known([grant('User.Read')]) },
      'ok: an administrator consented for everybody',
    ],
    [
      'consented by some',
      `${graphUrl}/User.Read`,
      {},
      { grants: known([grant('User.Read', false), grant('User.Read', false)]) },
      'ok: 2 people consented for themselves; others are asked when they sign in',
    ],
    [
      'that anybody may consent to',
      `${graphUrl}/User.Read`,
      declared(graphApi, 'd1'),
      {},
      'warning: nobody consented yet: each person is asked when they sign in, where the tenant lets them',
    ],
    [
      'that needs an administrator',
      `${graphUrl}/User.Read.All`,
      declared(graphApi, 'd2'),
      {},
      'failed: only an administrator can consent to User.Read.All, and none did',
    ],
    [
      'that nobody has',
      `${graphUrl}/User.Reed`,
      {},
      {},
      'failed: Microsoft Graph has no delegated permission "User.Reed" (AADSTS650053)',
    ],
    [
      'that is for apps',
      `${graphUrl}/Sites.Selected`,
      {},
      {},
      'failed: "Sites.Selected" of Microsoft Graph is for apps alone, not for people who sign in',
    ],
    [
      'of an API nobody knows',
      'api://nobody/read',
      {},
      {},
      'failed: this tenant knows no API "api://nobody" (AADSTS500011)',
    ],
    [
      'whose consent the reader may not see',
      `${graphUrl}/User.Read.All`,
      {},
      { grants: unknown },
      'unknown: who consented to User.Read.All, which only an administrator can do, cannot be read',
    ],
    [
      'with a slash too many',
      `${graphUrl}//User.Read`,
      {},
      { grants: known([grant('User.Read')]) },
      'ok: an administrator consented for everybody',
    ],
    [
      '.default, consented',
      `${graphUrl}/.default`,
      declared(graphApi, 'd1'),
      { grants: known([grant('User.Read')]) },
      'ok: the token will carry User.Read',
    ],
    [
      '.default, consented before more was declared',
      `${graphUrl}/.default`,
      declared(graphApi, 'd1', 'd2'),
      { grants: known([grant('User.Read')]) },
      'warning: the token will carry User.Read, but not User.Read.All: declared later than the consent',
    ],
    [
      '.default without consent',
      `${graphUrl}/.default`,
      declared(graphApi, 'd1', 'd2'),
      {},
      'failed: only an administrator can consent to User.Read.All, and none did',
    ],
    [
      '.default with nothing declared',
      `${graphUrl}/.default`,
      declared(contosoApi, 'c1'),
      {},
      'failed: the app declares no permission of Microsoft Graph, so there is nothing to consent to (AADSTS650057)',
    ],
  ])('%s', (_what, scope, app, facts, expected) => {
    expect(person(scope, app, facts)).toEqual([expected])
  })

  it('of OpenID Connect needs nobody', () => {
    expect(told('permission', askedOf({ scopes: ['openid', 'offline_access'] }), factsOf(appFrom()))).toEqual(
      [],
    )
  })

  const remedyOf = (app: object, scope = `${graphUrl}/User.Read.All`) =>
    checkApp(askedOf({ scopes: [scope] }), factsOf(appFrom(app))).findings.find(
      ({ name }) => name === 'permission',
    )

  it('names the address where an administrator consents, and the page of the portal', () => {
    expect(remedyOf(declared(graphApi, 'd2'))).toMatchObject({
      remedy: `an administrator consents at https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/adminconsent?client_id=${clientId}`,
      page: `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${clientId}`,
    })
  })

  it('is to be declared first, where it is not', () => {
    expect(remedyOf({})?.remedy).toMatch(/^declare it under "API permissions"; then an administrator/)
  })

  it('is told with those that are like it', () => {
    expect(remedyOf({}, `${graphUrl}/User.Reed`)?.remedy).toBe(
      'it has User.Read, User.Read.All, User.ReadBasic.All',
    )
  })
})

describe('a scope that an app asks for by itself', () => {
  const role = (appRoleId: string) => ({ resourceObjectId: graphApi.objectId, appRoleId })
  const app = (scope: string, fields: object, facts: Partial<AppFacts> = {}) =>
    told('permission', askedOf({ scopes: [scope], credential: secret }), factsOf(appFrom(fields), facts))

  it.each<[string, string, object, Partial<AppFacts>, string]>([
    [
      'granted',
      `${graphUrl}/.default`,
      declared(graphApi, 'a1'),
      { roles: known([role('a1')]) },
      'ok: the token will carry User.Read.All',
    ],
    [
      'declared and not granted',
      `${graphUrl}/.default`,
      declared(graphApi, 'a1', 'a2'),
      { roles: known([role('a2')]) },
      'failed: User.Read.All of Microsoft Graph is declared, and no administrator consented; granted: Sites.Selected',
    ],
    [
      'granted, though not declared',
      `${graphUrl}/.default`,
      {},
      { roles: known([role('a2')]) },
      'ok: the token will carry Sites.Selected',
    ],
    [
      'with nothing to carry',
      'api://contoso-api/.default',
      declared(graphApi, 'a1'),
      { roles: known([role('a1')]) },
      'warning: the token will carry no roles: the app has no application permission of Contoso API',
    ],
    [
      'by a permission',
      `${graphUrl}/User.Read.All`,
      {},
      {},
      'failed: an app asks for itself by "/.default" alone, and gets what it was granted (AADSTS1002012)',
    ],
    [
      'whose roles the reader may not see',
      `${graphUrl}/.default`,
      {},
      { roles: unknown },
      'unknown: which application permissions were granted cannot be read',
    ],
    [
      'by the id of the API',
      `${contosoApi.appId}/.default`,
      {},
      {},
      'warning: the token will carry no roles: the app has no application permission of Contoso API',
    ],
  ])('%s', (_what, scope, fields, facts, expected) => {
    expect(app(scope, fields, facts)).toEqual([expected])
  })
})
