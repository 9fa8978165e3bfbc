import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readApplication } from '../../../../src/core/graph/application.ts'
import { namedPermissions } from '../../../../src/core/graph/resource-api.ts'
import { appFrom, declared, graphApi } from '../app-check/apps.ts'

const pem = readFileSync(join(import.meta.dirname, '../../../fixtures/certificates/leaf.pem'))
const leaf = new X509Certificate(pem)
const hex = leaf.fingerprint.replaceAll(':', '')

describe('an application of Graph', () => {
  it('is read with all that matters', () => {
    const app = readApplication({
      id: 'o1',
      appId: 'AB100000-0000-4000-A000-000000000008',
      displayName: 'Contoso',
      createdDateTime: '2025-01-31T10:00:00Z',
      isFallbackPublicClient: true,
      publicClient: { redirectUris: ['http://localhost'] },
      web: { redirectUris: ['https://a.example'] },
      spa: { redirectUris: ['https://b.example'] },
      passwordCredentials: [
        { keyId: 'k1', displayName: 'CI', hint: 'abc', endDateTime: '2026-02-01T00:00:00Z' },
      ],
      requiredResourceAccess: [
        {
          resourceAppId: 'R',
          resourceAccess: [
            { id: 'P1', type: 'Scope' },
            { id: 'P2', type: 'Role' },
            { id: 'P3', type: 'Other' },
          ],
        },
      ],
    })
    expect(app).toMatchObject({
      appId: 'ab100000-0000-4000-a000-000000000008',
      isPublicClient: true,
      createdAt: new Date('2025-01-31T10:00:00Z'),
      redirectUris: {
        publicClient: ['http://localhost'],
        web: ['https://a.example'],
        spa: ['https://b.example'],
      },
      credentials: [{ kind: 'secret', name: 'CI', hint: 'abc', endsAt: new Date('2026-02-01T00:00:00Z') }],
      required: [
        { resourceAppId: 'r', permissionId: 'p1', kind: 'delegated' },
        { resourceAppId: 'r', permissionId: 'p2', kind: 'application' },
      ],
    })
  })

  it.each<[string, object, string | undefined, boolean]>([
    ['by its content', { key: leaf.raw.toString('base64'), customKeyIdentifier: 'bmFtZQ==' }, hex, true],
    ['by hex', { key: null, customKeyIdentifier: hex }, hex, false],
    ['by base64', { customKeyIdentifier: Buffer.from(hex, 'hex').toString('base64') }, hex, false],
    ['not by a name somebody gave', { customKeyIdentifier: 'bmFtZQ==' }, undefined, false],
    ['not by content that is no certificate', { key: 'AAAA' }, undefined, false],
  ])('names a certificate %s', (_how, fields, sha1, hasSha256) => {
    const [credential] = appFrom({ keyCredentials: [{ usage: 'Verify', ...fields }] }).credentials
    expect(credential?.thumbprintSha1).toBe(sha1?.toLowerCase())
    expect(credential?.thumbprintSha256 !== undefined).toBe(hasSha256)
  })

  it('holds no keys that prove nothing', () => {
    expect(appFrom({ keyCredentials: [{ usage: 'Sign' }] }).credentials).toEqual([])
  })

  it('is read whatever a server sends', () => {
    const fields = [
      'id',
      'appId',
      'displayName',
      'web',
      'spa',
      'publicClient',
      'identifierUris',
      'createdDateTime',
    ]
    const lists = ['passwordCredentials', 'keyCredentials', 'requiredResourceAccess']
    const inner = fc.dictionary(
      fc.constantFrom('redirectUris', 'key', 'resourceAccess', 'id', 'type'),
      fc.anything(),
    )
    const values = fc.oneof(fc.anything(), inner, fc.array(inner))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields, ...lists), values), (entity) => {
        expect(Array.isArray(readApplication(entity).credentials)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the permissions an app declares', () => {
  it('have the names their APIs give them, and ids alone where nobody knows them', () => {
    const { required } = appFrom(declared(graphApi, 'd2', 'a1', 'gone'))
    expect(
      namedPermissions(required, [graphApi]).map((one) => [
        one.resource,
        one.value,
        one.kind,
        one.isAdminOnly,
      ]),
    ).toEqual([
      ['Microsoft Graph', 'User.Read.All', 'delegated', true],
      ['Microsoft Graph', 'User.Read.All', 'application', true],
      ['Microsoft Graph', undefined, 'delegated', undefined],
    ])
  })
})
