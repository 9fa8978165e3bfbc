import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexPath } from '../../../../src/core/profiles/profile-index.ts'
import { recordSpans } from '../../../../src/core/profiles/profile-spans.ts'
import { findProfile, loadProfiles, profileNames } from '../../../../src/core/profiles/profile-store.ts'
import type { FilePart } from '../../../../src/core/ports.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { memoryHost } from '../../../support/memory-host.ts'
import { profilesPath, recordOf } from '../../../support/profiles.ts'

const many = Array.from({ length: 1000 }, (_, index) => recordOf({ name: `Profile-${index}` }))

function hostOf(records: readonly object[], indent?: number) {
  const text = JSON.stringify({ before: [{ name: 'no profile' }], profiles: records }, undefined, indent)
  const host = memoryHost({ files: { [profilesPath]: text } })
  const reads: string[] = []
  const { read } = host.files
  Object.assign(host.files, {
    read: (path: string, part?: FilePart) => (reads.push(part ? 'a part' : path), read(path, part)),
  })
  return { host, index: indexPath(host), reads }
}

describe('the index of a large file', () => {
  it.each([undefined, 2])('finds one among thousands, indented by %s, and lists all', async (indent) => {
    const strange = {
      name: 'Žluťoučký "kůň" \\\u20281 2 ,',
      clientSecretEnv: 'HIDDEN',
      nested: { profiles: [{ name: 'x' }] },
    }
    const { host, index } = hostOf([...many, strange, {}], indent)
    const profiles = await loadProfiles(host)
    expect(host.fileMap.has(index)).toBe(true)
    host.hiddenVariables.clear()
    expect(await findProfile('PROFILE-777', host)).toEqual({ record: many[777] })
    expect(await findProfile(strange.name.toUpperCase(), host)).toEqual({ record: strange })
    expect(await profileNames(host)).toEqual([...many.map(({ name }) => name), strange.name])
    expect([...host.hiddenVariables]).toEqual(['HIDDEN'])
    expect(await findProfile('x', host)).toEqual({ profiles })
  })

  it('needs the digest of the file once, and then no more of it than the record', async () => {
    const { host, index, reads } = hostOf(many)
    await loadProfiles(host)
    for (const read of [
      [index, profilesPath, 'a part'],
      [index, 'a part'],
      [index, 'a part'],
    ]) {
      reads.length = 0
      expect(await findProfile('Profile-7', host)).toEqual({ record: many[7] })
      expect(reads).toEqual(read)
    }
    reads.length = 0
    expect(await profileNames(host)).toHaveLength(1000)
    expect(reads).toEqual([index])
  })

  it('is believed without a mark of the file by its digest alone', async () => {
    const { host, index, reads } = hostOf(many)
    Object.assign(host.files, { mark: async () => undefined })
    await loadProfiles(host)
    for (let time = 0; time < 2; time++) {
      reads.length = 0
      expect(await findProfile('Profile-7', host)).toEqual({ record: many[7] })
      expect(reads).toEqual([index, profilesPath, 'a part'])
    }
  })

  it('leads nowhere where the file changed between its mark and the reading', async () => {
    const { host } = hostOf(many)
    await loadProfiles(host)
    await findProfile('Profile-7', host)
    const { mark } = host.files
    const moved = [recordOf({ name: 'first' }), ...many]
    Object.assign(host.files, {
      mark: async (path: string) => {
        const before = await mark(path)
        host.fileMap.set(profilesPath, Buffer.from(JSON.stringify({ profiles: moved })))
        return before
      },
    })
    expect(await findProfile('Profile-7', host)).toMatchObject({ profiles: { records: moved } })
  })

  it('is not made of a small file', async () => {
    const { host, index } = hostOf(many.slice(0, 10))
    await loadProfiles(host)
    expect(host.fileMap.has(index)).toBe(false)
    expect(await profileNames(host)).toHaveLength(10)
  })

  it('holds nothing of a profile but its name', async () => {
    const { host, index } = hostOf(many)
    await loadProfiles(host)
    expect(host.fileMap.get(index)?.toString()).not.toMatch(/tenant|client|scope/i)
  })

  it('is void when the file is another one by a single byte, and made anew', async () => {
    const { host, index } = hostOf(many)
    await loadProfiles(host)
    const old = host.fileMap.get(index)
    const edited = host.fileMap.get(profilesPath)!.toString().replace('"Profile-7"', '"Profile-X"')
    host.fileMap.set(profilesPath, Buffer.from(edited))
    expect(await findProfile('Profile-7', host)).toHaveProperty('profiles')
    expect(await findProfile('profile-x', host)).toHaveProperty('record.name', 'Profile-X')
    expect(host.fileMap.get(index)).not.toEqual(old)
  })

  it('does not hide that the file is broken', async () => {
    const { host } = hostOf(many)
    await loadProfiles(host)
    host.fileMap.set(profilesPath, host.fileMap.get(profilesPath)!.subarray(0, -1))
    await expect(findProfile('Profile-7', host)).rejects.toThrow('line 1, column')
    await expect(profileNames(host)).rejects.toThrow('line 1, column')
  })

  it('leaves two names that differ only in case to who reads the whole file', async () => {
    const { host } = hostOf([...many, recordOf({ name: 'twin' }), recordOf({ name: 'TWIN' })])
    const profiles = await loadProfiles(host)
    expect(await findProfile('TWIN', host)).toEqual({ profiles })
  })

  it.each(['', 'rubbish', '{"version":1}\n0 5 "Profile-7"\n', '{}'])(
    'that says %j is no index',
    async (text) => {
      const { host, index } = hostOf(many)
      host.fileMap.set(index, Buffer.from(text))
      expect(await findProfile('Profile-7', host)).toHaveProperty('profiles')
    },
  )

  it.each([
    '0 1 "Profile-7"',
    '-5 9 "Profile-7"',
    '9 1 "Profile-7"',
    '1 1e99 "Profile-7"',
    'x y "Profile-7"',
  ])('that is damaged is missed by nobody: %s', async (line) => {
    const { host, index } = hostOf(many)
    await loadProfiles(host)
    const [head] = host.fileMap.get(index)!.toString().split('\n')
    host.fileMap.set(index, Buffer.from(`${head}\n${line}\n"\n`))
    expect(await findProfile('Profile-7', host)).toHaveProperty('profiles')
    expect(await profileNames(host)).toHaveLength(1000)
  })

  it('that cannot be kept is missed by nobody', async () => {
    const { host } = hostOf(many)
    Object.assign(host.files, {
      write: () => Promise.reject(new EntraAuthError('file_unusable', 'a read-only folder')),
    })
    expect(await profileNames(host)).toHaveLength(1000)
    expect(await findProfile('Profile-7', host)).toHaveProperty('profiles')
  })
})

describe('where records are', () => {
  it('is what a parser finds, whatever the fields hold', () => {
    const record = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
    const document = fc.oneof(
      fc.array(record),
      fc.record({ a: fc.jsonValue(), profiles: fc.array(record), z: fc.jsonValue() }),
    )
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 2, '\t'), (content, indent) => {
        const text = Buffer.from(JSON.stringify(content, undefined, indent))
        const records = Array.isArray(content) ? content : content.profiles
        const found = recordSpans(text).map(({ start, end }) => JSON.parse(text.toString('utf8', start, end)))
        expect(found).toEqual(JSON.parse(JSON.stringify(records)))
      }),
      { numRuns: 500 },
    )
  })
})
