// One executable: the program as `npm run build` packed it, a runtime, and the keychain's binding for that platform.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fetchPackage } from './fetch-package.mjs'
import { ownTarget, targets } from './targets.mjs'

/**
 * The same program and runtime make the same bytes, wherever it is done.
 * @param file where to write it
 */
export function compile(platform, file) {
  const { runtime, compileTarget, binding, extension, shim } = targets[platform]
  const compiler = targets[ownTarget()].runtime
  const stage = mkdtempSync(join(tmpdir(), 'entra-auth-cli-stage-'))
  try {
    cpSync('dist', stage, { recursive: true })
    putBinding(binding, shim, join(stage, 'node_modules', '@napi-rs', 'keyring'))
    const made = `entra-auth-cli${extension}`
    execFileSync(
      join(fetchPackage(compiler), compiler.program),
      [
        'build',
        'main.cjs',
        '--compile',
        `--target=${compileTarget}`,
        // Not downloaded by bun, but ours, whose hash is known.
        `--compile-executable-path=${join(fetchPackage(runtime), runtime.program)}`,
        // Without it every start reads the whole program again: 15 ms rather than 5.
        '--bytecode',
        '--format=cjs',
        '--minify',
        // Else the path of the stage would be in there, and differ each time.
        '--define=__filename="/entra-auth-cli"',
        '--reject-unresolved',
        // Else whoever can write a file where the program is started runs code of theirs in it, or sets its variables.
        '--no-compile-autoload-dotenv',
        '--no-compile-autoload-bunfig',
        '--no-compile-autoload-tsconfig',
        '--no-compile-autoload-package-json',
        `--outfile=${made}`,
      ],
      { cwd: stage, stdio: ['ignore', 'ignore', 'inherit'] },
    )
    copyFileSync(join(stage, made), `${file}.new`)
    renameSync(`${file}.new`, file)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Where the program looks for `@napi-rs/keyring`, the one library for one platform instead of the choice among all. */
function putBinding({ name, file }, shim, folder) {
  const package_ = fetchPackage({ name, ...lockedPackage(`node_modules/${name}`) })
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(package_, file), join(folder, 'keyring.node'))
  copyFileSync(resolve('packaging', 'executable', shim), join(folder, shim))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: '@napi-rs/keyring', main: shim }))
}

/**
 * The version and the hash of a package as they are locked.
 * @param path where it lies: of one name there may be several
 * @throws Error where it is not locked
 */
export function lockedPackage(path) {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const locked = packages[path]
  if (!locked) throw new Error(`${path} is not in package-lock.json`)
  return { version: locked.version, integrity: locked.integrity }
}
