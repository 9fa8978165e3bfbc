import type { KeyringBinding } from '../../../src/platform/keyring-binding.ts'

/** A keychain in memory that notes how it was opened. */
export function memoryBinding(): { readonly binding: KeyringBinding; readonly opened: unknown[][] } {
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
  return { binding: { Entry, AsyncEntry: Entry }, opened }
}
