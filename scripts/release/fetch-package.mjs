// Brings a package of npm for any platform, as it was published, and runs nothing of it. What is there already is kept;
// the folder, outside the repository, can be deleted any time.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * @param integrity what its tarball must hash to, as package-lock.json writes it
 * @returns the folder of its files
 * @throws Error where npm does not have it, or has something else by that name
 */
export function fetchPackage({ name, version, integrity }) {
  if (!integrity) throw new Error(`no hash is known for ${name}`)
  const cache = cacheFolder()
  const kept = join(cache, `${name.replace('/', '-')}-${version}`)
  if (existsSync(kept)) return kept
  const fresh = mkdtempSync(join(cache, 'fetching-'))
  try {
    const words = ['pack', `${name}@${version}`, '--json', '--prefer-offline', '--ignore-scripts']
    // npm reports on stderr.
    const [{ filename }] = JSON.parse(
      execFileSync('npm', [...words, '--pack-destination', fresh], {
        stdio: ['ignore', 'pipe', 2],
        encoding: 'utf8',
        shell: process.platform === 'win32',
      }),
    )
    const tarball = join(fresh, filename.replace(/^@/, '').replaceAll('/', '-'))
    const found = integrityOf(tarball)
    if (found !== integrity) throw new Error(`${name} ${version} hashes to ${found}, not to ${integrity}`)
    execFileSync('tar', ['-xzf', tarball, '-C', fresh])
    keep(join(fresh, 'package'), kept)
    return kept
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** @returns `sha512-…` in base64 @see https://www.w3.org/TR/SRI/ */
export function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`
}

/** Somebody else may have brought the same meanwhile. */
function keep(folder, kept) {
  try {
    renameSync(folder, kept)
  } catch (error) {
    if (!existsSync(kept)) throw error
  }
}

function cacheFolder() {
  const folder = process.env.ENTRA_AUTH_CLI_RUNTIMES ?? join(tmpdir(), 'entra-auth-cli-runtimes')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // In a folder for everybody's files somebody else may have made it first, with programs of theirs.
  if (process.getuid && statSync(folder).uid !== process.getuid()) {
    throw new Error(`${folder} is somebody else's; name another folder in ENTRA_AUTH_CLI_RUNTIMES`)
  }
  return folder
}
