import { randomBytes, scrypt } from 'node:crypto'
import { EntraAuthError } from '../../errors.ts'
import type { Environment, Host } from '../ports.ts'
import type { Voice } from '../voice.ts'
import { open, seal, vaultKey, type VaultKey } from './envelope.ts'

/** A vault key sealed with a key made of a passphrase, and how it was made. */
export interface WrappedKey {
  readonly kdf: ScryptParameters
  /** Base64. */
  readonly salt: string
  /** Base64 of the sealed key. */
  readonly wrapped: string
}

/** @see https://www.rfc-editor.org/rfc/rfc7914 */
interface ScryptParameters {
  readonly name: 'scrypt'
  readonly N: number
  readonly r: number
  readonly p: number
}

/** About a quarter of a second and 128 MiB: what OWASP's password storage page asks of scrypt. */
const kdf: ScryptParameters = { name: 'scrypt', N: 2 ** 17, r: 8, p: 1 }
/** What a file may ask of this machine, in bytes worked on: a hostile one must take neither its memory nor its day. */
const mostWork = 2 ** 30

const wrappedName = 'vault-key'
const attempts = 3
const variable = 'ENTRA_AUTH_CLI_PASSPHRASE'
const fileVariable = 'ENTRA_AUTH_CLI_PASSPHRASE_FILE'

/** What a hint says when a passphrase is missing. */
export const passphraseHint = `set ${variable} or ${fileVariable}, or run it in a terminal`

type PassphraseHost = Pick<Host, 'env' | 'files'>

export async function wrapKey(key: VaultKey, passphrase: string): Promise<WrappedKey> {
  const salt = randomBytes(32)
  const wrapping = await derive(passphrase, salt, kdf)
  return {
    kdf,
    salt: salt.toString('base64'),
    wrapped: seal(wrapping, wrappedName, key.bytes).toString('base64'),
  }
}

/**
 * The key in a passphrase slot: with the passphrase from the environment, else from a person, who may try three times.
 * @throws EntraAuthError `store_unavailable` where none is to be had, or none is right
 */
export function unwrapKey(slot: WrappedKey, host: PassphraseHost, voice: Voice): Promise<VaultKey> {
  const keys = unwrapped.get(host.env) ?? new Map<string, Promise<VaultKey>>()
  unwrapped.set(host.env, keys)
  const known = keys.get(slot.wrapped)
  if (known) return known
  const key = askAndUnwrap(slot, host, voice)
  keys.set(slot.wrapped, key)
  // Whoever asks after a failure may have a person to ask.
  key.catch(() => keys.delete(slot.wrapped))
  return key
}

// One command opens the vault several times; a person is asked once, and the derivation paid for once.
const unwrapped = new WeakMap<Environment, Map<string, Promise<VaultKey>>>()

async function askAndUnwrap(slot: WrappedKey, host: PassphraseHost, voice: Voice): Promise<VaultKey> {
  const handedOver = await passphraseFromEnvironment(host)
  if (handedOver !== undefined) {
    const key = await tryPassphrase(slot, handedOver)
    if (key) return key
    throw new EntraAuthError(
      'store_unavailable',
      `the passphrase in ${variable} or its file is wrong; nothing was changed`,
      {
        hint: 'give the passphrase the vault was made with',
      },
    )
  }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const typed = await voice.askSecret('Passphrase of the vault')
    if (typed === undefined) break
    const key = await tryPassphrase(slot, typed)
    if (key) return key
    voice.warn('that passphrase is wrong')
  }
  throw new EntraAuthError('store_unavailable', 'the vault needs its passphrase; nothing was changed', {
    hint: passphraseHint,
  })
}

/**
 * A passphrase for a new slot: from the environment, else typed twice.
 * @throws EntraAuthError `invalid_arguments` where there is none, or the two differ
 */
export async function newPassphrase(host: PassphraseHost, voice: Voice): Promise<string> {
  const handedOver = await passphraseFromEnvironment(host)
  if (handedOver !== undefined) return handedOver
  const first = await voice.askSecret('New passphrase')
  if (first === undefined) {
    throw new EntraAuthError('invalid_arguments', 'there is no passphrase, and nobody can be asked', {
      hint: passphraseHint,
    })
  }
  if (first === '') {
    throw new EntraAuthError(
      'invalid_arguments',
      'an empty passphrase protects nothing; nothing was changed',
      {
        hint: 'think of a long one',
      },
    )
  }
  if ((await voice.askSecret('The same again')) === first) return first
  throw new EntraAuthError('invalid_arguments', 'the two passphrases differ; nothing was changed', {
    hint: 'try again',
  })
}

// A pipe can be read once, and one command opens the vault several times.
const known = new WeakMap<Environment, Promise<string | undefined>>()

/** @throws EntraAuthError `store_unavailable` where a variable is set but holds none */
export function passphraseFromEnvironment(host: PassphraseHost): Promise<string | undefined> {
  const passphrase = known.get(host.env) ?? readPassphrase(host)
  known.set(host.env, passphrase)
  return passphrase
}

async function readPassphrase({ env, files }: PassphraseHost): Promise<string | undefined> {
  if (env[variable]) return env[variable]
  const path = env[fileVariable] || undefined
  if (path === undefined) return undefined
  const text = (await files.readInput(path)).toString('utf8').replace(/\r?\n$/, '')
  if (text !== '') return text
  throw new EntraAuthError('store_unavailable', `${fileVariable} names a file without a passphrase`, {
    hint: 'it must hold the passphrase alone, on one line',
  })
}

async function tryPassphrase(slot: WrappedKey, passphrase: string): Promise<VaultKey | undefined> {
  const wrapping = await derive(passphrase, Buffer.from(slot.salt, 'base64'), slot.kdf)
  const opened = open(wrapping, wrappedName, Buffer.from(slot.wrapped, 'base64'))
  return opened.ok && opened.content.length === 32 ? vaultKey(opened.content) : undefined
}

function derive(passphrase: string, salt: Buffer, { N, r, p }: ScryptParameters): Promise<VaultKey> {
  const isPowerOfTwo = Number.isInteger(Math.log2(N))
  if (N < 2 || !isPowerOfTwo || r < 1 || p < 1 || 128 * N * r * p > mostWork) {
    throw new EntraAuthError(
      'store_unavailable',
      'the vault asks for a passphrase derivation that is out of bounds',
      {
        hint: 'restore vault.json from a backup',
      },
    )
  }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 2 * mostWork }, (error, bytes) => {
      if (error) reject(error)
      else resolve(vaultKey(bytes))
    })
  })
}
