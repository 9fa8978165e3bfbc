/** A copy of the checkout in which a release can be made. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '../..')
/** Of the package, and so of everything made of it. */
export const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  version: string
}
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** What scripts/executable.mjs needs of a checkout, in a folder where writing does no harm. */
export function copyOfCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-release-'))
  for (const name of [
    'dist',
    'build',
    'scripts',
    'packaging',
    'package.json',
    'package-lock.json',
    'LICENSE',
  ]) {
    cpSync(join(repository, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** @returns the path of the one for this machine */
export function makeExecutable(folder: string): string {
  const { status, stderr } = runScript(folder, 'executable.mjs')
  if (status !== 0) throw new Error(`no executable was made: ${stderr}`)
  return join(folder, 'release', `entra-auth-cli-${version}-${platform}`)
}

/** Runs one of scripts/, with words and variables for it. */
export function runScript(folder: string, script: string, ...more: (string | Record<string, string>)[]) {
  const words = more.filter((one) => typeof one === 'string')
  const env = Object.assign(
    { ...process.env },
    ...more.filter((one) => typeof one !== 'string'),
  ) as NodeJS.ProcessEnv
  return spawnSync(process.execPath, [join('scripts', script), ...words], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
}

/** In hex. */
export const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
