// Builds into a folder beside dist and swaps it in: what is running meanwhile keeps a whole program, and what a renamed
// source left behind is gone.
//
//     dist/main.cjs    the program: its start and short cuts (plain/), and all of it (program.cjs, parts/)
//     dist/index.js    the library, dist/credential.js its part that gets tokens, and types/ for both
//     dist/man/        the manual page
//     build/           for tests alone: parts.json says what each file was packed from, doors.js what they need of src
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, bundleProgram } from './bundle.mjs'
import { licenceText, packagesOf } from './licences.mjs'
import { writeManPage } from './man-page.mjs'

const fresh = `dist.${process.pid}`
const old = `${fresh}.old`
try {
  const program = await bundleProgram(fresh)
  const library = { index: 'src/index.ts', credential: 'src/credential.ts' }
  const doors = await bundle({ input: library, folder: fresh, format: 'es' })
  declareTypes()
  await writeManPage(join(fresh, 'man', 'entra-auth-cli.1'))
  const packages = packagesOf([...program, ...doors].flatMap(({ modules }) => modules))
  writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), licenceText(packages))
  // Node looks for the nearest one at every start: without it, at ours, which is long.
  writeFileSync(join(fresh, 'package.json'), '{"type":"module"}\n')
  // npm gives the program its mode when it installs it; in a checkout it is run as it was built.
  chmodSync(join(fresh, 'main.cjs'), 0o755)
  await bundle({ input: { doors: 'test/torture/doors.ts' }, folder: 'build', format: 'es' })
  writeFileSync(join('build', 'parts.json'), JSON.stringify(program, undefined, 2))
  if (existsSync('dist')) renameSync('dist', old)
  renameSync(fresh, 'dist')
} finally {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
}

function declareTypes() {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc')
  const words = [tsc, '-p', 'tsconfig.types.json', '--outDir', join(fresh, 'types')]
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' })
  if (status !== 0) throw new Error('the types could not be made')
}
