/** Which modules a run of the program loads, seen by a resolve hook and by what `require` keeps. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli, type CliResult } from './cli.ts'
import { makeWorld } from './session/environment.ts'

const asModule = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`

// The hook lives in a thread of its own, so it reports by file.
const hook = `
  import { appendFileSync } from 'node:fs'
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context)
    appendFileSync(process.env.LOADED_MODULES, resolved.url + '\\n')
    return resolved
  }`
const preload = `
  import { appendFileSync } from 'node:fs'
  import { createRequire, register } from 'node:module'
  register(${JSON.stringify(asModule(hook))})
  process.on('exit', () => {
    const required = Object.keys(createRequire(process.execPath).cache)
    appendFileSync(process.env.LOADED_MODULES, required.join('\\n') + '\\n')
  })`

export interface LoadingResult extends CliResult {
  /** File URLs and paths, once each. */
  readonly modules: readonly string[]
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
    return { ...result, modules: [...new Set(readFileSync(report, 'utf8').split('\n'))] }
  } finally {
    world.remove()
  }
}

/** The packages among them, by their names. */
export function packagesIn(modules: readonly string[]): readonly string[] {
  const names = modules.flatMap((module) => {
    const [, name] = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(module) ?? []
    return name === undefined ? [] : [name.replace('\\', '/')]
  })
  return [...new Set(names)].toSorted()
}
