/** What can go wrong with the files themselves, on a real disk. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Host } from '../../../../src/core/ports.ts'
import { createProfile, type ProfileDraft } from '../../../../src/core/profiles/create-profile.ts'
import { TokenCache } from '../../../../src/core/token-cache.ts'
import { newVaultKey, seal } from '../../../../src/core/vault/envelope.ts'
import { readSecret, writeSecret } from '../../../../src/core/vault/secrets.ts'
import { openVault } from '../../../../src/core/vault/vault.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { createFiles } from '../../../../src/platform/files.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { memoryHost, noKeychain } from '../../../support/memory-host.ts'
import { clientId, tenantId } from '../../../support/profiles.ts'
import { recordedVoice } from '../../../support/recorded-voice.ts'

const isRoot = process.getuid?.() === 0
const tokens = { msalText: '{"AccessToken":{}}', signedIn: 'alice', tenantIds: {} }

let folder: string
let host: Host

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-faults-'))
  host = machineIn(folder)
  await writeSecret(host, 'ci', 'client-secret', 's3cret~of~ci', silentVoice)
  await writeSecret(host, 'other', 'client-secret', 's3cret~of~other', silentVoice)
  for (const name of ['ci', 'other']) await new TokenCache(name, host, silentVoice).change(() => tokens)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A machine without a keychain, whose files are real. */
function machineIn(home: string): Host {
  return {
    ...memoryHost({ keychain: noKeychain }),
    files: createFiles({ platform: process.platform, userId: process.getuid?.() }),
    configDirectory: join(home, 'config'),
    cacheDirectory: join(home, 'cache'),
  }
}

const secretFile = () => join(host.configDirectory, 'secure', 'ci.client-secret.bin')
const cacheFile = () => join(host.cacheDirectory, 'entra-auth-cli.ci.bin')
const vaultFile = () => join(host.configDirectory, 'vault.json')
const keyFile = () => {
  const secure = join(host.configDirectory, 'secure')
  return join(
    secure,
    readdirSync(secure).find((name) => name.startsWith('key-'))!,
  )
}

/** Name and content of every file, to see that nothing was changed, nor left behind. */
function snapshot(): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path, entry.isFile() ? readFileSync(path, 'hex') : entry.isDirectory() ? 'folder' : 'other']
    }),
  )
}

const change = (path: string, edit: (content: Buffer) => Buffer) =>
  writeFileSync(path, edit(readFileSync(path)))
const otherOf = (path: string) => join(dirname(path), basename(path).replace('ci', 'other'))

type Damage = (path: string) => void
const damages: readonly (readonly [string, Damage, string])[] = [
  ['empty', (path) => change(path, () => Buffer.alloc(0)), 'not-sealed'],
  ['cut short', (path) => change(path, (content) => content.subarray(0, -1)), 'does-not-verify'],
  ['cut down to its header', (path) => change(path, (content) => content.subarray(0, 26)), 'not-sealed'],
  ['plain text', (path) => change(path, () => Buffer.from('s3cret')), 'not-sealed'],
  [
    'changed in one bit',
    (path) =>
      change(path, (content) => (content.writeUInt8(content.at(-1)! ^ 1, content.length - 1), content)),
    'does-not-verify',
  ],
  ['swapped with another', (path) => writeFileSync(path, readFileSync(otherOf(path))), 'does-not-verify'],
  [
    'of a newer version',
    (path) => change(path, (content) => (content.writeUInt8(2, 4), content)),
    'newer-version',
  ],
  [
    "sealed with another vault's key",
    (path) => writeFileSync(path, seal(newVaultKey(), basename(path), Buffer.from('foreign'))),
    'other-key',
  ],
]

/** What nothing can be read from, however it is sealed. */
const obstructions: readonly (readonly [string, Damage, string])[] = [
  ['a folder', (path) => (rmSync(path), mkdirSync(path)), 'it is a folder'],
  ['a pipe', (path) => (rmSync(path), void execFileSync('mkfifo', [path])), 'it is a device or a pipe'],
]

describe('a secret', () => {
  it.each(damages)('that is %s is an error, and is never overwritten', async (_what, damage, word) => {
    damage(secretFile())
    const before = snapshot()
    const failure = await rejectionOf(readSecret(host, 'ci', 'client-secret', silentVoice))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain(word)
    expect(failure.hint).toContain('config edit ci --client-secret -')
    expect(snapshot()).toEqual(before)
    expect(await readSecret(host, 'other', 'client-secret', silentVoice)).toBe('s3cret~of~other')
  })

  it.each(obstructions)('that is %s is an error, and is left as it is', async (_what, damage, reason) => {
    damage(secretFile())
    const before = snapshot()
    const failure = await rejectionOf(readSecret(host, 'ci', 'client-secret', silentVoice))
    expect(failure).toMatchObject({
      code: 'file_unusable',
      message: `cannot read "${secretFile()}": ${reason}`,
    })
    expect(failure.hint).toBeTruthy()
    expect(snapshot()).toEqual(before)
  })

  it('behind a link that this user made opens, and the link stays one', async () => {
    renameSync(secretFile(), join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), secretFile())
    expect(await readSecret(host, 'ci', 'client-secret', silentVoice)).toBe('s3cret~of~ci')
  })
})

