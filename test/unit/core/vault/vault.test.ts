import { describe, expect, it } from 'vitest'
import type { Keychain, KeychainOptions } from '../../../../src/core/ports.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { newVaultKey, vaultKey } from '../../../../src/core/vault/envelope.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { configDirectory, memoryHost, noKeychain, type MemoryHost } from '../../../support/memory-host.ts'
import { vaultPath } from '../../../support/profiles.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { recordedVoice } from '../../../support/recorded-voice.ts'

const bytes = Buffer.from('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'hex')
const { id } = vaultKey(bytes)
const silent = silentVoice

interface StoredVault {
  version: number
  vaultId: string
  activeKeyId: string
  slots: { type: string; keyId: string }[]
}

function vaultIn(host: MemoryHost): StoredVault {
  return JSON.parse(host.fileMap.get(vaultPath)?.toString() ?? 'null') as StoredVault
}

/** What is on disk, to see that nothing was changed. */
function filesOf(host: MemoryHost): Record<string, string> {
  return Object.fromEntries([...host.fileMap].map(([path, content]) => [path, content.toString('hex')]))
}

describe('a key handed over', () => {
  it.each<[string, Record<string, string>, Record<string, Buffer | string>]>([
    ['as hex', { ENTRA_AUTH_CLI_KEY: bytes.toString('hex') }, {}],
    [
      'as hex in capitals with a line break',
      { ENTRA_AUTH_CLI_KEY: `${bytes.toString('hex').toUpperCase()}\n` },
      {},
    ],
    ['as base64', { ENTRA_AUTH_CLI_KEY: bytes.toString('base64') }, {}],
    ['as base64url', { ENTRA_AUTH_CLI_KEY: bytes.toString('base64url') }, {}],
    [
      'in a file, as hex',
      { ENTRA_AUTH_CLI_KEY_FILE: '/run/key' },
      { '/run/key': `${bytes.toString('hex')}\n` },
    ],
    ['in a file, as bytes', { ENTRA_AUTH_CLI_KEY_FILE: '/run/key' }, { '/run/key': bytes }],
    ['by descriptor', { ENTRA_AUTH_CLI_KEY_FD: '3' }, { '3': bytes.toString('base64') }],
    ['as a systemd credential', { CREDENTIALS_DIRECTORY: '/run/c' }, { '/run/c/entra-auth-cli-key': bytes }],
  ])('%s makes a vault that it alone opens', async (_how, env, files) => {
    const host = memoryHost({ env, files, keychain: noKeychain })
    const voice = recordedVoice()
    await (await openVault(host, voice)).write('/a', 'content')
    expect(vaultIn(host)).toMatchObject({
      version: 1,
      activeKeyId: id,
      slots: [{ type: 'explicit', keyId: id }],
    })
    expect(voice).toMatchObject({ warnings: [], questions: [] })

    const opened = await (await openVault(host, silent)).read('/a')
    expect(opened?.ok && opened.content.toString()).toBe('content')
    expect(JSON.stringify(filesOf(host)[vaultPath])).not.toContain(bytes.toString('hex'))
  })

  it('comes before the keychain', async () => {
    const host = memoryHost({ env: { ENTRA_AUTH_CLI_KEY: bytes.toString('hex') } })
    await openVault(host, silent)
    expect(host.keychainItems.size).toBe(0)
  })

  it('by value comes before the file, the file before the descriptor, that before systemd', async () => {
    const env = {
      ENTRA_AUTH_CLI_KEY: bytes.toString('hex'),
      ENTRA_AUTH_CLI_KEY_FILE: '/f',
      ENTRA_AUTH_CLI_KEY_FD: '3',
      CREDENTIALS_DIRECTORY: '/c',
    }
    const [inFile, byDescriptor, bySystemd] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as Buffer[]
    const others = { '/f': inFile!, '3': byDescriptor!, '/c/entra-auth-cli-key': bySystemd! }
    const idOfVault = async (variables: Record<string, string>) => {
      const host = memoryHost({ env: variables, files: others })
      await openVault(host, silent)
      return vaultIn(host).activeKeyId
    }
    const { ENTRA_AUTH_CLI_KEY: _value, ...withoutValue } = env
    const { ENTRA_AUTH_CLI_KEY_FILE: _file, ...withoutFile } = withoutValue
    const { ENTRA_AUTH_CLI_KEY_FD: _descriptor, ...systemdAlone } = withoutFile
    expect(await Promise.all([env, withoutValue, withoutFile, systemdAlone].map(idOfVault))).toEqual([
      id,
      ...[inFile, byDescriptor, bySystemd].map((key) => vaultKey(key!).id),
    ])
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['too short', { ENTRA_AUTH_CLI_KEY: 'abcd' }, {}],
    ['a pass phrase', { ENTRA_AUTH_CLI_KEY: 'correct horse battery staple' }, {}],
    ['an empty file', { ENTRA_AUTH_CLI_KEY_FILE: '/f' }, { '/f': '' }],
    ['33 bytes', { ENTRA_AUTH_CLI_KEY_FILE: '/f' }, { '/f': 'x'.repeat(33) }],
    ['a descriptor that is no number', { ENTRA_AUTH_CLI_KEY_FD: 'three' }, {}],
  ])('is refused when it is %s', async (_what, env, files) => {
    const host = memoryHost({ env, files })
    const before = filesOf(host)
    const failure = await rejectionOf(openVault(host, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.hint).toContain('openssl rand -hex 32')
    expect(`${failure.message} ${failure.hint}`).not.toContain('horse')
    expect(filesOf(host)).toEqual(before)
  })

  it('counts as missing when the variable is empty or systemd has no such credential', async () => {
    const host = memoryHost({ env: { ENTRA_AUTH_CLI_KEY: '', CREDENTIALS_DIRECTORY: '/c' } })
    await openVault(host, silent)
    expect(vaultIn(host).slots[0]?.type).toBe('keychain')
  })
})

describe('the keychain', () => {
  it('keeps the new key, under the name of vault and key', async () => {
    const host = memoryHost()
    await openVault(host, silent)
    const { vaultId, activeKeyId, slots } = vaultIn(host)
    expect(slots).toEqual([{ type: 'keychain', keyId: activeKeyId }])
    const item = host.keychainItems.get(`${vaultId}:${activeKeyId}`)
    expect(item).toHaveLength(32)
    expect(filesOf(host)[vaultPath]).not.toContain(item?.toString('hex'))
  })

  it('that takes a key and does not give it back is not trusted', async () => {
    const forgetful: Keychain = { ...memoryHost().keychain, get: async () => undefined }
    const host = memoryHost({ keychain: forgetful })
    const failure = await rejectionOf(openVault(host, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable' })
    expect(failure.message).toContain('does not give it back')
    expect(host.fileMap.size).toBe(0)
  })

  it('makes one key for fifty first runs at once', async () => {
    const host = memoryHost()
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => (await openVault(host, silent)).write(`/${index}`, 'x')),
    )
    const vault = await openVault(host, silent)
    for (let index = 0; index < 50; index++) expect(await vault.read(`/${index}`)).toMatchObject({ ok: true })
    expect(host.keychainItems.size).toBe(1)
  })
})

describe('the key file of last resort', () => {
  it('is made where there is no keychain, with one plain warning', async () => {
    const host = memoryHost({ keychain: noKeychain })
    const voice = recordedVoice()
    const { warnings } = voice
    await openVault(host, voice)
    const { activeKeyId, slots } = vaultIn(host)
    const path = `${configDirectory}/secure/key-${activeKeyId}.bin`
    expect(slots).toEqual([{ type: 'key-file', keyId: activeKeyId }])
    expect(host.fileMap.get(path)).toHaveLength(32)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('no session D-Bus')
    expect(warnings[0]).toContain(path)
    expect(warnings[0]).toContain('vault migrate --to passphrase')

    await openVault(host, voice)
    expect(warnings).toHaveLength(1)
  })

  it('is refused where a secure place is required, and nothing is written', async () => {
    const host = memoryHost({ keychain: noKeychain, env: { ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' } })
    const failure = await rejectionOf(openVault(host, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain('ENTRA_AUTH_CLI_REQUIRE_SECURE')
    expect(failure.hint).toContain('ENTRA_AUTH_CLI_KEY')
    expect(host.fileMap.size).toBe(0)
  })

  it.each(['', '0'])('is not refused by the variable set to %j', async (value) => {
    const host = memoryHost({ keychain: noKeychain, env: { ENTRA_AUTH_CLI_REQUIRE_SECURE: value } })
    await openVault(host, silent)
    expect(vaultIn(host).slots[0]?.type).toBe('key-file')
  })
})

/** Locked, and asked all the same: opens for who attends. */
function lockedKeychain(items = new Map<string, Buffer>()): Keychain {
  const whenAttended = <T>(options: KeychainOptions | undefined, answer: () => T): Promise<T> =>
    options?.attended
      ? Promise.resolve(answer())
      : Promise.reject(new EntraAuthError('store_unavailable', 'it is locked', { hint: 'unlock it' }))
  return {
    state: async () => ({ kind: 'locked', reason: 'it is locked' }),
    get: (account, options) => whenAttended(options, () => items.get(account)),
    set: (account, secret, options) =>
      whenAttended(options, () => void items.set(account, Buffer.from(secret))),
    remove: (account, options) => whenAttended(options, () => items.delete(account)),
  }
}

describe('a locked keychain at the first run', () => {
  it('is not passed by for a weaker place: without a person it is an error, and nothing is written', async () => {
    const host = memoryHost({ keychain: lockedKeychain() })
    const failure = await rejectionOf(openVault(host, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain('it is locked')
    expect(host.fileMap.size).toBe(0)
  })

  it('is asked where somebody can answer its dialog', async () => {
    const host = memoryHost({ keychain: lockedKeychain() })
    await openVault(host, { ...recordedVoice(), attended: true })
    expect(vaultIn(host).slots[0]?.type).toBe('keychain')
  })
})

describe('a vault whose key cannot be had', () => {
  const stored = (type: string, keyId = id) =>
    JSON.stringify({ version: 1, vaultId: 'v', activeKeyId: keyId, slots: [{ type, keyId }] })
  const keyFile = `${configDirectory}/secure/key-${id}.bin`
  const hex = bytes.toString('hex')

  it.each<[string, Parameters<typeof memoryHost>[0], string]>([
    ['was handed over and is not now', { files: { [vaultPath]: stored('explicit') } }, 'none is given now'],
    [
      'was handed over and is another one now',
      { files: { [vaultPath]: stored('explicit') }, env: { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) } },
      'another one',
    ],
    [
      'is in the keychain while another one is handed over',
      { files: { [vaultPath]: stored('keychain') }, env: { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) } },
      'another one',
    ],
    ['is gone from the keychain', { files: { [vaultPath]: stored('keychain') } }, 'no longer holds it'],
    [
      'is in a locked keychain',
      { files: { [vaultPath]: stored('keychain') }, keychain: lockedKeychain() },
      'it is locked',
    ],
    [
      'is in a keychain out of reach',
      { files: { [vaultPath]: stored('keychain') }, keychain: noKeychain },
      'no session D-Bus',
    ],
    ['was in a file that is gone', { files: { [vaultPath]: stored('key-file') } }, 'is gone'],
    [
      'is in a file cut short',
      { files: { [vaultPath]: stored('key-file'), [keyFile]: 'short' } },
      'is damaged',
    ],
    [
      'is in a file with another one',
      { files: { [vaultPath]: stored('key-file'), [keyFile]: newVaultKey().bytes } },
      'is another one',
    ],
    [
      'has no place at all',
      { files: { [vaultPath]: JSON.stringify({ version: 1, vaultId: 'v', activeKeyId: id, slots: [] }) } },
      'names no place',
    ],
  ])('because it %s stays shut, with exit code 8, and nothing is changed', async (_why, options, fact) => {
    const host = memoryHost(options)
    const before = filesOf(host)
    const failure = await rejectionOf(openVault(host, silent))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain(fact)
    expect(failure.message).toContain('nothing was changed')
    expect(failure.hint).toBeTruthy()
    expect(filesOf(host)).toEqual(before)
    expect(host.keychainItems.size).toBe(0)
  })

  it('opens by the key handed over even where it is kept elsewhere', async () => {
    const host = memoryHost({
      files: { [vaultPath]: stored('keychain') },
      keychain: noKeychain,
      env: { ENTRA_AUTH_CLI_KEY: hex },
    })
    await expect(openVault(host, silent)).resolves.toBeDefined()
  })

  it.each(['', 'nonsense', '[]', 'null', '{"version":2}', stored('magic'), '{"version":1,"vaultId":"v"}'])(
    'because vault.json is %j is never overwritten',
    async (text) => {
      const host = memoryHost({ files: { [vaultPath]: text }, env: { ENTRA_AUTH_CLI_KEY: hex } })
      const before = filesOf(host)
      const failure = await rejectionOf(openVault(host, silent))
      expect(failure).toMatchObject({ code: 'store_unavailable' })
      expect(failure.message).toContain(vaultPath)
      expect(filesOf(host)).toEqual(before)
    },
  )
})
