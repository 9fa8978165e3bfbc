// Packs an entry and everything it imports into few files: what is one file need not be found, read and linked forty
// times at every start. What is imported on demand becomes a file of its own, named after the module it begins with.
import { relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

/** Loaded from node_modules even so: it is native code, and its absence is an answer. */
const external = ['@napi-rs/keyring']

/**
 * @param format `cjs` starts sooner; `es` is for programs that import it
 * @param whole the modules, as paths from here, that lie in one file with all that they import: what is loaded at every
 *   start. What two of them need lies with the first.
 * @returns the files it wrote: `{ file, modules }`, each module as a path from here
 */
export async function bundle({ input, folder, format, whole = [] }) {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  const build = await rolldown({
    input,
    platform: 'node',
    external,
    logLevel: 'warn',
    preserveEntrySignatures: 'allow-extension',
    plugins: format === 'cjs' ? [nodeOnDemand] : [],
  })
  const { output } = await build.write({
    dir: folder,
    format,
    // What is shorter is read sooner.
    minify: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, facadeModuleId }) => `parts/${partName(name, facadeModuleId)}.${extension}`,
    codeSplitting: { groups: whole.map(groupOf), includeDependenciesRecursively: false },
  })
  await build.close()
  return output.map(({ fileName, moduleIds = [] }) => ({
    file: fileName,
    modules: moduleIds.filter((id) => !id.startsWith('\0')).map((id) => relative('.', id)),
  }))
}

/** A module and all that it imports, but not what it imports on demand. */
function groupOf(path, index) {
  let members
  return {
    debugName: path,
    name: (id, context) => {
      members ??= importsOf(resolve(path), context)
      return members.has(id) ? partName(path, resolve(path)) : null
    },
    priority: whatComesFirst - index,
  }
}

const whatComesFirst = 100

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
