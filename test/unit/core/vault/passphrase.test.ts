import { describe, expect, it } from 'vitest'
import type { WrappedKey } from '../../../../src/core/vault/passphrase.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { memoryHost, noKeychain, type MemoryHost } from '../../../support/memory-host.ts'
import { vaultPath } from '../../../support/profiles.ts'
import { recordedVoice } from '../../../support/recorded-voice.ts'
import { newPassphrase, unwrapKey } from '../../../../src/core/vault/passphrase.ts'
import { migrateVault } from '../../../../src/core/vault/migrate.ts'
import { allContents, filesOf, machineWith, readAll, secretPath, vaultIn, withEnvironment } from './places.ts'

const byVariable = { ENTRA_AUTH_CLI_PASSPHRASE: 'correct horse' }

const slotIn = (host: MemoryHost) => vaultIn(host).slots[0] as unknown as WrappedKey

// One derivation costs a quarter of a second, so the vault is made once and its files are copied.
const made = machineWith('passphrase').then((host) => Object.fromEntries(host.fileMap))

async function vaultOf(env: Record<string, string>, files: Record<string, string> = {}): Promise<MemoryHost> {
  return memoryHost({ files: { ...(await made), ...files }, env, keychain: noKeychain })
}

describe('a passphrase', () => {
  it('comes before the keychain and after a key when a vault is made', async () => {
    const host = memoryHost({ env: byVariable })
    await openVault(host, silentVoice)
    expect([vaultIn(host).slots[0]?.type, host.keychainItems.size]).toEqual(['passphrase', 0])

    const both = memoryHost({ env: { ...byVariable, ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) } })
    await openVault(both, silentVoice)
    expect(vaultIn(both).slots[0]?.type).toBe('explicit')
  })

  it('is asked of nobody when a vault is made: who wants one says so', async () => {
    const voice = recordedVoice('typed')
    const host = memoryHost()
    await openVault(host, voice)
    expect([voice.questions, vaultIn(host).slots[0]?.type]).toEqual([[], 'keychain'])
  })

  it('leaves in vault.json how the key is derived, and neither itself nor the key', async () => {
    const host = await vaultOf(byVariable)
    expect(slotIn(host)).toMatchObject({ kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 } })
    expect(Buffer.from(slotIn(host).salt, 'base64')).toHaveLength(32)
    expect(host.fileMap.get(vaultPath)?.toString()).not.toContain('horse')
    expect([...host.fileMap.keys()].filter((path) => path.includes('key-'))).toEqual([])
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['by variable', byVariable, {}],
    ['by file', { ENTRA_AUTH_CLI_PASSPHRASE_FILE: '/p' }, { '/p': 'correct horse\n' }],
    [
      'by file with the line end of Windows',
      { ENTRA_AUTH_CLI_PASSPHRASE_FILE: '/p' },
      { '/p': 'correct horse\r\n' },
    ],
  ])('that is right opens the vault: %s', async (_how, env, files) => {
    expect(await readAll(await vaultOf(env, files))).toEqual(allContents)
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['by variable', { ENTRA_AUTH_CLI_PASSPHRASE: 'correct house' }, {}],
    ['by file', { ENTRA_AUTH_CLI_PASSPHRASE_FILE: '/p' }, { '/p': 'correct horse \n' }],
  ])('that is wrong opens nothing, and nobody is asked for another: %s', async (_how, env, files) => {
    const host = await vaultOf(env, files)
    const before = filesOf(host)
    const voice = recordedVoice('correct horse')
    const failure = await rejectionOf(openVault(host, voice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toMatch(/passphrase .*wrong.*nothing was changed/)
    expect(failure.hint).toBeTruthy()
    expect(`${failure.message}${failure.hint}`).not.toMatch(/house|horse/)
    expect([voice.questions, filesOf(host)]).toEqual([[], before])
  })

  it.each<[string, string, Record<string, string>, string]>([
    ['is empty', '/p', { '/p': '\n' }, 'store_unavailable'],
    ['is not there', '/none', {}, 'file_unusable'],
  ])('from a file that %s is an error', async (_what, path, files, code) => {
    const host = await vaultOf({ ENTRA_AUTH_CLI_PASSPHRASE_FILE: path }, files)
    expect(await rejectionOf(openVault(host, silentVoice))).toMatchObject({ code })
  })

  it('is the same however its accents are composed', async () => {
    const composed = memoryHost({ env: { ENTRA_AUTH_CLI_PASSPHRASE: 'caf\u00e9' } })
    await (await openVault(composed, silentVoice)).write(secretPath, 'x')
    const decomposed = withEnvironment(composed, { ENTRA_AUTH_CLI_PASSPHRASE: 'cafe\u0301' })
    const opened = await (await openVault(decomposed, silentVoice)).read(secretPath)
    expect(opened?.ok).toBe(true)
  })
})

