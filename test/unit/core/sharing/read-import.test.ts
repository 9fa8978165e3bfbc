import { describe, expect, it } from 'vitest'
import { readImport } from '../../../../src/core/sharing/read-import.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { clientId, tenantId } from '../../../support/profiles.ts'

const app = { name: 'work', tenantId, clientId }
const read = (document: unknown) => readImport(JSON.stringify(document), '"team.json"')
const refused = (text: string) => rejectionOf(readImport(text, '"team.json"'))

describe('the shapes an import may have', () => {
  it.each<[string, unknown]>([
    ['one profile', app],
    ['an array', [app]],
    ['an object with profiles', { profiles: [app], version: 3 }],
    ['the same in another spelling', { Profiles: [app] }],
    [
      'what the older tool exported',
      { Profile: app, ClientSecret: null, ExportedAt: '2026-01-09T22:09:16Z' },
    ],
    ['another spelling of its fields', { Name: 'work', tenant_id: tenantId, 'Client ID': clientId }],
  ])('%s', async (_shape, document) => {
    expect(await read(document)).toEqual({ profiles: [{ record: app, secrets: {} }], warnings: [] })
  })

  it('a profile that has no name yet', async () => {
    const { profiles } = await read({ clientId, tenantId, scope: 'api://a/b c' })
    expect(profiles).toEqual([
      { record: { tenantId, clientId, scopes: ['api://a/b', 'api://a/c'] }, secrets: {} },
    ])
  })

  it.each([
    ['a text', '"work"', 'it holds no profile'],
    ['a number', '7', 'it holds no profile'],
    ['null', 'null', 'it holds no profile'],
    ['an object of something else', '{"subscriptions": []}', 'it holds no profile'],
    ['an array of texts', '["work"]', 'entry 1 is not an object'],
    ['nested arrays', '[[]]', 'entry 1 is not an object'],
    ['a broken one', '{\n  "name": "work"\n  "x": 1}', 'line 3, column 3: comma or } expected'],
    ['a cut one', '{"profiles": [', 'line 1, column 15: '],
    ['a bottomless one', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'nested more than 64 levels deep'],
    ['a bottomless one that is broken', '['.repeat(200_000), 'line 1, column 200001: value or ] expected'],
  ])('refuses %s', async (_what, text, why) => {
    const failure = await refused(text)
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.message).toMatch(/^"team.json" cannot be imported: /)
    expect(failure.message).toContain(why)
  })

  it('repeats nothing of a broken text, which may be a secret', async () => {
    const failure = await refused('{"clientSecret": canary-in-a-broken-file}')
    expect(JSON.stringify([failure.message, failure.hint, failure.cause])).not.toContain('canary')
  })
})

describe('secrets in an import', () => {
  it.each([
    [{ ...app, clientSecret: 's' }, { 'client-secret': 's' }],
    [{ ...app, client_secret: 's' }, { 'client-secret': 's' }],
    [{ ...app, certificatePassword: 'p' }, { 'certificate-password': 'p' }],
    [
      { Profile: app, ClientSecret: 's', CertificatePassword: 'p' },
      { 'client-secret': 's', 'certificate-password': 'p' },
    ],
    [{ ...app, clientSecret: '' }, {}],
    [{ ...app, clientSecret: null }, {}],
  ])('are taken out of the record: %j', async (document, secrets) => {
    const [profile] = (await read(document)).profiles
    expect(profile!.secrets).toEqual(secrets)
    expect(profile!.record).toMatchObject(app)
    expect(Object.keys(profile!.record).join()).not.toMatch(/secret|password/i)
  })

  it.each([
    [{}, 'ClientSecret'],
    [{ authMethod: null }, 'ClientSecret'],
    [{ authMethod: 'None' }, 'None'],
    [{ useClientSecret: true }, undefined],
    [{ certificatePath: 'c.pem' }, undefined],
  ])('say how the app proves itself where nothing else does: %j', async (fields, authMethod) => {
    const { profiles } = await read({ ...app, ...fields, clientSecret: 's' })
    expect(profiles[0]!.record['authMethod']).toBe(authMethod)
  })

  it('of another kind are left out, and said', async () => {
    const { profiles, warnings } = await read({
      ...app,
      refreshToken: 'canary',
      note: 'ours',
      extra: { list: [{ apiKey: 'canary' }] },
    })
    expect(profiles).toEqual([{ record: { ...app, note: 'ours' }, secrets: {} }])
    expect(warnings).toEqual([
      '"refreshToken" of "work" looks like a secret and was left out',
      '"extra" of "work" looks like a secret and was left out',
    ])
  })
})

describe('the fields of an import', () => {
  it.each([
    [{ redirectUri: 5 }, 'in "work", redirectUri is no text'],
    [{ scopes: [1] }, 'in "work", scopes is no text'],
    [{ scopes: {} }, 'in "work", scopes is no text'],
    [{ useClientSecret: 'yes' }, 'in "work", useClientSecret is neither true nor false'],
    [{ clientSecretCommand: 'op read\u001b[2J' }, 'in "work", clientSecretCommand holds control characters'],
    [{ name: 'wo\nrk' }, 'name holds control characters'],
    [{ clientSecretCommand: 'op read \u202e#' }, 'clientSecretCommand holds invisible characters'],
    [{ authority: 'https://login\u200b.contoso.com' }, 'authority holds invisible characters'],
    [{ scopes: ['User.Read\u2028'] }, 'scopes holds invisible characters'],
    [{ redirectUri: 'x'.repeat(9000) }, 'in "work", redirectUri is too long'],
    [{ clientSecret: { a: 1 } }, 'in "work", the client secret is no text'],
  ])('refuses %j', async (fields, why) => {
    const failure = await rejectionOf(read({ ...app, ...fields }))
    expect(failure.message).toContain(why)
  })

  it('takes the joiners that Persian and emoji are written with', async () => {
    const certificatePath = '/گواهی\u200cها/👩\u200d🚀.pem'
    const { profiles } = await read({ ...app, certificatePath })
    expect(profiles[0]?.record).toMatchObject({ certificatePath })
  })

  it('keeps those nobody here knows, but none that every object answers to', async () => {
    const text = `{"name":"work","tenantId":"${tenantId}","clientId":"${clientId}",
      "__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"team":"blue"}`
    const { profiles } = await readImport(text, 'stdin')
    expect(Object.entries(profiles[0]!.record)).toEqual([...Object.entries(app), ['team', 'blue']])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('leaves out when it was made: that is true of one machine', async () => {
    const { profiles } = await read({ ...app, createdAt: '2025-12-26', UpdatedAt: '2025-12-26' })
    expect(profiles[0]!.record).toEqual(app)
  })
})
