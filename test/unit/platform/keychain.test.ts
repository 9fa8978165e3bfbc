import { expect, it } from 'vitest'
import { createKeychain, type KeyringBinding } from '../../../src/platform/keychain.ts'

const options = { env: {}, userId: 1000 }

/** A keychain in memory that notes how it was opened. */
function memoryBinding(): { binding: KeyringBinding; opened: unknown[][] } {
  const secrets = new Map<string, number[]>()
  const opened: unknown[][] = []
  class Entry {
    readonly #account: string
    constructor(service: string, account: string, choice: unknown) {
      opened.push([service, account, choice])
      this.#account = account
    }
    getSecret() {
      return secrets.get(this.#account) ?? null
    }
    setSecret(secret: Uint8Array) {
      secrets.set(this.#account, [...secret])
    }
    deleteCredential() {
      return secrets.delete(this.#account)
    }
  }
  return { binding: { Entry }, opened }
}

it.each([
  ['darwin', 'macOS Keychain'],
  ['win32', 'Windows Credential Manager'],
] as const)('on %s, goes straight to the %s', async (platform, provider) => {
  const { binding, opened } = memoryBinding()
  const keychain = createKeychain({ ...options, platform, load: async () => binding })
  expect(await keychain.state()).toEqual({ kind: 'available', provider })
  expect(await keychain.get('a')).toBeUndefined()
  await keychain.set('a', Uint8Array.of(0, 255))
  expect(await keychain.get('a')).toEqual(Buffer.of(0, 255))
  expect([await keychain.remove('a'), await keychain.remove('a')]).toEqual([true, false])
  // Never without naming the store: the binding would choose the kernel's keyring on its own.
  expect(opened[0]).toEqual(['entra-auth-cli', 'a', { linux: { store: 'secret-service' } }])
})

it('answers rather than fails where the optional package is missing', async () => {
  const load = () => Promise.reject(new Error('Cannot find native binding'))
  const keychain = createKeychain({ ...options, platform: 'linux', load })
  expect(await keychain.state()).toMatchObject({ kind: 'no-binding' })
  await expect(keychain.get('a')).rejects.toMatchObject({
    code: 'store_unavailable',
    hint: expect.stringContaining('@napi-rs/keyring') as string,
  })
})

it('asks no binding where there is no session bus', async () => {
  const { binding, opened } = memoryBinding()
  const keychain = createKeychain({ ...options, platform: 'linux', load: async () => binding })
  await expect(keychain.set('a', Uint8Array.of(1))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'the keychain cannot be used: no session D-Bus',
  })
  expect(opened).toEqual([])
})

it('wraps what the operating system says, with the step that helps there', async () => {
  class Entry {
    getSecret(): number[] | null {
      throw new Error('User interaction is not allowed. (-25308)')
    }
    setSecret() {}
    deleteCredential() {
      return false
    }
  }
  const keychain = createKeychain({ ...options, platform: 'darwin', load: async () => ({ Entry }) })
  await expect(keychain.get('a')).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'the macOS Keychain could not be read: User interaction is not allowed. (-25308)',
    hint: expect.stringContaining('security unlock-keychain') as string,
  })
})