describe('a token cache', () => {
  it.each(damages)(
    'that is %s counts as absent, is told of once, and is replaced',
    async (_what, damage, word) => {
      damage(cacheFile())
      const voice = recordedVoice()
      const cache = new TokenCache('ci', host, voice)
      expect(await cache.read()).toMatchObject({ msalText: '' })
      await cache.change((current) => ({ ...tokens, signedIn: current.signedIn ?? 'bob' }))
      expect(voice.warnings).toEqual([expect.stringContaining(`(${word}); a new sign-in replaces it`)])
      expect(await new TokenCache('ci', host, silentVoice).read()).toMatchObject({
        ...tokens,
        signedIn: 'bob',
      })
    },
  )

  it.each(obstructions)('that is %s is an error', async (_what, damage, reason) => {
    damage(cacheFile())
    const failure = await rejectionOf(new TokenCache('ci', host, silentVoice).read())
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.message).toContain(reason)
  })
})

describe('a key file', () => {
  it.each<[string, Damage, string, string]>([
    ['that others can read', (path) => chmodSync(path, 0o640), 'can be read by others', 'chmod 600 "'],
    ['that all can read', (path) => chmodSync(path, 0o604), 'can be read by others', 'chmod 600 "'],
    ['that others can write', (path) => chmodSync(path, 0o620), 'can be written by others', 'chmod 600 "'],
    [
      'that is a link',
      (path) => (renameSync(path, join(folder, 'k')), symlinkSync(join(folder, 'k'), path)),
      'is no plain file',
      'itself',
    ],
    [
      'that is a link to nothing',
      (path) => (rmSync(path), symlinkSync('none', path)),
      'is no plain file',
      'itself',
    ],
    [
      'that is a folder',
      (path) => (rmSync(path), mkdirSync(path, { mode: 0o700 })),
      'is no plain file',
      'itself',
    ],
    ['that is empty', (path) => change(path, () => Buffer.alloc(0)), 'is damaged', 'backup'],
    ['that is cut short', (path) => change(path, (content) => content.subarray(1)), 'is damaged', 'backup'],
    ['that is another one', (path) => change(path, () => newVaultKey().bytes), 'is another one', 'restore'],
    ['that is gone', (path) => rmSync(path), 'is gone', 'backup'],
  ])('%s is not used, and no other is made', async (_what, damage, fact, step) => {
    damage(keyFile())
    const before = snapshot()
    const attempts = [
      () => readSecret(host, 'ci', 'client-secret', silentVoice),
      () => writeSecret(host, 'ci', 'client-secret', 'new', silentVoice),
      () => new TokenCache('ci', host, silentVoice).read(),
    ]
    for (const attempt of attempts) {
      const failure = await rejectionOf(attempt())
      expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
      expect(failure.message).toContain(fact)
      expect(failure.hint).toContain(step)
    }
    expect(snapshot()).toEqual(before)
  })
})

describe('vault.json', () => {
  it.each<[string, Damage, string, string]>([
    ['empty', (path) => change(path, () => Buffer.alloc(0)), 'store_unavailable', 'cannot be understood'],
    [
      'cut short',
      (path) => change(path, (text) => text.subarray(0, -9)),
      'store_unavailable',
      'cannot be understood',
    ],
    [
      'of a newer version',
      (path) => writeFileSync(path, '{"version":2}'),
      'store_unavailable',
      'newer entra-auth-cli',
    ],
    ['a folder', (path) => (rmSync(path), mkdirSync(path)), 'file_unusable', 'it is a folder'],
    [
      'a pipe',
      (path) => (rmSync(path), void execFileSync('mkfifo', [path])),
      'file_unusable',
      'a device or a pipe',
    ],
  ])('that is %s is an error, and nothing is changed', async (_what, damage, code, fact) => {
    damage(vaultFile())
    const before = snapshot()
    for (const attempt of [
      () => openVault(host, silentVoice),
      () => writeSecret(host, 'ci', 'client-secret', 'x', silentVoice),
    ]) {
      const failure = await rejectionOf(attempt())
      expect(failure).toMatchObject({ code })
      expect(failure.message).toContain(fact)
      expect(failure.hint).toBeTruthy()
    }
    expect(snapshot()).toEqual(before)
  })

  it('that is a link to nothing is an error, and stays one', async () => {
    rmSync(vaultFile())
    symlinkSync('none', vaultFile())
    const before = snapshot()
    const failure = await rejectionOf(openVault(host, silentVoice))
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.message).toContain('symbolic link to nothing')
    expect(snapshot()).toEqual(before)
  })

  it.runIf(isRoot)('that another user linked there is not believed', async () => {
    renameSync(vaultFile(), join(folder, 'v'))
    symlinkSync(join(folder, 'v'), vaultFile())
    lchownSync(vaultFile(), 65534, 65534)
    const failure = await rejectionOf(openVault(host, silentVoice))
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.message).toContain('another user')
  })
})

