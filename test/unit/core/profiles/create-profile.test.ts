import { deleteProfile } from '../../../../src/core/profiles/delete-profile.ts'
import { describe, expect, it } from 'vitest'
import { createProfile, type ProfileDraft } from '../../../../src/core/profiles/create-profile.ts'
import {
  chooseRecord,
  loadProfiles,
  namesOf,
  recordNamed,
} from '../../../../src/core/profiles/profile-store.ts'
import { readSecret } from '../../../../src/core/vault/secrets.ts'
import { failureOf, rejectionOf } from '../../../support/failure.ts'
import { cacheDirectory, configDirectory, memoryHost, noKeychain } from '../../../support/memory-host.ts'
import { clientId, hostWith, profilesPath, tenantId } from '../../../support/profiles.ts'
import { silentVoice } from '../../../../src/core/voice.ts'

const silent = silentVoice

function withSecret(secret: string): Pick<ProfileDraft, 'credential' | 'secrets'> {
  return {
    credential: { kind: 'client-secret', source: { from: 'vault' } },
    secrets: { 'client-secret': secret },
  }
}

function draft(fields: Partial<ProfileDraft> = {}): ProfileDraft {
  return {
    name: 'ci',
    tenantId,
    clientId,
    scopes: [],
    ...withSecret('s3cret~value'),
    defaultFlow: undefined,
    authority: undefined,
    cloud: undefined,
    graphUrl: undefined,
    caFile: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
    ...fields,
  }
}

const secretPath = `${configDirectory}/secure/ci.client-secret.bin`
const cachePath = `${cacheDirectory}/entra-auth-cli.ci.bin`

describe('a new profile', () => {
  it('is written without its secret, which is sealed', async () => {
    const host = memoryHost()
    await createProfile(host, draft(), { overwrite: false }, silent)
    expect(JSON.parse(host.fileMap.get(profilesPath)!.toString())).toEqual({
      profiles: [
        {
          name: 'ci',
          tenantId,
          clientId,
          authMethod: 'ClientSecret',
          createdAt: '2026-01-31T10:00:00.000Z',
          updatedAt: '2026-01-31T10:00:00.000Z',
        },
      ],
    })
    expect([...host.fileMap.values()].some((content) => content.includes('s3cret'))).toBe(false)
    expect(await readSecret(host, 'CI', 'client-secret', silent)).toBe('s3cret~value')
  })

  it('leaves alone what others wrote into the file', async () => {
    const host = memoryHost({
      files: { [profilesPath]: '{"theme":"dark","profiles":[{"name":"old","x":1}]}' },
    })
    await createProfile(host, draft(), { overwrite: false }, silent)
    expect(JSON.parse(host.fileMap.get(profilesPath)!.toString())).toMatchObject({
      theme: 'dark',
      profiles: [{ name: 'old', x: 1 }, { name: 'ci' }],
    })
  })

  it('is refused under a name that is taken, in any case of letters', async () => {
    const host = hostWith([{ name: 'CI' }])
    const before = new Map(host.fileMap)
    const failure = await rejectionOf(createProfile(host, draft(), { overwrite: false }, silent))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message: 'profile "ci" exists already' })
    expect(host.fileMap).toEqual(before)
  })

  it('of two at once with one name is made once, with its own secret', async () => {
    const host = memoryHost()
    const outcomes = await Promise.allSettled(
      ['first', 'second'].map((secret) =>
        createProfile(host, draft(withSecret(secret)), { overwrite: false }, silent),
      ),
    )
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled')
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await readSecret(host, 'ci', 'client-secret', silent)).toBe(['first', 'second'][winner])
  })
})

describe('a profile that is replaced', () => {
  it('loses its secret and its cached tokens, and keeps its age and foreign fields', async () => {
    const host = hostWith([{ name: 'CI', created_at: '2020-01-01', notes: 'mine', flow: 'DeviceCode' }])
    await createProfile(host, draft(), { overwrite: true }, silent)
    host.fileMap.set(cachePath, Buffer.from('tokens'))
    await createProfile(
      host,
      draft({ credential: { kind: 'none' }, secrets: {} }),
      { overwrite: true },
      silent,
    )
    const [record] = (await loadProfiles(host)).records
    expect(record).toMatchObject({ name: 'ci', createdAt: '2020-01-01', notes: 'mine', authMethod: 'None' })
    expect(record).not.toHaveProperty('flow')
    expect(host.fileMap.has(secretPath)).toBe(false)
    expect(host.fileMap.has(cachePath)).toBe(false)
  })

  it('stays as it was, secret included, where the new secret cannot be kept', async () => {
    const host = memoryHost()
    await createProfile(host, draft(), { overwrite: false }, silent)
    const before = new Map(host.fileMap)
    const withoutKeychain = { ...host, keychain: noKeychain }
    const failure = await rejectionOf(createProfile(withoutKeychain, draft(), { overwrite: true }, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable' })
    expect(host.fileMap).toEqual(before)
  })

  it('stays as it was where the file of profiles cannot be read', async () => {
    const host = memoryHost()
    await createProfile(host, draft(), { overwrite: false }, silent)
    host.fileMap.set(profilesPath, Buffer.from('{ broken'))
    const before = new Map(host.fileMap)
    const failure = await rejectionOf(
      createProfile(host, draft(withSecret('new')), { overwrite: true }, silent),
    )
    expect(failure).toMatchObject({ code: 'profiles_unreadable' })
    expect(host.fileMap).toEqual(before)
  })
})

describe('a profile that is deleted', () => {
  it('takes its secret and its tokens with it, and leaves the others', async () => {
    const host = hostWith([{ name: 'other' }])
    await createProfile(host, draft(), { overwrite: false }, silent)
    host.fileMap.set(cachePath, Buffer.from('tokens'))
    await deleteProfile(host, 'Ci')
    expect(namesOf(await loadProfiles(host))).toEqual(['other'])
    expect(host.fileMap.has(secretPath)).toBe(false)
    expect(host.fileMap.has(cachePath)).toBe(false)
  })
})

describe('the profile to use', () => {
  const chosen = async (names: readonly string[], name?: string) =>
    chooseRecord(await loadProfiles(hostWith(names.map((one) => ({ name: one })))), name)?.['name']

  it('is the named one, ignoring case', async () => {
    expect(await chosen(['a', 'Work', 'default'], 'wORK')).toBe('Work')
  })
  it('is else the one called default', async () => {
    expect(await chosen(['a', 'Default'])).toBe('Default')
  })
  it('is else the only one', async () => {
    expect(await chosen(['a'])).toBe('a')
  })
  it('is else for a person to say', async () => {
    expect(await chosen(['a', 'b'])).toBeUndefined()
  })
  it('is missing where there are none', async () => {
    expect(await rejectionOf(chosen([]))).toMatchObject({
      code: 'profile_not_found',
      hint: 'make one with "entra-auth-cli config create"',
    })
  })
  it.each([
    ['prod', 'did you mean "production"? "entra-auth-cli config list" shows all'],
    ['xyz', '"entra-auth-cli config list" shows all, "entra-auth-cli config create" makes one'],
    ['', '"entra-auth-cli config list" shows all, "entra-auth-cli config create" makes one'],
  ])('is not found as %j', async (name, hint) => {
    const profiles = await loadProfiles(hostWith([{ name: 'production' }]))
    expect(failureOf(() => recordNamed(profiles, name))).toMatchObject({
      code: 'profile_not_found',
      message: `there is no profile "${name}"`,
      hint,
    })
  })
})
