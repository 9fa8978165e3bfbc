/** The package as its users get it: packed, then installed from the tarball into an empty folder. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Where the package is built and packed. */
export const repository = resolve(import.meta.dirname, '../..')

export interface InstalledPackage {
  /** The folder somebody ran `npm install` in. */
  readonly folder: string
  /** The package in its `node_modules`. */
  readonly packageFolder: string
  /** What npm made for the command line: `node_modules/.bin/entra-auth-cli`. */
  readonly program: string
  /** Every installed package below `folder`, this one among them. */
  readonly packages: readonly { readonly path: string; readonly manifest: Manifest }[]
  remove(): void
}

/** What matters here of a package.json. */
export interface Manifest {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
}

/**
 * Packs what is built and installs it, without running anybody's scripts. npm takes the dependencies as a user would:
 * the newest that fit, from its cache where it has them.
 *
 * @param flags more for `npm install`, such as `--omit=optional`
 * @throws Error with npm's words when it fails
 */
export async function installPackage(...flags: readonly string[]): Promise<InstalledPackage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'entra-auth-cli-package-')))
  const remove = () => rmSync(root, { recursive: true, force: true })
  try {
    const tarball = await pack(root)
    const folder = mkdtempSync(join(root, 'user-'))
    await npm(
      ['install', '--prefix', folder, '--prefer-offline', '--ignore-scripts', ...flags, tarball],
      folder,
    )
    return {
      folder,
      packageFolder: join(folder, 'node_modules/entra-auth-cli'),
      program: join(folder, 'node_modules/.bin/entra-auth-cli'),
      packages: installedIn(folder),
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** The script that builds before packing is left out: it would clear `dist` under whoever uses it meanwhile. */
async function pack(folder: string): Promise<string> {
  await npm(['pack', '--ignore-scripts', '--pack-destination', folder], repository)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack made no tarball')
  return join(folder, tarball)
}

async function npm(words: readonly string[], cwd: string): Promise<void> {
  await promisify(execFile)('npm', [...words, '--no-audit', '--no-fund'], { cwd })
}

function installedIn(folder: string): InstalledPackage['packages'] {
  const lock = readJson(join(folder, 'node_modules/.package-lock.json')) as { packages: object }
  return Object.keys(lock.packages).map((path) => ({
    path: join(folder, path),
    manifest: readJson(join(folder, path, 'package.json')) as Manifest,
  }))
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}