describe('profiles.json', () => {
  const draft: ProfileDraft = {
    name: 'new',
    tenantId,
    clientId,
    scopes: [],
    credential: { kind: 'none' },
    secrets: {},
    defaultFlow: undefined,
    authority: undefined,
    cloud: undefined,
    graphUrl: undefined,
    caFile: undefined,
    redirectUri: undefined,
    clientCapabilities: [],
  }

  it.each([
    ['cut short', '{"profiles":[{"name":"ci"'],
    ['something else', '"text"'],
    ['binary', '\u0000\u0001'],
  ])('that is %s is never overwritten', async (_what, text) => {
    const path = join(host.configDirectory, 'profiles.json')
    writeFileSync(path, text)
    const before = snapshot()
    const failure = await rejectionOf(createProfile(host, draft, { overwrite: false }, silentVoice))
    expect(failure).toMatchObject({ code: 'profiles_unreadable' })
    expect(failure.message).toContain(path)
    expect(failure.hint).toBeTruthy()
    expect(snapshot()).toEqual(before)
  })
})

/** A file system of its own, which only root may mount. */
function withMount(options: string, use: (mounted: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const mounted = join(folder, 'mounted')
    mkdirSync(mounted)
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', mounted])
    try {
      await use(mounted)
    } finally {
      execFileSync('umount', [mounted])
    }
  }
}

function mayMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'entra-auth-cli-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

describe('a disk', () => {
  const canMount = isRoot && process.platform === 'linux' && mayMount()

  it.runIf(canMount)(
    'that is full keeps what it has, and says so',
    withMount('size=64k', async (mounted) => {
      const full = machineIn(mounted)
      await writeSecret(full, 'ci', 'client-secret', 'old', silentVoice)
      const cache = new TokenCache('ci', full, silentVoice)
      await cache.change(() => tokens)
      const attempts = [
        () => writeSecret(full, 'ci', 'client-secret', 'x'.repeat(100_000), silentVoice),
        () => cache.change(() => ({ ...tokens, signedIn: 'x'.repeat(100_000) })),
      ]
      for (const attempt of attempts) {
        const failure = await rejectionOf(attempt())
        expect(failure).toMatchObject({ code: 'file_unusable' })
        expect(failure.message).toContain('no space left on the device')
        expect(failure.hint).toContain('free some space')
      }
      expect(await readSecret(full, 'ci', 'client-secret', silentVoice)).toBe('old')
      expect(await cache.read()).toMatchObject(tokens)
      const names = readdirSync(mounted, { recursive: true, encoding: 'utf8' })
      expect(names.filter((name) => /\.(tmp|lock|break)$/.test(name))).toEqual([])
    }),
  )

  it.runIf(canMount)(
    'that was full when the vault was made leaves none that does not open',
    withMount('size=64k', async (mounted) => {
      const full = machineIn(mounted)
      writeFileSync(join(mounted, 'ballast'), Buffer.alloc(61_440))
      expect(await rejectionOf(openVault(full, silentVoice))).toMatchObject({ code: 'file_unusable' })
      rmSync(join(mounted, 'ballast'))
      await expect(openVault(full, silentVoice)).resolves.toBeDefined()
    }),
  )

  it.runIf(canMount)(
    'that is read-only is read, and says so when it is to be written',
    withMount('size=64k', async (mounted) => {
      const there = machineIn(mounted)
      await writeSecret(there, 'ci', 'client-secret', 'old', silentVoice)
      await new TokenCache('ci', there, silentVoice).change(() => tokens)
      execFileSync('mount', ['-o', 'remount,ro', mounted])
      expect(await readSecret(there, 'ci', 'client-secret', silentVoice)).toBe('old')
      expect(await new TokenCache('ci', there, silentVoice).read()).toMatchObject(tokens)
      const failure = await rejectionOf(writeSecret(there, 'ci', 'client-secret', 'new', silentVoice))
      expect(failure).toMatchObject({ code: 'file_unusable' })
      expect(failure.message).toContain('the file system is read-only')
      expect(failure.hint).toContain('choose a folder that can be written to')
    }),
  )

  it.runIf(process.platform === 'linux')('that is full under a link is named too', async () => {
    rmSync(secretFile())
    symlinkSync('/dev/full', secretFile())
    const failure = await rejectionOf(writeSecret(host, 'ci', 'client-secret', 'new', silentVoice))
    expect(failure.message).toBe(`cannot write "${secretFile()}": no space left on the device`)
  })
})
