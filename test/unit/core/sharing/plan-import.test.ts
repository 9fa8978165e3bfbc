import { describe, expect, it } from 'vitest'
import {
  changesOf,
  checkedProfiles,
  planImport,
  type ImportStep,
  type Resolution,
} from '../../../../src/core/sharing/plan-import.ts'
import type { SecretKind } from '../../../../src/core/vault/secrets.ts'
import { failureOf } from '../../../support/failure.ts'
import { clientId, daemon, recordOf, tenantId } from '../../../support/profiles.ts'

const shared = (fields: object = {}, secrets = {}) => ({ record: recordOf(fields), secrets })

function plan(
  present: readonly Record<string, unknown>[],
  incoming: readonly ReturnType<typeof shared>[],
  resolution?: Resolution,
  kept: readonly SecretKind[] = [],
) {
  return planImport({ records: present, keptSecrets: () => kept }, incoming, () => resolution)
}

const inShort = (steps: readonly ImportStep[]) => steps.map(({ kind, name }) => `${kind} ${name}`)

describe('what an import does', () => {
  it('adds what is new', () => {
    expect(inShort(plan([recordOf()], [shared({ name: 'other' })]).steps)).toEqual(['add other'])
  })

  it('leaves alone what is the same, however it is spelled', () => {
    const written = {
      Name: 'work',
      tenant_id: tenantId,
      client_id: clientId,
      scope: recordOf()['scopes'],
      updatedAt: 'x',
    }
    expect(plan([written], [shared()])).toEqual({
      steps: [{ kind: 'unchanged', name: 'work' }],
      conflicts: [],
    })
  })

  it('names every taken name for which nobody said what to do', () => {
    const present = [recordOf(), recordOf(daemon), recordOf({ name: 'third' })]
    const incoming = [
      shared({ scopes: ['a/b'] }),
      shared({ ...daemon, scopes: ['a/b'] }),
      shared({ name: 'third' }),
    ]
    expect(plan(present, incoming).conflicts).toEqual(['work', 'ci'])
  })

  it.each<[Resolution, string[]]>([
    ['overwrite', ['replace work']],
    ['skip', ['skip work']],
    ['rename', ['add WORK-2']],
  ])('does as it is told where a name is taken: %s', (resolution, steps) => {
    const incoming = [shared({ name: 'WORK', scopes: ['a/b'] })]
    expect(inShort(plan([recordOf()], incoming, resolution).steps)).toEqual(steps)
  })

  it('keeps the spelling a name has here', () => {
    const [step] = plan([recordOf()], [shared({ name: 'WORK', scopes: ['a/b'] })], 'overwrite').steps
    expect(step).toMatchObject({ profile: { record: { name: 'work', scopes: ['a/b'] } } })
  })

  it('finds a free name, also beside others that come with it, and none that is too long', () => {
    const long = 'x'.repeat(64)
    const present = [recordOf(), recordOf({ name: 'work-2' }), recordOf({ name: long })]
    const incoming = [
      shared({ scopes: ['a/b'] }),
      shared({ name: 'work-3' }),
      shared({ name: long, scopes: ['a/b'] }),
    ]
    expect(inShort(plan(present, incoming, 'rename').steps)).toEqual([
      'add work-4',
      'add work-3',
      `add ${'x'.repeat(62)}-2`,
    ])
  })
})

describe('what becomes of a secret', () => {
  const app = recordOf(daemon)
  const fateOf = (incoming: ReturnType<typeof shared>, kept: readonly SecretKind[], record = app) => {
    const [step] = plan([record], [incoming], 'overwrite', kept).steps
    return step?.kind === 'replace' ? step.fates['client-secret'] : step?.kind
  }
  const secret = { 'client-secret': 'new' }
  const changed = { ...daemon, scopes: ['api://a/.default'] }

  it.each([
    ['a first one is added', shared(daemon, secret), [], 'added'],
    ['one that is there is replaced', shared(daemon, secret), ['client-secret'], 'replaced'],
    ['it is kept where the app stays the same', shared(changed), ['client-secret'], 'kept'],
    ['it goes with the app', shared({ ...changed, clientId: tenantId }), ['client-secret'], 'removed'],
    ['it goes with the tenant', shared({ ...changed, tenantId: clientId }), ['client-secret'], 'removed'],
    [
      'it is not sent to another authority',
      shared({ ...changed, authority: 'https://login.evil.example' }),
      ['client-secret'],
      'removed',
    ],
    [
      'it is not sent to whoever another certificate authority vouches for',
      shared({ ...changed, caFile: '/evil.pem' }),
      ['client-secret'],
      'removed',
    ],
    ['it goes with the credential', shared({ ...changed, authMethod: 'None' }), ['client-secret'], 'removed'],
    ['nothing changes, and it stays', shared(daemon), ['client-secret'], 'unchanged'],
  ] as const)('%s', (_what, incoming, kept, fate) => {
    expect(fateOf(incoming, kept)).toBe(fate)
  })

  it('goes where it cannot be told whether the app stays the same', () => {
    expect(fateOf(shared(daemon), ['client-secret'], { ...app, clientId: 'none' })).toBe('removed')
  })
})

describe('what replacing changes', () => {
  it('names each field with both values, and keeps what nobody here knows', () => {
    const old = { name: 'a', tenantId, redirectUri: 'http://localhost', team: 'blue' }
    expect(changesOf(old, { name: 'a', tenantId: clientId, cloud: 'usgov' })).toEqual([
      { field: 'tenantId', before: tenantId, after: clientId },
      { field: 'cloud', before: undefined, after: 'usgov' },
      { field: 'redirectUri', before: 'http://localhost', after: undefined },
    ])
  })
})

describe('profiles that are not to be imported', () => {
  const refused = (profiles: readonly ReturnType<typeof shared>[], newName?: string) =>
    failureOf(() => checkedProfiles(profiles, '"f"', newName)).message

  it.each(['../../etc/passwd', 'a b', '', '-x', '__proto__', 'x'.repeat(65), '\u001b[2J'])(
    'have no name that can be one: %j',
    (name) => {
      expect(refused([shared({ name })])).toMatch(/has no name|cannot be the name of a profile/)
    },
  )

  it('have one name, ignoring case', () => {
    expect(refused([shared({ name: 'Work' }), shared()])).toBe(
      '"f" cannot be imported: two profiles are called "work"',
    )
  })

  it('cannot be used; all that is wrong is named', () => {
    const message = refused([shared({ clientId: 'x' }), shared({ name: 'b', tenantId: undefined })])
    expect(message).toContain('profile "work" cannot be used: the client id "x" is not a GUID')
    expect(message).toContain('profile "b" cannot be used: the tenant id is missing')
  })

  it('get a new name although they are several', () => {
    expect(refused([shared(), shared({ name: 'b' })], 'c')).toBe('--name is for one profile, and "f" holds 2')
    expect(refused([shared()], 'a b')).toContain('"a b" cannot be the name of a profile')
  })

  it('take a new name where they are alone, whatever they were called', () => {
    const [profile] = checkedProfiles([shared({ name: 'a b' })], '"f"', 'c')
    expect(profile!.record['name']).toBe('c')
  })
})
