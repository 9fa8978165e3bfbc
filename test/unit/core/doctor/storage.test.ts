import { describe, expect, it } from 'vitest'
import type { Keychain, KeychainState } from '../../../../src/core/ports.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import type { SlotType } from '../../../../src/core/vault/vault-file.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import {
  cacheDirectory,
  configDirectory,
  memoryHost,
  noKeychain,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../support/memory-host.ts'
import { profilesPath, vaultPath } from '../../../support/profiles.ts'
import { cachePath, machineWith, places, secretPath, vaultIn } from '../vault/places.ts'
import { examined, now, traces } from './examining.ts'

const secure = `${configDirectory}/secure`

describe('a machine without a vault', () => {
  it.each<[SlotType, MemoryHostOptions, string]>([
    ['explicit', { env: { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) } }, 'a key given by environment'],
    ['passphrase', { env: { ENTRA_AUTH_CLI_PASSPHRASE: 'x' } }, 'a key sealed with a passphrase'],
    ['keychain', {}, "a key in the system's keychain"],
    [
      'key-file',
      { keychain: noKeychain },
      'a key in a file, which whoever reads your files (root, backups) can read',
    ],
  ])(
    'is told where the key would be: %s; and it is there when one is made',
    async (place, options, words) => {
      const host = memoryHost(options)
      const before = traces(host)
      const { the, exitCode } = await examined(host)
      expect(the('vault')).toMatchObject({
        status: place === 'key-file' ? 'warning' : 'ok',
        fact: `none yet; the first secret or token makes "${vaultPath}" with ${words}`,
      })
      expect(the('secret-store')).toMatchObject({ status: 'ok', fact: `"${secure}" can be made` })
      expect(the('token-store')).toMatchObject({ status: 'ok', fact: `"${cacheDirectory}" can be made` })
      expect(the('sealed-files')).toMatchObject({ status: 'not_applicable' })
      expect(the('permissions')).toMatchObject({ status: 'not_applicable' })
      expect(exitCode).toBe(0)
      expect(traces(host)).toEqual(before)

      await openVault(host, silentVoice)
      expect(vaultIn(host).slots[0]?.type).toBe(place)
    },
  )

  it('that would be made with a key file is told of a better place', async () => {
    expect((await examined(memoryHost({ keychain: noKeychain }))).the('vault')).toMatchObject({
      remedy: 'export ENTRA_AUTH_CLI_PASSPHRASE_FILE=FILE',
    })
  })

  it('and with nowhere to keep a key has failed', async () => {
    const host = memoryHost({ keychain: noKeychain, env: { ENTRA_AUTH_CLI_REQUIRE_SECURE: '1' } })
    const { the, exitCode } = await examined(host)
    expect(the('vault')).toEqual({
      name: 'vault',
      status: 'failed',
      fact: 'none yet, and none can be made: there is no keychain (no session D-Bus), and ENTRA_AUTH_CLI_REQUIRE_SECURE forbids a key file; nothing was changed',
      remedy: expect.stringContaining('ENTRA_AUTH_CLI_PASSPHRASE') as string,
    })
    expect(exitCode).toBe(8)
  })

  it('and with a key that is none has failed', async () => {
    const { the, exitCode } = await examined(memoryHost({ env: { ENTRA_AUTH_CLI_KEY: 'c4n4ry' } }))
    expect(the('vault')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('openssl rand') as string,
    })
    expect(the('vault').fact).not.toContain('c4n4ry')
    expect(exitCode).toBe(8)
  })

  it.each([
    ['secret-store', configDirectory, 'ENTRA_AUTH_CLI_CONFIG_DIR'],
    ['token-store', cacheDirectory, 'ENTRA_AUTH_CLI_CACHE_DIR'],
  ])('and without a place for its %s has failed', async (name, folder, variable) => {
    const host = memoryHost({ files: { [`${folder}/other`]: '' }, readOnlyFolders: [folder] })
    const { the, exitCode } = await examined(host)
    expect(the(name)).toMatchObject({ status: 'failed', remedy: expect.stringContaining(variable) as string })
    expect(exitCode).toBe(8)
  })

  it('but with sealed files has lost what opens them', async () => {
    const { the, exitCode } = await examined(memoryHost({ files: { [secretPath]: 'EAC1' } }))
    expect(the('sealed-files')).toMatchObject({
      status: 'failed',
      remedy: 'restore vault.json from a backup',
    })
    expect(exitCode).toBe(8)
  })
})

