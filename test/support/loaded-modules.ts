/** Which modules a run of the built program loads: those it was packed from, and Node's own that it asks for. */
import { readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { cli, type CliResult } from './cli.ts'
import { makeWorld } from './session/environment.ts'

interface Part {
  readonly file: string
  readonly modules: readonly string[]
  /** The files of the built program, as paths in `dist`. */
  readonly files: readonly string[]
}

const asModule = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

const preload = `
  import { appendFileSync } from 'node:fs'
  import Module from 'node:module'
  const asked = new Set()
  const load = Module._load
  Module._load = function (name, ...given) {
    if (name.startsWith('node:')) asked.add(name)
    return load.call(this, name, ...given)
  }
  process.on('exit', () => {
    const required = Object.keys(Module.createRequire(process.execPath).cache)
    appendFileSync(process.env.LOADED_MODULES, [...asked, ...required].join('\\n') + '\\n')
  })`

export interface LoadingResult extends CliResult {
  /** Names such as `node:https` and paths of sources, once each. */
  readonly modules: readonly string[]
  /** The files of the built program, as paths in `dist`. */
  readonly files: readonly string[]
}

/**
 * Runs the built program and tells what it loaded.
 * @throws Error when it is not built
 */
export async function loadedBy(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input?: string,
): Promise<LoadingResult> {
  const world = makeWorld()
  try {
    const report = join(world.root, 'loaded-modules')
    const options = `--import=${asModule(preload)}`
    const result = await cli(args, {
      world,
      input,
      env: { ...env, LOADED_MODULES: report, NODE_OPTIONS: options, NODE_NO_WARNINGS: '1' },
    })
    const loaded = readFileSync(report, 'utf8').split('\n')
    const files = new Set(loaded.filter((path) => path.startsWith(resolve('dist') + sep)))
    return {
      ...result,
      modules: [...new Set(loaded.flatMap(packedIn))],
      files: [...files].map((path) => relative('dist', path)),
    }
  } finally {
    world.remove()
  }
}

/** What a file of the built program was packed from, as the build wrote it down; any other file is itself. */
function packedIn(path: string): readonly string[] {
  const parts = JSON.parse(readFileSync('build/parts.json', 'utf8')) as readonly Part[]
  const part = parts.find(({ file }) => path === resolve('dist', file))
  return part?.modules.map((module) => resolve(module)) ?? [path]
}

/** The packages among them, by their names. */
export function packagesIn(modules: readonly string[]): readonly string[] {
  const names = modules.flatMap((module) => {
    const [, name] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(module) ?? []
    return name === undefined ? [] : [name.replace('\\', '/')]
  })
  return [...new Set(names)].toSorted()
}
