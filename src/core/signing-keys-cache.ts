import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readKeySet } from '../jwt/key-set.ts'
import type { Host } from './ports.ts'
import type { FetchedKeys } from './signing-keys-fetch.ts'

/** Keys that were fetched, and when. */
export interface CachedKeys extends FetchedKeys {
  readonly fetchedAt: Date
}

type CacheHost = Pick<Host, 'files' | 'cacheDirectory'>

/** What keys are kept under: where they are from, and by whose certificates that was proved. */
export interface CacheKey {
  readonly url: string
  readonly caFile: string | undefined
}

const largestFile = 2 * 1024 * 1024

/**
 * Keys as they were fetched last, in a plain file: they are public. The file is not believed where somebody else could
 * have written it, nor where it is of another form than ours.
 */
export async function readCachedKeys(
  key: CacheKey,
  { files, cacheDirectory }: CacheHost,
): Promise<CachedKeys | undefined> {
  const path = pathOf(key, cacheDirectory)
  const facts = await files.look(path)
  if (facts?.kind !== 'file' || !facts.isOurs || facts.othersMay === 'write' || facts.size > largestFile) {
    return undefined
  }
  const content = await files.read(path)
  return content && parseStored(content.toString('utf8'), key)
}

/** Keeps keys for the next who asks; other processes see the old or the new ones. */
export async function writeCachedKeys(
  key: CacheKey,
  { fetchedAt, ...fetched }: CachedKeys,
  { files, cacheDirectory }: CacheHost,
): Promise<void> {
  const stored = { version: 1, ...key, fetchedAt: fetchedAt.getTime(), ...fetched }
  await files.write(pathOf(key, cacheDirectory), JSON.stringify(stored))
}

function pathOf({ url, caFile }: CacheKey, directory: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([url, caFile]))
    .digest('hex')
  return join(directory, `entra-auth-cli.signing-keys.${digest.slice(0, 32)}.json`)
}

function parseStored(text: string, { url, caFile }: CacheKey): CachedKeys | undefined {
  let stored: unknown
  try {
    stored = JSON.parse(text)
  } catch {
    // Not ours, or cut off: it counts as absent, and what is fetched replaces it.
    return undefined
  }
  if (typeof stored !== 'object' || stored === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(stored))
  const keySet = readKeySet({ keys: fields.get('keys') })
  const fetchedAt = fields.get('fetchedAt')
  const issuer = fields.get('issuer')
  const isOurs = fields.get('version') === 1 && fields.get('url') === url && fields.get('caFile') === caFile
  if (!isOurs || keySet === undefined || typeof fetchedAt !== 'number') return undefined
  if (issuer !== undefined && typeof issuer !== 'string') return undefined
  return { ...keySet, issuer, fetchedAt: new Date(fetchedAt) }
}
