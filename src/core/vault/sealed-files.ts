import type { Host } from '../ports.ts'
import { tokenCachePaths } from '../token-cache.ts'
import { sealedKeyId } from './envelope.ts'
import { secretPaths, secretsLock } from './secrets.ts'
import type { VaultFileHost } from './vault-file.ts'

export type SealedFilesHost = VaultFileHost & Pick<Host, 'cacheDirectory'>

/** A file the vault sealed, as far as it can be told without a key. */
export interface SealedFile {
  readonly path: string
  /** A token cache can be had again by signing in; a secret cannot. */
  readonly kind: 'secret' | 'token-cache'
  /** Undefined where it is no sealed file at all. */
  readonly keyId: string | undefined
  /** The lock that writers of this file take. */
  readonly lockPath: string
}

/** Every sealed file of this vault. */
export async function sealedFiles(host: SealedFilesHost): Promise<readonly SealedFile[]> {
  const paths = [
    ...(await secretPaths(host)).map((path) => ({
      path,
      kind: 'secret' as const,
      lockPath: secretsLock(host),
    })),
    ...(await tokenCachePaths(host)).map((path) => ({
      path,
      kind: 'token-cache' as const,
      lockPath: `${path}.lock`,
    })),
  ]
  const files = await Promise.all(
    paths.map(async (file) => ({ ...file, content: await host.files.read(file.path) })),
  )
  return files.flatMap(({ content, ...file }) =>
    // Gone meanwhile: its profile was deleted, or somebody signed out.
    content === undefined ? [] : { ...file, keyId: sealedKeyId(content) },
  )
}
