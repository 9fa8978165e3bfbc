import { createRequire } from 'node:module'

/** One call of a keychain. */
export type KeychainCall =
  | { readonly method: 'get' | 'remove'; readonly account: string }
  | { readonly method: 'set'; readonly account: string; readonly secret: Uint8Array }

/** What a call comes to: a secret or undefined for `get`, whether there was one for `remove`, undefined for `set`. */
export type KeychainResult = Buffer | boolean | undefined

/** The part of @napi-rs/keyring that is used. */
export interface KeyringBinding {
  /** Blocks this process while it is asked. */
  readonly Entry: EntryClass
  /** Is asked in a thread of its own, which nothing but the end of the process ends. */
  readonly AsyncEntry: EntryClass
}

export type EntryClass = new (service: string, account: string, options: typeof store) => KeyringEntry

interface KeyringEntry {
  getSecret(): OrLater<number[] | null>
  setSecret(secret: Uint8Array): OrLater<void>
  deleteCredential(): OrLater<boolean>
}

type OrLater<T> = T | Promise<T>

const isSingleFile = 'bun' in process.versions

const service = 'entra-auth-cli'

// Always named: without it the binding falls back to the kernel's keyring on its own, which forgets after three days,
// and says "absent" where it means "unreachable".
const store = { linux: { store: 'secret-service' } } as const

/** Makes one call, with whichever kind of entry is given. */
export async function callKeyring(Entry: EntryClass, call: KeychainCall): Promise<KeychainResult> {
  const entry = new Entry(service, call.account, store)
  switch (call.method) {
    case 'get': {
      const secret = await entry.getSecret()
      return secret === null ? undefined : Buffer.from(secret)
    }
    case 'set':
      await entry.setSecret(call.secret)
      return undefined
    case 'remove':
      return entry.deleteCredential()
  }
}

/** Loads the native binding. Rejects where the optional package is not installed for this machine. */
export async function loadBinding(): Promise<KeyringBinding> {
  // The binding would load any library this variable names.
  delete process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  // A single-file executable finds only what it sees imported.
  return isSingleFile ? import('@napi-rs/keyring') : requireBinding()
}

/**
 * `import` would analyse the package's CommonJS wrapper first, which costs four times what loading it does. The wrapper
 * itself costs as much as the library it looks for: where that is the usual one, it is not needed.
 */
function requireBinding(): KeyringBinding {
  const require = createRequire(import.meta.url)
  if (process.platform === 'linux') {
    try {
      return require(`@napi-rs/keyring-linux-${process.arch}-gnu`) as KeyringBinding
    } catch {
      // Another C library, or another place: the wrapper knows them all, and says what is missing.
    }
  }
  return require('@napi-rs/keyring') as KeyringBinding
}
