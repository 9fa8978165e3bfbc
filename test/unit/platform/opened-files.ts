import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** For every test a folder of its own, and what it opens is closed after it. */
export function openedFiles(): { readonly path: (name: string) => string; open: typeof openSync } {
  let folder: string
  const descriptors: number[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-descriptors-'))
  })
  afterEach(() => {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor)
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    path: (name) => join(folder, name),
    open: (path, flags) => {
      const descriptor = openSync(path, flags)
      descriptors.push(descriptor)
      return descriptor
    },
  }
}
