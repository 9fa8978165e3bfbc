import { expect, it } from 'vitest'
import { createKeychain } from '../../../src/platform/keychain.ts'
import { FakeKeychainProcess } from './fake-keychain-process.ts'
import { memoryBinding } from './memory-binding.ts'

const options = { env: {}, userId: 1000, ownCommand: ['node', 'main.js'] }
const attended = { attended: true }

it.each([
  ['darwin', 'macOS Keychain', attended],
  ['win32', 'Windows Credential Manager', {}],
] as const)('on %s, goes straight to the %s when called with %j', async (platform, provider, how) => {
  const { binding, opened } = memoryBinding()
  const startProcess = () => {
    throw new Error('no child is needed')
  }
  const keychain = createKeychain({ ...options, platform, load: async () => binding, startProcess })
  expect(await keychain.state()).toEqual({ kind: 'available', provider })
  expect(await keychain.get('a', how)).toBeUndefined()
  await keychain.set('a', Uint8Array.of(0, 255), how)
  expect(await keychain.get('a', how)).toEqual(Buffer.of(0, 255))
  expect([await keychain.remove('a', how), await keychain.remove('a', how)]).toEqual([true, false])
  // Never without naming the store: the binding would choose the kernel's keyring on its own.
  expect(opened[0]).toEqual(['entra-auth-cli', 'a', { linux: { store: 'secret-service' } }])
})

it('asks in a child where a dialog may come and nobody attends', async () => {
  const { binding, opened } = memoryBinding()
  const child = new FakeKeychainProcess()
  const load = async () => binding
  const keychain = createKeychain({ ...options, platform: 'darwin', load, startProcess: child.start })
  child.answer('{"kind":"secret","secret":"AP8="}\n')
  expect(await keychain.get('a')).toEqual(Buffer.of(0, 255))
  expect(child.given).toEqual({ method: 'get', account: 'a' })
  expect(opened).toEqual([])
})

it('says what the keychain told the child, with the step that helps there', async () => {
  const child = new FakeKeychainProcess()
  const load = async () => memoryBinding().binding
  const keychain = createKeychain({ ...options, platform: 'darwin', load, startProcess: child.start })
  child.answer('{"kind":"failure","message":"User interaction is not allowed. (-25308)"}\n')
  await expect(keychain.set('a', Uint8Array.of(1))).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'the macOS Keychain could not be changed: User interaction is not allowed. (-25308)',
    hint: expect.stringContaining('security unlock-keychain') as string,
  })
})

it('does not ask here what may wait for ever, where it cannot start a child', async () => {
  const { binding, opened } = memoryBinding()
  const setup = { env: {}, userId: 1000, platform: 'darwin', load: async () => binding } as const
  await expect(createKeychain(setup).get('a')).rejects.toMatchObject({ code: 'store_unavailable' })
  expect(opened).toEqual([])
})

it('answers rather than fails where the optional package is missing', async () => {
  const load = () => Promise.reject(new Error('Cannot find native binding'))
  const keychain = createKeychain({ ...options, platform: 'linux', load })
  expect(await keychain.state()).toMatchObject({ kind: 'no-binding' })
  await expect(keychain.get('a', attended)).rejects.toMatchObject({
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
  const load = async () => ({ Entry, AsyncEntry: Entry })
  const keychain = createKeychain({ ...options, platform: 'darwin', load })
  await expect(keychain.get('a', attended)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'the macOS Keychain could not be read: User interaction is not allowed. (-25308)',
    hint: expect.stringContaining('security unlock-keychain') as string,
  })
})
