// Brings the other Nodes that the package must work on: their binaries come as npm packages. Prints one line for each,
// its version and its path. What is there already is kept; the folder, outside the repository, can be deleted any time.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// The oldest that package.json allows, and the newest of every later line.
const versions = ['20.18', '22', '24', '26']
const folder = process.env.ENTRA_AUTH_CLI_NODES ?? join(tmpdir(), 'entra-auth-cli-nodes')

mkdirSync(folder, { recursive: true, mode: 0o700 })
// In a folder for everybody's files somebody else may have made it first, with programs of theirs.
if (process.getuid && statSync(folder).uid !== process.getuid()) {
  throw new Error(`${folder} is somebody else's; name another folder in ENTRA_AUTH_CLI_NODES`)
}

const missing = versions.filter((version) => versionOf(pathOf(version)) === undefined)
if (missing.length > 0) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const packages = missing.map((version) => `node${version}@npm:node-${platform}-${process.arch}@${version}`)
  const flags = ['--prefix', folder, '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund']
  // npm reports on stderr here: stdout is the list.
  execFileSync('npm', ['install', ...flags, ...packages], { stdio: ['ignore', 2, 2], cwd: folder })
}
for (const version of versions) console.log(`${versionOf(pathOf(version)) ?? 'missing'} ${pathOf(version)}`)

function pathOf(version) {
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  return join(folder, 'node_modules', `node${version}`, program)
}

/** What the Node at a path says it is; undefined where there is none. */
function versionOf(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