describe('a person who types the passphrase', () => {
  it('may try three times, and is told of each that was wrong', async () => {
    const host = await vaultOf({})
    const voice = recordedVoice('one', 'two', 'correct horse')
    expect(await readAll(host, voice)).toEqual(allContents)
    expect(voice.questions).toHaveLength(3)
    expect(voice.warnings).toEqual(['that passphrase is wrong', 'that passphrase is wrong'])
  })

  it('has no fourth try', async () => {
    const host = await vaultOf({})
    const before = filesOf(host)
    const voice = recordedVoice('one', 'two', 'three', 'correct horse')
    expect(await rejectionOf(openVault(host, voice))).toMatchObject({
      code: 'store_unavailable',
      exitCode: 8,
    })
    expect(voice.questions).toHaveLength(3)
    expect(filesOf(host)).toEqual(before)
  })

  it('types it once, however often a command opens the vault', async () => {
    const host = await vaultOf({})
    const voice = recordedVoice('correct horse')
    await Promise.all([openVault(host, voice), openVault(host, voice)])
    expect(await readAll(host, voice)).toEqual(allContents)
    expect(voice.questions).toEqual(['Passphrase of the vault'])
  })

  it('who is not there leaves it shut, and the hint names the variables', async () => {
    const failure = await rejectionOf(openVault(await vaultOf({}), silentVoice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.hint).toContain('ENTRA_AUTH_CLI_PASSPHRASE_FILE')
  })
})

describe('a new passphrase', () => {
  it('is typed twice, and then not asked for again', async () => {
    const host = await machineWith('keychain')
    const voice = recordedVoice('new one', 'new one')
    await migrateVault(host, 'passphrase', voice)
    expect(voice.questions).toEqual(['New passphrase', 'The same again'])
    const later = withEnvironment(host, { ENTRA_AUTH_CLI_PASSPHRASE: 'new one' })
    expect(await readAll(later)).toEqual(allContents)
  })

  it('that differs the second time changes nothing', async () => {
    const host = await machineWith('keychain')
    const before = filesOf(host)
    const failure = await rejectionOf(migrateVault(host, 'passphrase', recordedVoice('one', 'two')))
    expect(failure).toMatchObject({
      code: 'invalid_arguments',
      message: 'the two passphrases differ; nothing was changed',
    })
    expect(filesOf(host)).toEqual(before)
  })

  it('is not empty', async () => {
    const failure = await rejectionOf(newPassphrase(memoryHost(), recordedVoice('', '')))
    expect(failure).toMatchObject({ code: 'invalid_arguments' })
    expect(failure.message).toContain('empty')
  })
})

describe('a derivation that vault.json asks for', () => {
  it.each([
    ['all the memory', { N: 2 ** 24 }],
    ['half the memory, with wide blocks', { N: 2 ** 10, r: 2 ** 20 }],
    ['a day', { N: 2 ** 17, p: 2 ** 10 }],
    ['nothing', { N: 1 }],
    ['less than nothing', { N: -131_072 }],
    ['no power of two', { N: 100_000 }],
    ['no blocks', { r: 0 }],
    ['no rounds', { p: 0 }],
  ])('and that would take %s is refused before it begins', async (_what, parameters) => {
    const slot = slotIn(await vaultOf({}))
    const hostile = { ...slot, kdf: { ...slot.kdf, ...parameters } }
    const failure = await rejectionOf(unwrapKey(hostile, memoryHost({ env: { ...byVariable } }), silentVoice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain('out of bounds')
    expect(failure.hint).toContain('backup')
  })

  it.each([
    ['another function', { kdf: { name: 'md5', N: 2, r: 1, p: 1 } }],
    ['no numbers', { kdf: { name: 'scrypt', N: '131072', r: 8, p: 1 } }],
    ['no salt', { salt: undefined }],
    ['no key', { wrapped: 7 }],
  ])('with %s cannot be understood, and is left as it is', async (_what, fields) => {
    const vault = vaultIn(await vaultOf({}))
    const text = JSON.stringify({ ...vault, slots: [{ ...vault.slots[0], ...fields }] })
    const host = await vaultOf(byVariable, { [vaultPath]: text })
    const failure = await rejectionOf(openVault(host, silentVoice))
    expect(failure).toMatchObject({
      code: 'store_unavailable',
      message: `"${vaultPath}" cannot be understood`,
    })
    expect(host.fileMap.get(vaultPath)?.toString()).toBe(text)
  })
})
