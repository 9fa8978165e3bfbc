import { createDecipheriv, pbkdf2 } from 'node:crypto'

const saltBytes = 32
const ivBytes = 16
const blockBytes = 16
/** What the older tool always took. The file does not say it, so a hostile one cannot ask for more. */
const iterations = 100_000

/**
 * The bytes of an encrypted export of the older .NET tool: base64 of `salt[32] | iv[16] | AES-256-CBC`, without a header.
 * White space in the base64 does not count.
 * @returns undefined where a text is none
 */
export function dotnetExportBytes(text: string): Buffer | undefined {
  const base64 = text.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined
  const bytes = Buffer.from(base64, 'base64')
  const ciphertextBytes = bytes.length - saltBytes - ivBytes
  return ciphertextBytes >= blockBytes && ciphertextBytes % blockBytes === 0 ? bytes : undefined
}

/**
 * Opens an encrypted export of the older .NET tool. It carries no proof that it is whole: that it holds JSON is all that
 * tells a right passphrase from a wrong one.
 * @returns the JSON inside; undefined for a wrong passphrase or a damaged file, which look the same
 */
export async function openDotnetExport(bytes: Buffer, passphrase: string): Promise<string | undefined> {
  const salt = bytes.subarray(0, saltBytes)
  const key = await derivedKey(passphrase, salt)
  const iv = bytes.subarray(saltBytes, saltBytes + ivBytes)
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(saltBytes + ivBytes)), decipher.final()])
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain)
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}

function derivedKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pbkdf2(passphrase, salt, iterations, 32, 'sha256', (error, key) => (error ? reject(error) : resolve(key)))
  })
}