describe('a vault', () => {
  it.each(places)('with its key in %s is opened, used and left as it was', async (place) => {
    const host = await machineWith(place)
    const before = traces(host)
    const { the, exitCode } = await examined(host)
    expect(the('vault').fact).toContain(`(${vaultIn(host).activeKeyId})`)
    expect(the('secret-store')).toMatchObject({
      status: 'ok',
      fact: `a throw-away file was sealed in "${secure}" and opened again`,
    })
    expect(the('token-store')).toMatchObject({
      status: 'ok',
      fact: `a throw-away file was sealed in "${cacheDirectory}" and opened again`,
    })
    expect(the('sealed-files')).toEqual({
      name: 'sealed-files',
      status: 'ok',
      fact: '2 secrets and 2 token caches, and all open',
    })
    expect(exitCode).toBe(0)
    expect(traces(host)).toEqual(before)
  })

  it.each<[string, MemoryHostOptions, string]>([
    ['to the keychain', {}, 'entra-auth-cli vault migrate --to keychain'],
    ['to a passphrase', { keychain: noKeychain }, 'entra-auth-cli vault migrate --to passphrase'],
  ])('whose key is in a file is better moved %s', async (_where, options, remedy) => {
    const host = await machineWith('key-file', options)
    expect((await examined(host)).the('vault')).toMatchObject({ status: 'warning', remedy })
  })

  it('whose key is gone has failed, with its error and its next step', async () => {
    const host = await machineWith('keychain')
    host.keychainItems.clear()
    const before = traces(host)
    const { the, exitCode } = await examined(host)
    expect(the('vault')).toEqual({
      name: 'vault',
      status: 'failed',
      fact: "the vault's key cannot be had: the keychain no longer holds it; nothing was changed",
      remedy: expect.stringContaining('restore the keychain') as string,
    })
    for (const name of ['secret-store', 'token-store', 'sealed-files'])
      expect(the(name)).toMatchObject({ status: 'not_applicable' })
    expect(exitCode).toBe(8)
    expect(traces(host)).toEqual(before)
  })

  it.each(['', '{', '{"version":2}'])('whose vault.json is %j has failed', async (text) => {
    const host = memoryHost({ files: { [vaultPath]: text } })
    const { the, exitCode } = await examined(host)
    expect(the('vault')).toMatchObject({ status: 'failed', remedy: expect.any(String) as string })
    expect(exitCode).toBe(8)
    expect(host.fileMap.get(vaultPath)?.toString()).toBe(text)
  })

  it('whose migration was cut off is to be migrated again', async () => {
    const host = await machineWith('keychain')
    const vault = vaultIn(host)
    const slots = [...vault.slots, { type: 'key-file', keyId: '0011223344556677' }]
    host.fileMap.set(vaultPath, Buffer.from(JSON.stringify({ ...vault, slots })))
    expect((await examined(host)).the('migration')).toMatchObject({
      status: 'warning',
      remedy: 'entra-auth-cli vault migrate --to keychain',
    })
  })

  it.each<[SlotType, string]>([
    ['keychain', 'entra-auth-cli vault rekey'],
    ['explicit', `rm ${secure}/key-0011223344556677.bin`],
  ])('with its key in %s has no use for a key file that no slot names', async (place, remedy) => {
    const host = await machineWith(place)
    host.fileMap.set(`${secure}/key-0011223344556677.bin`, Buffer.alloc(32))
    expect((await examined(host)).the('key-files')).toEqual({
      name: 'key-files',
      status: 'warning',
      fact: `"${secure}" holds 1 key file of no use any more`,
      remedy,
    })
  })

  it('that cannot be written to has failed, and its throw-away file is removed', async () => {
    const host = await machineWith('explicit')
    const full: MemoryHost = {
      ...host,
      files: {
        ...host.files,
        write: async (path, content) => {
          await host.files.write(path, content)
          throw new EntraAuthError('file_unusable', `cannot write "${path}": no space left on the device`, {
            hint: 'free some space, then try again',
          })
        },
      },
    }
    const before = traces(host)
    const { the, exitCode } = await examined(full)
    expect(the('token-store')).toMatchObject({
      status: 'failed',
      fact: expect.stringContaining('no space left') as string,
      remedy: 'free some space, then try again',
    })
    expect(exitCode).toBe(8)
    expect(traces(host)).toEqual(before)
  })

  it('whose disk gives back something else has failed', async () => {
    const host = await machineWith('explicit')
    const files = {
      ...host.files,
      write: (path: string, content: Uint8Array | string) =>
        host.files.write(
          path,
          path.includes('doctor-') ? Buffer.concat([Buffer.from(content), Buffer.alloc(1)]) : content,
        ),
    }
    const { the } = await examined({ ...host, files })
    expect(the('token-store')).toMatchObject({
      status: 'failed',
      fact: `a throw-away file sealed in "${cacheDirectory}" does not open again (does-not-verify)`,
    })
  })
})

