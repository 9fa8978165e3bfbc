// Packs an entry and everything it imports into few files: what is one file need not be found, read and linked forty
// times at every start. What is imported on demand becomes a file of its own, named after the module it begins with.
import { basename, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

/** Loaded from node_modules even so: it is native code, and its absence is an answer. */
const external = ['@napi-rs/keyring']

/** The short cuts: programs of their own, by the source that the whole program imports on demand. */
const shortCuts = { 'src/commands/plain/get-token.ts': './plain/get-token.cjs' }

/**
 * The program: `main.cjs` with what is loaded at every start, `parts/` with what is loaded on demand, and `plain/` with the
 * short cuts. Those have copies of what they share with it, without what they do not use: half as much to be read.
 * @returns the files it wrote, as `bundle` does
 */
export async function bundleProgram(folder) {
  const written = []
  for (const [source, place] of Object.entries(shortCuts)) {
    const name = basename(place, '.cjs')
    const files = await bundle({ input: { [name]: source }, folder: join(folder, 'plain'), format: 'cjs' })
    written.push(...files.map(({ file, modules }) => ({ file: join('plain', file), modules })))
  }
  const input = { main: 'src/main.ts' }
  return [...written, ...(await bundle({ input, folder, format: 'cjs', whole: 'src/main.ts' }))]
}

/**
 * @param format `cjs` starts sooner; `es` is for programs that import it
 * @param whole the entry that lies in one file with all that it imports, also with what others need too
 * @returns the files it wrote: `{ file, modules }`, each module as a path from here
 */
export async function bundle({ input, folder, format, whole }) {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  const build = await rolldown({
    input,
    platform: 'node',
    external,
    logLevel: 'warn',
    preserveEntrySignatures: 'allow-extension',
    plugins: [shortCutsAside(Object.values(input)), ...(format === 'cjs' ? [nodeOnDemand] : [])],
  })
  const { output } = await build.write({
    dir: folder,
    format,
    // `import` of a CommonJS file would bring Node's whole loader of ES modules.
    dynamicImportInCjs: false,
    // What is shorter is read sooner.
    minify: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, facadeModuleId }) => `parts/${partName(name, facadeModuleId)}.${extension}`,
    ...(whole && { codeSplitting: { groups: [groupOf(whole)], includeDependenciesRecursively: false } }),
  })
  await build.close()
  return output.map(({ fileName, moduleIds = [] }) => ({
    file: fileName,
    modules: moduleIds.filter((id) => !id.startsWith('\0')).map((id) => relative('.', id)),
  }))
}

/** Who imports a short cut finds it where it was written to. */
function shortCutsAside(entries) {
  return {
    name: 'short-cuts-aside',
    async resolveId(source, importer, options) {
      if (importer === undefined) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      const path = relative('.', resolved?.id ?? '')
      const place = entries.includes(path) ? undefined : shortCuts[path]
      return place === undefined ? resolved : { id: place, external: true }
    },
  }
}

/** A module and all that it imports, but not what it imports on demand. */
function groupOf(path) {
  let members
  return {
    debugName: path,
    name: (id, context) => {
      members ??= importsOf(resolve(path), context)
      return members.has(id) ? partName(path, resolve(path)) : null
    },
  }
}

function importsOf(id, context, found = new Set()) {
  if (found.has(id)) return found
  found.add(id)
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) importsOf(imported, context, found)
  return found
}

/**
 * Modules of Node are loaded when something of them is first used, not with the file that imports them: `node:crypto`
 * alone costs an eighth of an empty program.
 */
const nodeOnDemand = {
  name: 'node-on-demand',
  renderChunk(code) {
    const changed = code.replaceAll(
      /^(\s*)(let|const) (\w+) = require\("(node:(?!process)[\w/]+)"\);$/gm,
      (line, indent, word, name, module) =>
        // A default import takes it whole: then it is loaded at once.
        code.includes(`\n${name} = `)
          ? line
          : `${indent}${word} ${name} = onDemand(() => require("${module}"));`,
    )
    return changed === code ? null : { code: `${changed}\n${onDemand}` }
  },
}

const onDemand = `function onDemand(load) {
  return new Proxy(Object.freeze({}), { get: (_, name) => load()[name] });
}`

/** `src/commands/config/index.ts` becomes `commands-config-index`; of a package, its own name for the file will do. */
function partName(name, module) {
  const [, path] = /^(?:src\/)?((?:\w[\w-]*\/)*\w[\w-]*)\.ts$/.exec(relative('.', module ?? '')) ?? []
  return path?.replaceAll('/', '-') ?? name
}
