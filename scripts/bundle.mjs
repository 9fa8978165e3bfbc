// Packs an entry and everything it imports into few files: what is one file need not be found, read and linked forty
// times at every start. What is imported on demand becomes a file of its own, named after the module it begins with.
import { relative } from 'node:path'
import { rolldown } from 'rolldown'

/** Loaded from node_modules even so: it is native code, and its absence is an answer. */
const external = ['@napi-rs/keyring']

/**
 * @param format `cjs` starts sooner; `es` is for programs that import it
 * @returns the files it wrote: `{ file, modules }`, each module as a path from here
 */
export async function bundle({ input, folder, format }) {
  const build = await rolldown({ input, platform: 'node', external, logLevel: 'warn' })
  const extension = format === 'cjs' ? 'cjs' : 'js'
  const { output } = await build.write({
    dir: folder,
    format,
    // What is shorter is read sooner.
    minify: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, facadeModuleId }) => `parts/${partName(name, facadeModuleId)}.${extension}`,
  })
  await build.close()
  return output.map(({ fileName, moduleIds = [] }) => ({
    file: fileName,
    modules: moduleIds.filter((id) => !id.startsWith('\0')).map((id) => relative('.', id)),
  }))
}

/** `src/commands/config/index.ts` becomes `commands-config-index`; of a package, its own name for the file will do. */
function partName(name, module) {
  const [, path] = /^(?:src\/)?((?:\w[\w-]*\/)*\w[\w-]*)\.ts$/.exec(relative('.', module ?? '')) ?? []
  return path?.replaceAll('/', '-') ?? name
}