describe('sealed files that do not open', () => {
  const damaged = async () => {
    const host = await machineWith('explicit')
    for (const path of [secretPath, cachePath]) {
      const sealed = Buffer.from(host.fileMap.get(path)!)
      sealed[sealed.length - 1]! ^= 1
      host.fileMap.set(path, sealed)
    }
    return host
  }

  it('are told by name, with what replaces them, and stay as they are', async () => {
    const host = await damaged()
    const before = traces(host)
    const { all, exitCode } = await examined(host)
    expect(all('sealed-files')).toEqual([
      {
        group: 'storage',
        name: 'sealed-files',
        subject: secretPath,
        status: 'warning',
        fact: `the secret in "${secretPath}" does not open: it was changed or cut`,
        remedy: 'entra-auth-cli config edit ci --client-secret -',
      },
      {
        group: 'storage',
        name: 'sealed-files',
        subject: cachePath,
        status: 'warning',
        fact: `the token cache "${cachePath}" does not open: it was changed or cut; the next sign-in replaces it`,
        remedy: `rm ${cachePath}`,
      },
    ])
    expect(exitCode).toBe(0)
    expect(traces(host)).toEqual(before)
  })

  it.each<[string, (sealed: Buffer) => Buffer, string]>([
    ['plain text', () => Buffer.from('plain text'), 'it is no sealed file'],
    ['a later version', (sealed) => Buffer.from(sealed.fill(9, 4, 5)), 'a newer entra-auth-cli sealed it'],
    ["another vault's", (sealed) => Buffer.from(sealed.fill(0, 6, 14)), 'it is sealed with another key'],
    ['cut short', (sealed) => sealed.subarray(0, -1), 'it was changed or cut'],
  ])('say why: %s', async (_what, damage, why) => {
    const host = await machineWith('explicit')
    host.fileMap.set(cachePath, damage(Buffer.from(host.fileMap.get(cachePath)!)))
    expect((await examined(host)).the('sealed-files').fact).toContain(`does not open: ${why};`)
  })
})

