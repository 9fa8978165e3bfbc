// An executable with nothing in it, made as ours is: what its runtime costs by itself.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fetchPackage } from '../release/fetch-package.mjs'
import { ownTarget, targets } from '../release/targets.mjs'

/** @param file where to write it @returns the same */
export function compileEmpty(file) {
  const { runtime, compileTarget } = targets[ownTarget()]
  const bun = join(fetchPackage(runtime), runtime.program)
  writeFileSync(join(dirname(file), 'nothing.cjs'), '')
  const words = [
    'build',
    'nothing.cjs',
    '--compile',
    `--target=${compileTarget}`,
    '--bytecode',
    '--format=cjs',
  ]
  execFileSync(bun, [...words, `--compile-executable-path=${bun}`, `--outfile=${file}`], {
    cwd: dirname(file),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return file
}
