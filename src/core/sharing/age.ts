import { EntraAuthError } from '../../errors.ts'

/** Who can open a sealed export: whoever knows a passphrase, or has the private key of one of these public keys. */
export type Audience =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  /** `age1…`. Not empty. */
  | { readonly kind: 'recipients'; readonly recipients: readonly string[] }

const begin = '-----BEGIN AGE ENCRYPTED FILE-----'
const binaryStart = 'age-encryption.org/v1\n'

/**
 * Seals a text in age's format, which `age -d` and other programs open.
 * @throws EntraAuthError `invalid_arguments` for what is no public key of age
 * @see https://age-encryption.org/v1
 */
export async function sealWithAge(text: string, audience: Audience): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  if (audience.kind === 'passphrase') encrypter.setPassphrase(audience.passphrase)
  else for (const recipient of audience.recipients) addRecipient(encrypter, recipient)
  return encrypter.encrypt(text)
}

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    // A private key given by mistake is not repeated.
    const isPublic = /^age1/i.test(recipient)
    const what = isPublic ? `"${recipient}" is no public key of age` : 'a recipient is no public key of age'
    throw new EntraAuthError('invalid_arguments', what, {
      hint: 'give what "age-keygen" prints as the public key: it starts with age1; SSH keys and plugins are not taken',
      cause,
    })
  }
}

/** As text that survives a terminal, a mail and a repository. */
export async function armoured(sealed: Uint8Array): Promise<string> {
  const { armor } = await import('age-encryption')
  return armor.encode(sealed)
}

/** Sealed bytes, and what opens them. */
export interface AgeFile {
  readonly bytes: Uint8Array
  /** `nobody`: a passphrase would cost more memory and time than any file is worth. */
  readonly openedBy: 'passphrase' | 'identity' | 'nobody'
}

/** The base-2 logarithm of the most scrypt may cost: four times age's own, some seconds and 1 GiB. */
const largestWorkFactor = 20

/**
 * Recognises a file in age's format, armoured or not; undefined where it is none.
 * @throws Error where the armour is damaged
 */
export async function ageFile(content: Buffer): Promise<AgeFile | undefined> {
  const bytes = await unarmoured(content)
  if (bytes === undefined) return undefined
  // The lines of the header are text; each stanza in it says how it was sealed.
  const header = Buffer.from(bytes.subarray(0, 256)).toString('latin1')
  const [, workFactor] = /\n-> scrypt \S+ (\d+)\n/.exec(header) ?? []
  if (workFactor === undefined) return { bytes, openedBy: 'identity' }
  return { bytes, openedBy: Number(workFactor) > largestWorkFactor ? 'nobody' : 'passphrase' }
}

async function unarmoured(content: Buffer): Promise<Uint8Array | undefined> {
  if (content.subarray(0, binaryStart.length).toString('latin1') === binaryStart) return content
  const text = content.toString('latin1')
  if (!text.trimStart().startsWith(begin)) return undefined
  const { armor } = await import('age-encryption')
  return armor.decode(text)
}

/** With what an age file may be opened. */
export type AgeKey =
  | { readonly passphrase: string }
  /** `AGE-SECRET-KEY-1…`. Not empty. */
  | { readonly identities: readonly string[] }

/**
 * What a file in age's format holds; undefined where this key does not open it, or it is damaged. A passphrase costs a
 * second or two, in which nothing else runs.
 */
export async function openAgeFile(file: AgeFile, key: AgeKey): Promise<string | undefined> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  if ('passphrase' in key) decrypter.addPassphrase(key.passphrase)
  else for (const identity of key.identities) decrypter.addIdentity(identity)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await decrypter.decrypt(file.bytes))
  } catch {
    return undefined
  }
}

/**
 * The private keys in a file as `age-keygen` writes it.
 * @throws EntraAuthError `file_unusable` that repeats nothing of it
 */
export async function identitiesIn(content: Buffer, source: string): Promise<readonly string[]> {
  const lines = content
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  const { identityToRecipient } = await import('age-encryption')
  for (const line of lines) {
    const isIdentity = await identityToRecipient(line).then(
      () => true,
      () => false,
    )
    if (!isIdentity) throw noIdentity(source)
  }
  if (lines.length === 0) throw noIdentity(source)
  return lines
}

function noIdentity(source: string): EntraAuthError {
  return new EntraAuthError('file_unusable', `"${source}" holds no private keys of age alone`, {
    hint: 'give what "age-keygen -o FILE" wrote: lines that start with AGE-SECRET-KEY-; one with a passphrase is opened with "age -d" first',
  })
}

/** The public keys in a file: one a line, with comments. */
export function recipientsIn(content: Buffer): readonly string[] {
  return content
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