describe('the keychain', () => {
  const states: readonly [KeychainState, string][] = [
    [{ kind: 'no-binding', reason: 'not installed' }, 'npm install --global @napi-rs/keyring'],
    [{ kind: 'no-bus', reason: 'no bus' }, 'run it inside the desktop session the keychain belongs to'],
    [{ kind: 'no-service', reason: 'none' }, 'gnome-keyring-daemon --start --components=secrets'],
    [{ kind: 'activatable', reason: 'rests' }, 'gnome-keyring-daemon --start --components=secrets'],
    [
      { kind: 'no-collection', reason: 'empty' },
      'make a default keyring, for example in "Passwords and Keys"',
    ],
    [
      { kind: 'locked', reason: 'locked' },
      'unlock it in your desktop, or with "gnome-keyring-daemon --replace --unlock"',
    ],
  ]
  const inState = (state: KeychainState): Keychain => ({ ...noKeychain, state: async () => state })

  it.each(states)('that is %j has failed where the key is in it', async (state, remedy) => {
    const host = { ...(await machineWith('keychain')), keychain: inState(state) }
    const { the, exitCode } = await examined(host)
    expect(the('keychain')).toEqual({
      name: 'keychain',
      status: 'failed',
      fact: 'reason' in state && state.reason,
      remedy,
    })
    expect(exitCode).toBe(8)
  })

  it.each(states)('that is %j does not matter where the key is elsewhere', async (state) => {
    const host = { ...(await machineWith('explicit')), keychain: inState(state) }
    const { the, exitCode } = await examined(host)
    expect(the('keychain')).toMatchObject({ status: 'not_applicable' })
    expect(exitCode).toBe(0)
  })

  it.each(states)('that is %j would be better than a key file', async (state, remedy) => {
    const { the, exitCode } = await examined(memoryHost({ keychain: inState(state) }))
    // One that is locked is where the key would be; a machine without a bus has no desktop to put one on.
    const expected = { locked: { status: 'failed' }, 'no-bus': { remedy: undefined } }[state.kind as string]
    expect(the('keychain')).toMatchObject({ status: 'not_applicable', remedy, ...expected })
    expect(exitCode).toBe(state.kind === 'locked' ? 8 : 0)
  })

  it('that is locked is a warning where somebody is there to unlock it', async () => {
    const host = memoryHost({ keychain: inState({ kind: 'locked', reason: 'the keyring is locked' }) })
    const attended = { ...silentVoice, attended: true }
    expect((await examined(host, {}, attended)).the('keychain')).toMatchObject({ status: 'warning' })
    expect((await examined(host)).the('keychain')).toMatchObject({ status: 'failed' })
  })

  it('is started only where the key is, or would be, in it', async () => {
    const started: (boolean | undefined)[] = []
    const watched = (host: MemoryHost): MemoryHost => ({
      ...host,
      keychain: {
        ...host.keychain,
        state: async (options) => {
          started.push(options?.start)
          return { kind: 'available', provider: 'memory' }
        },
      },
    })
    await examined(watched(await machineWith('explicit')))
    expect(started).toEqual([false])
    await examined(watched(memoryHost()))
    expect(started.slice(1)).toEqual([true, true])
  })

  it('keeps a throw-away item and gives it back', async () => {
    const host = memoryHost()
    expect((await examined(host)).the('keychain')).toEqual({
      name: 'keychain',
      status: 'ok',
      fact: 'memory kept a throw-away item and gave it back',
    })
    expect(host.keychainItems.size).toBe(0)
  })

  it.each<[string, Partial<Keychain>, string]>([
    ['forgets', { get: async () => undefined }, 'does not give it back'],
    ['gives back another', { get: async () => Buffer.alloc(32) }, 'does not give it back'],
    ['removes nothing', { remove: async () => false }, 'does not remove it'],
    [
      'fails to read',
      { get: () => Promise.reject(new EntraAuthError('store_unavailable', 'no answer', { hint: 'try' })) },
      'no answer',
    ],
  ])('that %s has failed, and nothing is left in it that can be removed', async (_how, broken, fact) => {
    const host = memoryHost()
    const { the, exitCode } = await examined({ ...host, keychain: { ...host.keychain, ...broken } })
    expect(the('keychain')).toMatchObject({
      status: 'failed',
      fact: expect.stringContaining(fact) as string,
      remedy: expect.any(String) as string,
    })
    expect(exitCode).toBe(8)
    // What does not remove leaves what it was given.
    expect(host.keychainItems.size).toBe(broken.remove ? 1 : 0)
  })

  it('that is broken is a warning where the key is elsewhere', async () => {
    const host = await machineWith('explicit')
    const keychain = { ...host.keychain, get: async () => undefined }
    expect((await examined({ ...host, keychain })).the('keychain')).toMatchObject({ status: 'warning' })
  })
})

describe('permissions', () => {
  const open = async () => {
    const host = await machineWith('explicit')
    host.fileMap.set(profilesPath, Buffer.from('{}'))
    host.openTo.set(profilesPath, 'read').set(configDirectory, 'write').set(cachePath, 'read')
    return host
  }

  it('of what others may read or write are told, each with what mends it', async () => {
    const host = await open()
    const { all, exitCode } = await examined(host)
    expect(
      all('permissions').map(({ subject, status, fact, remedy }) => [subject, status, fact, remedy]),
    ).toEqual(
      (
        [
          [configDirectory, 'written'],
          [profilesPath, 'read'],
          [cachePath, 'read'],
        ] as const
      ).map(([path, done]) => [
        path,
        'warning',
        `"${path}" can be ${done} by others`,
        'entra-auth-cli doctor --fix',
      ]),
    )
    expect(exitCode).toBe(0)
    expect(host.openTo.size).toBe(3)
  })

  it('are taken from others by --fix', async () => {
    const host = await open()
    const { all } = await examined(host, { fix: true })
    expect(host.openTo.size).toBe(0)
    expect(
      all('permissions')
        .map(({ status, fact }) => [status, fact])
        .slice(0, 1),
    ).toEqual([['ok', `"${configDirectory}" could be written by others, and is private now`]])
    expect((await examined(host)).all('permissions')).toHaveLength(1)
  })

  it('of a key file are mended by --fix before the vault is opened', async () => {
    const host = await machineWith('key-file', { keychain: noKeychain })
    const path = `${secure}/key-${vaultIn(host).activeKeyId}.bin`
    host.openTo.set(path, 'read')
    expect((await examined(host)).exitCode).toBe(8)
    expect((await examined(host, { fix: true })).exitCode).toBe(0)
  })

  it('that a file system does not keep are said to be so', async () => {
    const host = await open()
    const files = { ...host.files, makePrivate: async () => {} }
    const { all } = await examined({ ...host, files }, { fix: true })
    expect(all('permissions')[0]).toMatchObject({
      status: 'warning',
      fact: `"${configDirectory}" can be written by others, and its file system keeps no modes`,
    })
  })

  it("of another user's files are never changed", async () => {
    const host = await open()
    host.foreign.add(profilesPath)
    const { all } = await examined(host, { fix: true })
    expect(all('permissions').find(({ subject }) => subject === profilesPath)).toMatchObject({
      status: 'warning',
      fact: `"${profilesPath}" belongs to another user`,
      remedy: `sudo chown "$(id -u)" ${profilesPath}`,
    })
    expect(host.openTo.get(profilesPath)).toBe('read')
  })

  it('are not looked at on Windows', async () => {
    const { the } = await examined(memoryHost({ platform: 'win32' }))
    expect(the('permissions')).toMatchObject({ status: 'not_applicable' })
  })
})

