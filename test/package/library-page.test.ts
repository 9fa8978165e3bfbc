/** The examples of docs/library.md: compiled in a strict project, and run with the package as it is installed. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedSecrets } from '../../sandbox/seed.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { matches } from '../support/session/match.ts'
import { fencedBlocks } from '../support/session/parse.ts'
import { installPackage, repository, type InstalledPackage } from './installed-package.ts'

const execute = promisify(execFile)
const compiler = join(repository, 'node_modules/typescript/bin/tsc')
const page = readFileSync(join(repository, 'docs/library.md'), 'utf8')
const blocks = fencedBlocks(page).filter(({ language }) => language !== '')
/** Each example with what it prints, which stands below it. */
const examples = blocks.flatMap(({ language, lines }, index) =>
  language === 'ts' ? [{ name: `example-${index}`, code: lines.join('\n'), printed: blocks[index + 1] }] : [],
)

const settings = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    types: [],
    strict: true,
    skipLibCheck: false,
  },
  files: examples.map(({ name }) => `${name}.ts`),
}

let installed: InstalledPackage
let world: SandboxWorld

beforeAll(async () => {
  installed = await installPackage()
  const { folder } = installed
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const { name, code } of examples) writeFileSync(join(folder, `${name}.ts`), code)
  world = await startSandboxWorld()
  writeFileSync(join(world.workFolder, 'secret'), seedSecrets.daemonWithSecret)
  await world.createProfile('ci', 'daemonWithSecret', '--client-secret-file', 'secret')
})
afterAll(async () => {
  await world?.end()
  installed?.remove()
})

describe('docs/library.md', () => {
  it('compiles', async () => {
    const said = await execute(process.execPath, [compiler, '-p', installed.folder]).catch(
      (error: { stdout: string }) => error,
    )
    expect(said.stdout).toBe('')
    expect(examples).toHaveLength(4)
  })

  it.each(examples)('$name does what the page shows', async ({ name, printed }) => {
    expect(printed?.language).toBe('text')
    const { stdout, stderr } = await execute(process.execPath, [`${name}.js`], {
      cwd: installed.folder,
      env: { ...world.env },
    })
    expect(stderr).toBe('')
    expect(matches(printed?.lines ?? [], stdout), stdout).toBe(true)
  })
})
