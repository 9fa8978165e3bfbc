/**
 * Files somebody sends us, changed in every way: whatever is in them, an import is done or refused with one error of ours,
 * and where it is refused nothing was written.
 */
import { generateIdentity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProfileFile } from '../../../../src/core/profiles/profile-file.ts'
import { readProfile } from '../../../../src/core/profiles/profile-record.ts'
import { sealWithAge } from '../../../../src/core/sharing/age.ts'
import { applyImport } from '../../../../src/core/sharing/apply-import.ts'
import { decodeImport } from '../../../../src/core/sharing/decode-import.ts'
import { exportDocument } from '../../../../src/core/sharing/export-document.ts'
import { importPreview } from '../../../../src/core/sharing/import-preview.ts'
import { checkedProfiles } from '../../../../src/core/sharing/plan-import.ts'
import { readImport } from '../../../../src/core/sharing/read-import.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { importDiff } from '../../../../src/ui/profile-diff.ts'
import { makeDotnetExport } from '../../../support/dotnet-export.ts'
import type { MemoryHost } from '../../../support/memory-host.ts'
import { daemon, hostWith, profilesPath, recordOf } from '../../../support/profiles.ts'

const canary = 'canary~0f8e7d6c'
const profiles = [
  recordOf({ ...daemon, clientSecret: canary, team: { lead: 'somebody', tags: ['a', 1, null] } }),
  recordOf({ name: 'pfx', authMethod: 'Certificate', certificatePath: 'c.pfx', certificatePassword: canary }),
  { name: 'mi', authMethod: 'ManagedIdentity' },
]
const documents: readonly unknown[] = [
  profiles[0],
  profiles,
  { profiles },
  { Profile: recordOf(), ClientSecret: canary, CertificatePassword: null, ExportedAt: '2026-01-09' },
]

/** Values that have hurt other programs. */
const unkind = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '../../x',
    '\u001b[2J\u0007',
    '\u202e',
    '__proto__',
    '-',
    'x'.repeat(10_000),
    'ci',
    'CI',
  ),
  fc.constantFrom<unknown>(null, [], {}, 1e308, true, [[[]]], { '': {} }),
)
const unkindName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'profiles', 'Profile', 'name', 'Name', 'tenant_id'),
  fc.constantFrom('clientSecret', 'ClientSecret', 'scopes', 'authMethod', 'authority', 'clientSecretCommand'),
  fc.string(),
)

/** A document with one place in it changed: a value put in, a field added or taken away. */
const changedDocument = fc
  .record({
    of: fc.nat(documents.length - 1),
    at: fc.nat(60),
    name: unkindName,
    value: unkind,
    takes: fc.boolean(),
  })
  .map(({ of, at, name, value, takes }) => {
    const document = structuredClone(documents[of])
    const holders: object[] = []
    const walk = (inner: unknown) => {
      if (typeof inner !== 'object' || inner === null) return
      holders.push(inner)
      Object.values(inner).forEach(walk)
    }
    walk(document)
    const holder = holders[at % holders.length]!
    const fields = Object.keys(holder)
    const field = fields[at % Math.max(fields.length, 1)] ?? name
    if (takes) Reflect.deleteProperty(holder, field)
    else {
      const place = Array.isArray(holder) || at % 2 === 0 ? field : name
      Object.defineProperty(holder, place, { value, enumerable: true, configurable: true, writable: true })
    }
    return JSON.stringify(document)
  })

type Damage = { readonly at: number; readonly takes: number; readonly puts: Uint8Array }
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(4000),
  takes: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(400), fc.constant(100_000)),
  puts: fc.oneof(
    fc.constant(new Uint8Array()),
    fc.uint8Array({ maxLength: 8 }),
    fc
      .constantFrom(
        '"',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\\',
        '\n',
        '\u0000',
        '[[[[[[[[[[',
        '\\u0000',
        '\\ud800',
        'e999',
      )
      .map((text) => Buffer.from(text)),
    fc.constant(Buffer.alloc(300, '[')),
  ),
})

function damaged(content: Uint8Array, { at, takes, puts }: Damage): Buffer {
  const place = at % (content.length + 1)
  return Buffer.concat([content.subarray(0, place), puts, content.subarray(place + takes)])
}

const damagedDocument = fc
  .tuple(fc.nat(documents.length - 1), fc.array(damage, { minLength: 1, maxLength: 3 }))
  .map(([of, damages]) => {
    // A secret whose field has lost its name cannot be told from any other text.
    const text = JSON.stringify(documents[of], undefined, 2).replaceAll(canary, 'secret')
    return damages.reduce(damaged, Buffer.from(text))
  })

/** What `work` throws, if it is an error of ours; anything else is a defect. */
async function refusalOf(work: () => Promise<unknown>): Promise<EntraAuthError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof EntraAuthError) return error
    throw error
  }
}

