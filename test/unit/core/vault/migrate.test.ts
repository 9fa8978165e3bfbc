import { describe, expect, it, vi } from 'vitest'
import type { Host } from '../../../../src/core/ports.ts'
import { deleteProfile } from '../../../../src/core/profiles/delete-profile.ts'
import { TokenCache } from '../../../../src/core/token-cache.ts'
import { newVaultKey, seal } from '../../../../src/core/vault/envelope.ts'
import { migrateVault } from '../../../../src/core/vault/migrate.ts'
import { writeSecret } from '../../../../src/core/vault/secrets.ts'
import { keepableTypes } from '../../../../src/core/vault/slots.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { configDirectory, memoryHost, noKeychain, type MemoryHost } from '../../../support/memory-host.ts'
import { profilesPath, recordOf, vaultPath } from '../../../support/profiles.ts'
import { recordedVoice } from '../../../support/recorded-voice.ts'
import { dyingHost, Killed } from './dying-host.ts'
import {
  allContents,
  cachePath,
  filesOf,
  keptKeys,
  keysInUse,
  machineWith,
  places,
  readAll,
  sealedPaths,
  secretPath,
  vaultIn,
  withEnvironment,
} from './places.ts'

// How long a derivation takes is passphrase.test.ts's business; here hundreds of them are made.
vi.mock(import('node:crypto'), async (load) => {
  const crypto = await load()
  const cheap = (...[passphrase, salt, length, options, done]: Parameters<typeof crypto.scrypt>) =>
    crypto.scrypt(passphrase, salt, length, { ...options, N: 2 }, done)
  return { ...crypto, scrypt: cheap as typeof crypto.scrypt }
})

