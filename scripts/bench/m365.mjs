// Brings CLI for Microsoft 365 from npm, to be compared with. What is there already is kept; the folder, outside the
// repository, can be deleted any time.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const version = '11.11.0'
const folder = process.env.ENTRA_AUTH_CLI_PEERS ?? join(tmpdir(), 'entra-auth-cli-peers')

/** The path of the program; undefined where npm does not bring it. */
export function fetchM365() {
  const program = join(folder, 'node_modules', '@pnp', 'cli-microsoft365', 'dist', 'index.js')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // In a folder for everybody's files somebody else may have made it first, with programs of theirs.
  if (process.getuid && statSync(folder).uid !== process.getuid()) {
    throw new Error(`${folder} is somebody else's; name another folder in ENTRA_AUTH_CLI_PEERS`)
  }
  if (existsSync(program)) return program
  const flags = ['--prefix', folder, '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    execFileSync('npm', ['install', ...flags, `@pnp/cli-microsoft365@${version}`], {
      stdio: ['ignore', 'ignore', 'ignore'],
      cwd: folder,
    })
    return program
  } catch {
    return undefined
  }
}
