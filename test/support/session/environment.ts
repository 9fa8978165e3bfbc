/** The world a test's commands live in: a home of their own, nothing of the developer's, and the program on PATH. */
import { accessSync, constants, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '../../..')

/** A throw-away home. */
export interface World {
  readonly root: string
  readonly home: string
  /** Where commands start, empty at first. */
  readonly workFolder: string
  readonly env: Readonly<Record<string, string>>
  remove(): void
}

/**
 * Makes one. `env` has HOME, TMPDIR, PATH, a UTF-8 locale and UTC, then what the caller adds; nothing else of this
 * process, so no proxy, certificate bundle or editor of the developer's leaks in.
 *
 * @throws Error when the program is not built
 */
export function makeWorld(added: Readonly<Record<string, string>> = {}): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'entra-auth-cli-')))
  const [home, temporary, workFolder, bin] = ['home', 'tmp', 'work', 'bin'].map((name) =>
    join(root, name),
  ) as [string, string, string, string]
  for (const folder of [home, temporary, workFolder, bin]) mkdirSync(folder, { mode: 0o700 })
  putProgramsInto(bin)
  return {
    root,
    home,
    workFolder,
    env: {
      HOME: home,
      TMPDIR: temporary,
      PATH: [bin, process.env.PATH].join(delimiter),
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      ...added,
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** The command line of the program under test: `ENTRA_BIN` where that is set, else what `npm run build` made. */
export function programUnderTest(folder: string = repository): readonly [string, ...string[]] {
  const named = process.env.ENTRA_BIN
  if (named) return [resolve(named)]
  const main = join(folder, 'dist/main.cjs')
  try {
    accessSync(main, constants.R_OK)
  } catch (cause) {
    throw new Error(`${main} is missing: run "npm run build" first`, { cause })
  }
  return [process.execPath, main]
}

/**
 * Whether `NODE_OPTIONS` puts modules of a test into the program: into the one that Node runs, not into an executable
 * named by `ENTRA_BIN`.
 */
export const isRunByNode = !process.env.ENTRA_BIN

function putProgramsInto(bin: string): void {
  putScript(join(bin, 'entra-auth-cli'), programUnderTest())
  if (!isOnPath('jq')) putScript(join(bin, 'jq'), [process.execPath, join(repository, 'test/support/jq.mjs')])
}

function putScript(path: string, words: readonly string[]): void {
  writeFileSync(path, `#!/bin/sh\nexec ${words.map(quote).join(' ')} "$@"\n`, { mode: 0o755 })
}

/** One word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w./:=@,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
