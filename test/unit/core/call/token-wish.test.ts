import { describe, expect, it } from 'vitest'
import { chooseCallToken, type CallChoice } from '../../../../src/core/call/token-wish.ts'
import { readProfile } from '../../../../src/core/profiles/profile-record.ts'
import { failureOf } from '../../../support/failure.ts'
import { recordOf } from '../../../support/profiles.ts'

const work = (fields: object = {}) => readProfile(recordOf(fields))
const none: CallChoice = { scopes: [], allowedHosts: [] }

function chosen(address: string, choice: Partial<CallChoice> = {}, fields = {}) {
  return chooseCallToken(new URL(address), work(fields), { ...none, ...choice })
}

describe('the token of a call', () => {
  it.each<[string, readonly string[], string]>([
    ['https://graph.microsoft.com/v1.0/me', ['https://graph.microsoft.com/User.Read'], 'Microsoft Graph'],
    ['https://vault.azure.net.x.vault.azure.net/', ['https://vault.azure.net/.default'], 'Azure Key Vault'],
    ['https://management.azure.com/', ['https://management.azure.com/.default'], 'Azure Resource Manager'],
  ])('%s', (address, scopes, api) => expect(chosen(address)).toMatchObject({ scopes, api }))

  it('is what the profile itself asks of the API, in any spelling', () => {
    const scopes = ['offline_access', 'User.Read', 'https://management.core.windows.net//user_impersonation']
    expect(chosen('https://graph.microsoft.com/', {}, { scopes }).scopes).toEqual(['User.Read'])
    expect(chosen('https://management.azure.com/', {}, { scopes }).scopes).toEqual([
      'https://management.core.windows.net//user_impersonation',
    ])
  })

  it('is that of the Graph of the profile, wherever it is', () => {
    const fields = { graphUrl: 'https://localhost:8443', scopes: ['https://localhost:8443/User.Read'] }
    expect(chosen('https://localhost:8443/v1.0/me', {}, fields)).toMatchObject({
      api: 'Microsoft Graph',
      scopes: ['https://localhost:8443/User.Read'],
    })
    expect(failureOf(() => chosen('https://localhost:9443/v1.0/me', {}, fields)).message).toBe(
      'which API answers at localhost:9443 is not known',
    )
  })

  it('is named by --scope for an API of somebody', () => {
    expect(chosen('https://api.contoso.example/x', { scopes: ['api://contoso/.default'] })).toEqual({
      api: 'api.contoso.example',
      scopes: ['api://contoso/.default'],
      headers: {},
    })
  })

  it('is named by --scope where an API has several', () => {
    const scopes = ['https://eventhubs.azure.net/.default']
    expect(chosen('https://x.servicebus.windows.net/hub', { scopes }).scopes).toEqual(scopes)
  })

  it('is never that of Microsoft Graph for a Graph that a profile says is elsewhere', () => {
    const fields = { graphUrl: 'https://evil.example', scopes: ['User.Read', 'offline_access'] }
    const scopes = ['https://evil.example/User.Read']
    expect(chosen('https://evil.example/v1.0/me', {}, fields).scopes).toEqual(scopes)
    expect(chosen('https://evil.example/v1.0/me', { scopes: ['User.Read'] }, fields).scopes).toEqual(scopes)
    // Alone, scopes of OpenID Connect are Graph's too.
    expect(chosen('https://evil.example/', { scopes: ['openid'] }, fields).scopes).toEqual([
      'openid',
      'https://evil.example/.default',
    ])
  })

  it('is not guessed where Azure Relay may hand it on to a program of anybody', () => {
    const failure = failureOf(() => chosen('https://evil.servicebus.windows.net/hub'))
    expect(failure).toMatchObject({
      code: 'invalid_arguments',
      message: 'at evil.servicebus.windows.net a program of anybody may see the token',
      hint: 'if you know whose namespace it is, name the scope: -s https://servicebus.azure.net/.default',
    })
    const scopes = ['https://servicebus.azure.net/.default']
    expect(chosen('https://mine.servicebus.windows.net/', { scopes }).scopes).toEqual(scopes)
    const allowedHosts = ['mine.servicebus.windows.net']
    expect(chosen('https://mine.servicebus.windows.net/', { allowedHosts }).scopes).toEqual(scopes)
  })

  it.each<[string, string, string]>([
    [
      'https://evil.example/',
      'https://graph.microsoft.com/.default',
      'evil.example is no host of Microsoft Graph, whose token this is',
    ],
    ['https://evil.example/', 'openid', 'evil.example is no host of Microsoft Graph, whose token this is'],
    ['https://evil.example/', 'User.Read', 'evil.example is no host of Microsoft Graph, whose token this is'],
    [
      'https://evil.example/',
      '00000003-0000-0000-c000-000000000000/.default',
      'evil.example is no host of Microsoft Graph, whose token this is',
    ],
    [
      'https://graph.microsoft.com./',
      'https://vault.azure.net/.default',
      'graph.microsoft.com. is no host of Azure Key Vault, whose token this is',
    ],
    [
      'https://x.vault.azure.net/',
      'https://management.azure.com/.default',
      'x.vault.azure.net is a host of Azure Key Vault, and the scope is for Azure Resource Manager',
    ],
    [
      'https://graph.microsoft.com/',
      'api://contoso/.default',
      'graph.microsoft.com is a host of Microsoft Graph, and the scope is for api://contoso',
    ],
    [
      'https://evil.example/',
      'https://contoso.crm4.dynamics.com/.default',
      'evil.example is no host of Dataverse, whose token this is',
    ],
  ])('does not go to %s for %s', (address, scope, fact) => {
    const failure = failureOf(() => chosen(address, { scopes: [scope] }))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message: fact })
    // Unless somebody says so, of this very host.
    const host = new URL(address).host
    expect(chosen(address, { scopes: [scope], allowedHosts: [host.toUpperCase()] }).scopes).toEqual([scope])
    expect(failureOf(() => chosen(address, { scopes: [scope], allowedHosts: ['example'] })).message).toBe(
      fact,
    )
  })

  it('is that of the profile for a host that is allowed', () => {
    expect(chosen('https://proxy.example/', { allowedHosts: ['proxy.example'] }).scopes).toEqual([
      'https://graph.microsoft.com/User.Read',
    ])
    const failure = failureOf(() => chosen('https://proxy.example/'))
    expect(failure.hint).toContain('--allow-host proxy.example')
  })
})