const passphrase = { ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse' }
const pairs = places.flatMap((from) => keepableTypes.map((to) => [from, to] as const))

/** Reads as a process does that is started after a migration is over: without the key of before. */
const readAfterwards = (host: MemoryHost) => readAll(withEnvironment(host, passphrase))

/** Leaves the vault with two keys, and everything sealed with the old one. */
async function cutOff(host: MemoryHost): Promise<void> {
  const write = async (path: string, content: Uint8Array | string) => {
    if (sealedPaths.includes(path)) throw new Killed()
    return host.files.write(path, content)
  }
  const dying = { ...host, files: { ...host.files, write } }
  await expect(migrateVault(dying, 'key-file', silentVoice)).rejects.toThrow(Killed)
  expect(vaultIn(host).slots).toHaveLength(2)
}

function expectMigrated(host: MemoryHost, to: string) {
  const { slots, activeKeyId } = vaultIn(host)
  expect(slots).toMatchObject([{ type: to, keyId: activeKeyId }])
  expect([...keysInUse(host)]).toEqual([activeKeyId])
  expect(keptKeys(host).files).toEqual(to === 'key-file' ? [activeKeyId] : [])
}

describe('a migration', () => {
  it.each(pairs)('from %s to %s makes a new key and seals everything anew', async (from, to) => {
    const host = await machineWith(from, { env: from === 'explicit' ? passphrase : {} })
    const before = vaultIn(host)
    const voice = recordedVoice('correct horse', 'correct horse')
    const done = await migrateVault(host, to, voice)
    const after = vaultIn(host)
    expect(done).toMatchObject({
      slot: { type: to, keyId: after.activeKeyId },
      resealed: 4,
      finishedEarlier: false,
    })
    expect(after.activeKeyId).not.toBe(before.activeKeyId)
    expect(after.vaultId).toBe(before.vaultId)
    expectMigrated(host, to)
    expect(keptKeys(host).keychain).toEqual(to === 'keychain' ? [after.activeKeyId] : [])
    expect(voice.warnings).toEqual([])
    expect(await readAfterwards(host)).toEqual(allContents)
  })

  it('without anything sealed makes a new key all the same', async () => {
    const host = memoryHost()
    await openVault(host, silentVoice)
    const before = vaultIn(host).activeKeyId
    expect(await migrateVault(host, 'key-file', silentVoice)).toMatchObject({ resealed: 0 })
    expect(keptKeys(host)).toEqual({ files: [vaultIn(host).activeKeyId], keychain: [] })
    expect(vaultIn(host).activeKeyId).not.toBe(before)
  })

  it('to the keychain changes nothing where there is none', async () => {
    const host = await machineWith('key-file')
    const before = filesOf(host)
    const failure = await rejectionOf(
      migrateVault({ ...host, keychain: noKeychain }, 'keychain', silentVoice),
    )
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(filesOf(host)).toEqual(before)
  })

  it('to a passphrase changes nothing where there is none and nobody to ask', async () => {
    const host = await machineWith('keychain')
    const before = filesOf(host)
    const failure = await rejectionOf(migrateVault(host, 'passphrase', silentVoice))
    expect(failure).toMatchObject({ code: 'invalid_arguments' })
    expect(failure.hint).toContain('ENTRA_AUTH_CLI_PASSPHRASE')
    expect(filesOf(host)).toEqual(before)
  })

  it('to a key file is refused where a secure place is required', async () => {
    const host = await machineWith('keychain', { env: { ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' } })
    const before = filesOf(host)
    const failure = await rejectionOf(migrateVault(host, 'key-file', silentVoice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain('ENTRA_AUTH_CLI_REQUIRE_SECURE')
    expect(filesOf(host)).toEqual(before)
  })

  it('of a vault whose key cannot be had changes nothing', async () => {
    const host = await machineWith('keychain')
    const before = filesOf(host)
    host.keychainItems.clear()
    expect(await rejectionOf(migrateVault(host, 'key-file', silentVoice))).toMatchObject({
      code: 'store_unavailable',
    })
    expect(filesOf(host)).toEqual(before)
  })
})

describe('rekey', () => {
  it.each(keepableTypes)('makes a new key in the same place: %s', async (place) => {
    const host = await machineWith(place)
    const before = vaultIn(host).activeKeyId
    await migrateVault(host, undefined, silentVoice)
    expect(vaultIn(host).activeKeyId).not.toBe(before)
    expectMigrated(host, place)
    expect(await readAfterwards(host)).toEqual(allContents)
  })

  it('of a vault with a key given by environment is refused, and says what to do', async () => {
    const host = await machineWith('explicit')
    const before = filesOf(host)
    const failure = await rejectionOf(migrateVault(host, undefined, silentVoice))
    expect(failure).toMatchObject({ code: 'invalid_arguments', exitCode: 4 })
    expect(failure.hint).toContain('vault migrate --to keychain|passphrase|key-file')
    expect(filesOf(host)).toEqual(before)
  })
})

describe('a migration that is killed', () => {
  const deaths = pairs.flatMap(([from, to]) =>
    (['before', 'after'] as const).map((when) => [from, to, when] as const),
  )

  it.each(deaths)(
    'from %s to %s, %s any of its steps, loses nothing and is finished by the next',
    async (from, to, when) => {
      const survived = { operations: 0 }
      const env = from === 'explicit' || to === 'passphrase' ? passphrase : {}
      const start = () => machineWith(from, from === 'explicit' ? { env } : {})
      await migrateVault(
        dyingHost(await asked(await start()), { operation: Infinity, when }, survived),
        to,
        silentVoice,
      )
      expect(survived.operations).toBeGreaterThan(20)

      for (let operation = 1; operation <= survived.operations; operation++) {
        const host = await asked(await start())
        await expect(
          migrateVault(dyingHost(host, { operation, when }, { operations: 0 }), to, silentVoice),
        ).rejects.toThrow(Killed)
        // Where it was over but for the tidying up, the key of before is another vault's, and an error says to unset it.
        const isOver = vaultIn(host).slots.every(({ type }) => type !== 'explicit')
        const next = from === 'explicit' && isOver ? withEnvironment(host, passphrase) : host
        expect(await readAll(next), `killed ${when} operation ${operation}`).toEqual(allContents)
        await migrateVault(next, to, silentVoice)
        expectMigrated(host, to)
        expect(await readAfterwards(host), `finished after operation ${operation}`).toEqual(allContents)
      }

      /** With a passphrase at hand, also where the vault was made without one. */
      async function asked(host: MemoryHost): Promise<MemoryHost> {
        return withEnvironment(host, { ...host.env, ...passphrase })
      }
    },
  )

  it('says that an earlier one was finished', async () => {
    const host = await machineWith('keychain')
    await cutOff(host)
    expect(await migrateVault(host, 'key-file', silentVoice)).toMatchObject({ finishedEarlier: true })
  })
})

describe('while a migration goes on', () => {
  /** Runs a whole migration at the moment this process does `operation` for the nth time. */
  function migratingBefore<T extends Host>(
    host: T,
    operation: 'read' | 'look' | 'write',
    path: string,
    to = 'keychain' as 'keychain' | 'key-file',
  ): T {
    let isDone = false
    const files = { ...host.files }
    const interrupted = async (asked: string) => {
      if (isDone || asked !== path) return
      isDone = true
      await migrateVault(host, to, silentVoice)
    }
    files.read = async (asked) => {
      if (operation === 'read') await interrupted(asked)
      return host.files.read(asked)
    }
    files.look = async (asked) => {
      if (operation === 'look') await interrupted(asked)
      return host.files.look(asked)
    }
    return { ...host, files }
  }

  it('a process that opened the vault before writes with the new key', async () => {
    const host = await machineWith('key-file')
    const vault = await openVault(host, silentVoice)
    await migrateVault(host, 'keychain', silentVoice)
    await vault.write(secretPath, 'written later')
    expect([...keysInUse(host)]).toEqual([vaultIn(host).activeKeyId])
    expect(await readAll(host)).toEqual({ ...allContents, [secretPath]: 'written later' })
  })

  it('a process that opened the vault before reads on', async () => {
    const host = await machineWith('key-file')
    const vault = await openVault(host, silentVoice)
    await migrateVault(host, 'keychain', silentVoice)
    const opened = await vault.read(secretPath)
    expect(opened?.ok && opened.content.toString()).toBe(allContents[secretPath])
  })

  it('a process that has read vault.json and not yet the key opens the vault all the same', async () => {
    const host = await machineWith('key-file')
    const keyFile = `${configDirectory}/secure/key-${vaultIn(host).activeKeyId}.bin`
    expect(await readAll(migratingBefore(host, 'look', keyFile))).toEqual(allContents)
  })

  it('a process that opened an unfinished vault reads what is then sealed anew', async () => {
    const host = await machineWith('key-file')
    await cutOff(host)
    const [old] = vaultIn(host).slots
    const keyFile = `${configDirectory}/secure/key-${old?.keyId}.bin`
    // The sealed bytes are in this process's hands when the migration goes on and takes their key away.
    const slow = migratingBefore(host, 'look', keyFile)
    const opened = await (await openVault(slow, silentVoice)).read(secretPath)
    expect(opened?.ok && opened.content.toString()).toBe(allContents[secretPath])
    expect(vaultIn(host).slots).not.toContainEqual(old)
  })

  it('a change of a token cache is not overwritten with what it held before', async () => {
    const host = await machineWith('keychain')
    const cache = new TokenCache('ci', host, silentVoice)
    const change = (text: string) =>
      cache.change(() => ({ msalText: text, signedIn: undefined, tenantIds: {} }))
    await change('{}')
    await Promise.all([migrateVault(host, 'key-file', silentVoice), change('{"a":{}}'), change('{"b":{}}')])
    expect((await new TokenCache('ci', host, silentVoice).read()).msalText).toBe('{"b":{}}')
    expectMigrated(host, 'key-file')
  })

  it('fifty writers lose nothing', async () => {
    const host = await machineWith('keychain')
    await Promise.all([
      migrateVault(host, 'key-file', silentVoice),
      ...Array.from({ length: 50 }, (_, index) =>
        writeSecret(host, `p${index}`, 'client-secret', `secret ${index}`, silentVoice),
      ),
    ])
    const vault = await openVault(host, silentVoice)
    for (let index = 0; index < 50; index++) {
      const opened = await vault.read(`${configDirectory}/secure/p${index}.client-secret.bin`)
      expect(opened?.ok && opened.content.toString()).toBe(`secret ${index}`)
    }
    expectMigrated(host, 'key-file')
  })

  /** Lets `meanwhile` begin when the migration has read the file at `path` and is about to write it. */
  function interruptedBeforeWriting(host: MemoryHost, path: string, meanwhile: () => Promise<unknown>) {
    let over: Promise<unknown> | undefined
    const write = async (written: string, content: Uint8Array | string) => {
      if (written === path) {
        over ??= meanwhile()
        // As long as it takes what is not kept out by a lock.
        for (let turn = 0; turn < 100; turn++) await Promise.resolve()
      }
      return host.files.write(written, content)
    }
    return { host: { ...host, files: { ...host.files, write } }, over: () => over }
  }

  it('who signs out stays signed out', async () => {
    const machine = await machineWith('keychain')
    const signOut = () => new TokenCache('ci', machine, silentVoice).clear()
    const { host, over } = interruptedBeforeWriting(machine, cachePath, signOut)
    await migrateVault(host, 'key-file', silentVoice)
    expect(await over()).toBe(true)
    expect(machine.fileMap.has(cachePath)).toBe(false)
  })

  it('the secret of a profile that is deleted stays deleted', async () => {
    const machine = await machineWith('keychain', {
      files: { [profilesPath]: JSON.stringify({ profiles: [recordOf({ name: 'ci' })] }) },
    })
    // A migration that gets the lock while the secret is being removed has read it before, and writes it back after.
    let wasFree: boolean | undefined
    const remove = async (path: string) => {
      if (path === secretPath) {
        let isLockFree = false
        void machine.files.locked(`${profilesPath}.lock`, async () => void (isLockFree = true))
        for (let turn = 0; turn < 100; turn++) await Promise.resolve()
        wasFree = isLockFree
      }
      return machine.files.remove(path)
    }
    await deleteProfile({ ...machine, files: { ...machine.files, remove } }, 'ci')
    expect(machine.fileMap.has(secretPath)).toBe(false)
    expect(wasFree).toBe(false)
  })
})

describe('what does not open', () => {
  const damaged = (host: MemoryHost, path: string) => {
    const sealed = host.fileMap.get(path)!
    sealed[sealed.length - 1]! ^= 1
  }

  it('is removed with a warning where it is a token cache', async () => {
    const host = await machineWith('keychain')
    damaged(host, cachePath)
    const voice = recordedVoice()
    expect(await migrateVault(host, 'key-file', voice)).toMatchObject({ resealed: 3 })
    expect(voice.warnings).toEqual([
      `the token cache "${cachePath}" does not open (does-not-verify) and is removed; sign in again`,
    ])
    expect(await readAfterwards(host)).toEqual({ ...allContents, [cachePath]: undefined })
    expectMigrated(host, 'key-file')
  })

  it('stops the migration where it is a secret, and nothing is lost', async () => {
    const host = await machineWith('keychain')
    damaged(host, secretPath)
    const bytes = host.fileMap.get(secretPath)!.toString('hex')
    const failure = await rejectionOf(migrateVault(host, 'key-file', silentVoice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain(secretPath)
    expect(failure.hint).toContain('delete its profile')
    expect(host.fileMap.get(secretPath)?.toString('hex')).toBe(bytes)
    expect(await readAll(host)).toEqual({ ...allContents, [secretPath]: 'does-not-verify' })

    // As the hint says.
    host.fileMap.delete(secretPath)
    await migrateVault(host, 'key-file', silentVoice)
    expectMigrated(host, 'key-file')
  })

  it('because another vault sealed it stops the migration too, and its key file stays', async () => {
    const host = await machineWith('key-file')
    const foreign = newVaultKey()
    const foreignKeyFile = `${configDirectory}/secure/key-${foreign.id}.bin`
    host.fileMap.set(secretPath, seal(foreign, 'ci.client-secret.bin', Buffer.from('foreign')))
    host.fileMap.set(foreignKeyFile, foreign.bytes)
    expect(await rejectionOf(migrateVault(host, undefined, silentVoice))).toMatchObject({
      code: 'store_unavailable',
    })
    expect(host.fileMap.get(foreignKeyFile)?.equals(foreign.bytes)).toBe(true)
  })

  it('because it is not sealed at all is left as it is', async () => {
    const host = await machineWith('keychain')
    host.fileMap.set(secretPath, Buffer.from('plain'))
    await migrateVault(host, 'key-file', silentVoice)
    expect(host.fileMap.get(secretPath)?.toString()).toBe('plain')
  })
})

describe('what earlier migrations left', () => {
  it('is removed: key files that no slot names', async () => {
    const host = await machineWith('keychain')
    host.fileMap.set(`${configDirectory}/secure/key-0123456789abcdef.bin`, Buffer.alloc(32, 1))
    await migrateVault(host, undefined, silentVoice)
    expect(keptKeys(host).files).toEqual([])
  })

  it('in vault.json is not lost on the way', async () => {
    const host = await machineWith('keychain')
    host.fileMap.delete(vaultPath)
    for (const path of sealedPaths) host.fileMap.delete(path)
    expect(await migrateVault(host, 'key-file', silentVoice)).toMatchObject({ resealed: 0 })
  })
})
