import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** SHA-256 in hex. */
export const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** What `sha256sum --check` reads. */
export function checksums(folder, names) {
  return names
    .toSorted()
    .map((name) => `${sha256(join(folder, name))}  ${name}\n`)
    .join('')
}