describe('what processes left behind', () => {
  const temporary = `${cachePath}.4711.0123456789ab.tmp`

  it('is a temporary file, with who wrote it', async () => {
    const host = await machineWith('explicit')
    host.fileMap.set(temporary, Buffer.from('x'))
    host.modified.set(temporary, new Date(now.getTime() - 5 * 60_000))
    expect((await examined(host)).the('temporary-files')).toEqual({
      name: 'temporary-files',
      subject: temporary,
      status: 'warning',
      fact: `process 4711 was killed 5 min ago while it wrote "${temporary}"`,
      remedy: `rm ${temporary}`,
    })
  })

  it.each([
    ['one that is being written', temporary, 1000],
    ['one of another program', `${cacheDirectory}/other.1.0123456789ab.tmp`, 5 * 60_000],
  ])('is not %s', async (_what, path, age) => {
    const host = await machineWith('explicit')
    host.fileMap.set(path, Buffer.from('x'))
    host.modified.set(path, new Date(now.getTime() - age))
    expect((await examined(host)).the('temporary-files')).toMatchObject({ status: 'ok' })
  })

  const lock = `${cachePath}.acquiring`
  it.each([
    [
      { pid: 4711, isAlive: false, silentMilliseconds: 180_000 },
      {
        status: 'ok',
        fact: `"${lock}" was left by process 4711, which is gone (last seen 3 min ago); the next to need it takes it over`,
      },
    ],
    [
      { pid: 4711, isAlive: true, silentMilliseconds: 3000 },
      { status: 'ok', fact: `process 4711 holds "${lock}" (last seen 3 s ago)` },
    ],
    [
      { pid: 4711, isAlive: true, silentMilliseconds: 180_000 },
      {
        status: 'warning',
        fact: `process 4711 holds "${lock}" and does not move (last seen 3 min ago); others wait for it`,
        remedy: 'kill -KILL 4711',
      },
    ],
    [
      { pid: undefined, isAlive: true, silentMilliseconds: 180_000 },
      { status: 'warning', remedy: `rm ${lock}` },
    ],
  ])('is a lock: %j', async (holder, expected) => {
    const host = await machineWith('explicit')
    host.lockHolders.set(lock, holder)
    expect((await examined(host)).the('locks')).toMatchObject({ subject: lock, ...expected })
  })
})

it('names the command that ends a process on Windows', async () => {
  const host = memoryHost({ platform: 'win32' })
  const lock = `${cachePath}.lock`
  host.lockHolders.set(lock, { pid: 4711, isAlive: true, silentMilliseconds: 180_000 })
  expect((await examined(host)).the('locks')).toMatchObject({ remedy: 'taskkill /F /PID 4711' })
})

describe('free space', () => {
  it.each([
    [100_000_000_000, 'ok', '100.0 GB'],
    [60_000_000, 'ok', '60.0 MB'],
    [49_999_999, 'warning', '50.0 MB'],
    [1500, 'warning', '1 kB'],
  ])('of %i bytes is %s', async (freeBytes, status, text) => {
    const { the } = await examined(memoryHost({ freeBytes }))
    expect(the('free-space')).toMatchObject({ status, fact: `${text} free where "${cacheDirectory}" is` })
  })
})