/** Runs an import as the command does, and holds it to its promises. */
async function importOf(
  content: Uint8Array,
  identities?: readonly string[],
  passphrase?: string,
): Promise<boolean> {
  const host = hostWith([daemon, {}], { files: {} })
  const before = new Map(host.fileMap)
  const said: string[] = []
  const refusal = await refusalOf(async () => {
    const keys = {
      passphrase: async (isRetry: boolean) => (isRetry ? undefined : passphrase),
      identities: async () => identities,
    }
    const { text } = await decodeImport(Buffer.from(content), '"f"', keys)
    const { profiles: read, warnings } = await readImport(text, '"f"')
    const steps = await applyImport(
      host,
      checkedProfiles(read, '"f"', undefined),
      () => 'overwrite',
      silentVoice,
    )
    said.push(
      importDiff(importPreview(steps, []), (_style, painted) => painted),
      ...warnings,
    )
  })
  expect([...said, refusal?.message, refusal?.hint].join('\n')).not.toContain(canary)
  // eslint-disable-next-line no-control-regex
  expect(said[0] ?? '').not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  await (refusal ? expectSame(host, before) : expectSound(host))
  return refusal === undefined
}

async function expectSame(host: MemoryHost, before: ReadonlyMap<string, Buffer>): Promise<void> {
  expect(host.fileMap).toEqual(before)
}

/** What was written is sealed, and can be read and used. */
async function expectSound(host: MemoryHost): Promise<void> {
  for (const content of host.fileMap.values()) expect(content.includes(canary)).toBe(false)
  const { records } = await ProfileFile.parse(host.fileMap.get(profilesPath)!.toString(), profilesPath)
  expect(records.length).toBeGreaterThanOrEqual(2)
  for (const record of records) readProfile(record)
}

/** How many of each end there were: a test in which all fails, or nothing does, proves little. */
async function fuzz<T>(runs: number, inputs: fc.Arbitrary<T>, run: (input: T) => Promise<boolean>) {
  const ends = { done: 0, refused: 0 }
  const property = fc.asyncProperty(inputs, async (input) => {
    ends[(await run(input)) ? 'done' : 'refused']++
  })
  await fc.assert(property, { numRuns: runs })
  return ends
}

describe('an import of anything', () => {
  it('is done or refused when one value is another: 3600 files', { timeout: 60_000 }, async () => {
    const ends = await fuzz(3600, changedDocument, (text) => importOf(Buffer.from(text)))
    expect(Math.min(ends.done, ends.refused)).toBeGreaterThan(300)
  })

  it('is done or refused when bytes are others: 3600 files', { timeout: 60_000 }, async () => {
    const ends = await fuzz(3600, damagedDocument, (content) => importOf(content))
    expect(ends.refused).toBeGreaterThan(2000)
  })

  it('is refused when a file of age was changed: 500 files', { timeout: 60_000 }, async () => {
    const identity = await generateIdentity()
    const recipients = [await identityToRecipient(identity)]
    const sealed = await sealWithAge(JSON.stringify(documents[2]), { kind: 'recipients', recipients })
    expect(await importOf(sealed, [identity])).toBe(true)
    const ends = await fuzz(500, damage, (one) => {
      const changed = damaged(sealed, one)
      return changed.equals(sealed) ? Promise.resolve(false) : importOf(changed, [identity])
    })
    expect(ends.done).toBe(0)
  })

  it(
    "is done or refused when the older tool's export was changed: 40 files",
    { timeout: 60_000 },
    async () => {
      const sealed = Buffer.from(makeDotnetExport(JSON.stringify(documents[3]), 'p'), 'base64')
      const text = (content: Buffer) => Buffer.from(content.toString('base64'))
      expect(await importOf(text(sealed), undefined, 'p')).toBe(true)
      const flips = fc.tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }))
      await fuzz(40, flips, ([at, bits]) => {
        const changed = Buffer.from(sealed)
        changed[at]! ^= bits
        return importOf(text(changed), undefined, 'p')
      })
    },
  )
})

describe('a profiles.json of anything', () => {
  const path = '/profiles.json'

  /** Reads, uses and writes it as commands do. */
  async function useOf(text: string): Promise<boolean> {
    let file = ProfileFile.empty
    const refusal = await refusalOf(async () => (file = await ProfileFile.parse(text, path)))
    expect(refusal?.code ?? 'profiles_unreadable').toBe('profiles_unreadable')
    if (refusal) return false
    for (const record of file.records) await refusalOf(async () => readProfile(record))
    const added = file.with(recordOf({ name: 'added' }))
    const again = await ProfileFile.parse(added.toText(), path)
    expect(again.records).toEqual(JSON.parse(JSON.stringify(added.records)))
    const shared = file.records.map((record) => ({ record, secrets: {} }))
    expect(exportDocument(shared, { asList: true }).text).not.toContain(canary)
    return true
  }

  it('is read or refused when one value is another: 1500 files', { timeout: 60_000 }, async () => {
    const ends = await fuzz(1500, changedDocument, useOf)
    expect(ends.done).toBeGreaterThan(150)
  })

  it('is read or refused when bytes are others: 1500 files', { timeout: 60_000 }, async () => {
    const ends = await fuzz(1500, damagedDocument, (content) => useOf(content.toString('utf8')))
    expect(ends.refused).toBeGreaterThan(750)
  })
})
