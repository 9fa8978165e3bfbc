// Compiles into a folder beside dist and swaps it in: what is running meanwhile keeps a whole program, and what a
// renamed source left behind is gone.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const fresh = `dist.${process.pid}`
const old = `${fresh}.old`
const tsc = spawnSync(
  process.execPath,
  [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh],
  { stdio: 'inherit' },
)
if (tsc.status === 0) {
  // npm gives the program its mode when it installs it; in a checkout it is run as it was built.
  chmodSync(join(fresh, 'src', 'main.js'), 0o755)
  if (existsSync('dist')) renameSync('dist', old)
  renameSync(fresh, 'dist')
}
for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
process.exitCode = tsc.status ?? 1
