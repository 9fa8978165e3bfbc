import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The platform room as plain JavaScript, for tests that need processes of their own on every supported Node. */
export interface CompiledPlatform {
  /** The folder that holds `host.js` and its neighbours. */
  readonly directory: string
  remove(): void
}

/** Compiles `src/platform` into a temporary folder, which takes a quarter of a second. */
export function compilePlatform(): CompiledPlatform {
  const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-compiled-'))
  const compiler = resolve('node_modules/typescript/bin/tsc')
  const options = {
    '--outDir': folder,
    '--rootDir': '.',
    '--target': 'es2023',
    '--module': 'nodenext',
    '--types': 'node',
  }
  execFileSync(process.execPath, [
    compiler,
    '--ignoreConfig',
    'src/platform/host.ts',
    'src/platform/keychain-child.ts',
    ...Object.entries(options).flat(),
    '--rewriteRelativeImportExtensions',
    '--skipLibCheck',
    '--noCheck',
  ])
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return {
    directory: join(folder, 'src', 'platform'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
