import { describe, expect, it } from 'vitest'
import { applyImport } from '../../../../src/core/sharing/apply-import.ts'
import type { Resolution } from '../../../../src/core/sharing/plan-import.ts'
import type { Host } from '../../../../src/core/ports.ts'
import { TokenCache } from '../../../../src/core/token-cache.ts'
import { readSecret, writeSecret } from '../../../../src/core/vault/secrets.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { daemon, hostWith, profilesPath, recordOf, tenantId } from '../../../support/profiles.ts'

const shared = (fields: object = {}, secrets = {}) => ({ record: recordOf(fields), secrets })
const secretOf = (host: Host, name: string) => readSecret(host, name, 'client-secret', silentVoice)

function apply(host: Host, incoming: readonly ReturnType<typeof shared>[], resolution?: Resolution) {
  return applyImport(host, incoming, () => resolution, silentVoice)
}

function recordsOf(host: ReturnType<typeof hostWith>) {
  return (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] })
    .profiles
}

/** Who signed in: something is cached. */
async function signIn(host: Host, name: string) {
  const cache = new TokenCache(name, host, silentVoice)
  await cache.change(() => ({ msalText: '{}', signedIn: 'somebody', tenantIds: {} }))
  return cache
}

/** A machine whose disk is full when the profiles are to be written. */
function fullDisk(host: ReturnType<typeof hostWith>): Host {
  const write: Host['files']['write'] = async (path, content) => {
    if (path === profilesPath) throw new EntraAuthError('file_unusable', 'no space left')
    return host.files.write(path, content)
  }
  return { ...host, files: { ...host.files, write } }
}

describe('an import', () => {
  it('seals secrets and writes profiles', async () => {
    const host = hostWith([])
    await apply(host, [shared({ ...daemon }, { 'client-secret': 'canary' })])
    expect(await secretOf(host, 'ci')).toBe('canary')
    expect(recordsOf(host)).toEqual([
      { ...recordOf(daemon), createdAt: '2026-01-31T10:00:00.000Z', updatedAt: '2026-01-31T10:00:00.000Z' },
    ])
    for (const content of host.fileMap.values()) expect(content.toString('latin1')).not.toContain('canary')
  })

  it('replaces a profile with its secret and its cached tokens, and keeps what is nobody else’s', async () => {
    const host = hostWith([{ ...daemon, team: 'blue', createdAt: '2020-01-01T00:00:00.000Z' }])
    await writeSecret(host, 'ci', 'client-secret', 'old', silentVoice)
    const cache = await signIn(host, 'ci')
    await apply(
      host,
      [shared({ ...daemon, name: 'CI', cloud: 'usgov' }, { 'client-secret': 'new' })],
      'overwrite',
    )
    expect(await secretOf(host, 'ci')).toBe('new')
    expect((await cache.read()).signedIn).toBeUndefined()
    expect(recordsOf(host)).toEqual([
      {
        ...recordOf(daemon),
        cloud: 'usgov',
        team: 'blue',
        createdAt: '2020-01-01T00:00:00.000Z',
        updatedAt: '2026-01-31T10:00:00.000Z',
      },
    ])
  })

  it('takes the old secret away from a profile that became another app', async () => {
    const host = hostWith([daemon])
    await writeSecret(host, 'ci', 'client-secret', 'old', silentVoice)
    await apply(host, [shared({ ...daemon, clientId: tenantId })], 'overwrite')
    expect(await secretOf(host, 'ci')).toBeUndefined()
  })

  it('does not give a new profile what a deleted one left behind', async () => {
    const host = hostWith([])
    await writeSecret(host, 'ci', 'client-secret', 'orphan', silentVoice)
    await apply(host, [shared(daemon)])
    expect(await secretOf(host, 'ci')).toBeUndefined()
  })

  it.each(['skip', undefined] as const)(
    'changes no file for what is the same or skipped (%s)',
    async (resolution) => {
      const host = hostWith([daemon, {}])
      await signIn(host, 'ci')
      const before = new Map(host.fileMap)
      const same = [shared(daemon)]
      await apply(host, resolution ? [...same, shared({ cloud: 'usgov' })] : same, resolution)
      expect(host.fileMap).toEqual(before)
    },
  )

  it('is all or nothing: with one name taken, nothing is written', async () => {
    const host = hostWith([daemon])
    const before = [...host.fileMap.keys()].filter((path) => path.includes('secure'))
    const incoming = [shared({ name: 'a' }, { 'client-secret': 's' }), shared({ ...daemon, cloud: 'china' })]
    const failure = await rejectionOf(apply(host, incoming))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message: 'profile "ci" exists already' })
    expect(recordsOf(host)).toEqual([recordOf(daemon)])
    expect([...host.fileMap.keys()].filter((path) => path.includes('secure'))).toEqual(before)
  })

  it('puts every secret back where the profiles cannot be written', async () => {
    const host = hostWith([daemon, { name: 'b', authMethod: 'ClientSecret' }])
    await writeSecret(host, 'ci', 'client-secret', 'old', silentVoice)
    const cache = await signIn(host, 'ci')
    const before = new Map(host.fileMap)
    const incoming = [
      shared({ ...daemon, cloud: 'china' }, { 'client-secret': 'new' }),
      shared({ name: 'c' }, { 'client-secret': 'new', 'certificate-password': 'new' }),
    ]
    const failure = await rejectionOf(apply(fullDisk(host), incoming, 'overwrite'))
    expect(failure.message).toBe('no space left')
    expect(host.fileMap).toEqual(before)
    expect(await secretOf(host, 'ci')).toBe('old')
    expect((await cache.read()).signedIn).toBe('somebody')
  })

  it('sees a profile that another process made meanwhile', async () => {
    const host = hostWith([])
    await Promise.all([apply(host, [shared({ scopes: ['a/b'] })]), rejectionOf(apply(host, [shared()]))])
    expect(recordsOf(host)).toHaveLength(1)
  })

  it('brings five thousand profiles in', async () => {
    const host = hostWith(Array.from({ length: 5000 }, (_, number) => ({ name: `old-${number}` })))
    const incoming = Array.from({ length: 5000 }, (_, number) => shared({ name: `new-${number}` }))
    await apply(host, incoming)
    expect(recordsOf(host)).toHaveLength(10_000)
  })
})
