// Packs an entry and everything it imports into few files: what is one file need not be found, read and linked forty
// times at every start. What is imported on demand becomes a file of its own, named after the module it begins with.
import { join, parse, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

/** Loaded from node_modules even so: it is native code, and its absence is an answer. */
const external = ['@napi-rs/keyring']

/**
 * The program, in files that share nothing: each has a copy of what it uses, without what it does not use, which is half
 * as much to be read. By source, where it lies; who imports one of them finds it there.
 */
const programs = {
  'src/main.ts': './main.cjs',
  'src/commands/plain/get-token.ts': './plain/get-token.cjs',
  'src/commands/plain/help.ts': './plain/help.cjs',
  'src/wiring.ts': './program.cjs',
}

/**
 * Writes `main.cjs`, which is loaded at every start, `plain/` with its short cuts, and `program.cjs` with the whole
 * program; beside each the parts that are loaded on demand.
 * @returns the files it wrote, as `bundle` does
 */
export async function bundleProgram(folder) {
  const written = []
  for (const [source, place] of Object.entries(programs)) {
    const { dir, name } = parse(place)
    const parts = name === 'program' ? 'parts' : `${name}-parts`
    const input = { [name]: source }
    const files = await bundle({ input, folder: join(folder, dir), parts, format: 'cjs', whole: source })
    written.push(...files.map(({ file, modules }) => ({ file: join(dir, file), modules })))
  }
  const input = { jsonwebtoken: 'jsonwebtoken' }
  const signer = await bundle({ input, folder: join(folder, 'parts'), format: 'cjs' })
  written.push(...signer.map(({ file, modules }) => ({ file: join('parts', file), modules })))
  return written
}

/**
 * @param format `cjs` starts sooner; `es` is for programs that import it
 * @param parts the folder of what is loaded on demand
 * @param whole the entry that lies in one file with all that it imports, also with what others need too
 * @returns the files it wrote: `{ file, modules }`, each module as a path from here
 */
export async function bundle({ input, folder, format, parts = 'parts', whole }) {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  const build = await rolldown({
    input,
    platform: 'node',
    external,
    logLevel: 'warn',
    preserveEntrySignatures: 'allow-extension',
    plugins: [
      ...(whole ? [signerAside] : []),
      ...(format === 'cjs' ? [programsAside(Object.values(input)), helpTextsInstead, nodeOnDemand] : []),
    ],
    // MSAL does not say so of itself; what nobody uses of it, such as its managed identities, is left out.
    treeshake: { moduleSideEffects: (id) => !/[\\/]@azure[\\/]msal-(node|common)[\\/]/.test(id) },
  })
  const { output } = await build.write({
    dir: folder,
    format,
    // What is shorter is read sooner.
    minify: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, facadeModuleId }) => `${parts}/${partName(name, facadeModuleId)}.${extension}`,
    ...(whole && { codeSplitting: { groups: [groupOf(whole)], includeDependenciesRecursively: false } }),
  })
  await build.close()
  return output.map(({ fileName, moduleIds = [] }) => ({
    file: fileName,
    modules: moduleIds.filter((id) => !id.startsWith('\0')).map((id) => relative('.', id)),
  }))
}

/** Who imports another of the programs finds it where it was written to. */
function programsAside(entries) {
  return {
    name: 'programs-aside',
    async resolveId(source, importer, options) {
      if (importer === undefined) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      const path = relative('.', resolved?.id ?? '')
      const place = entries.includes(path) ? undefined : programs[path]
      return place === undefined ? resolved : { id: place, external: true }
    },
    // `import` would bring Node's whole loader of ES modules.
    renderChunk: (code) => ({
      code: code.replaceAll(
        /\bimport\("(\.\/[\w/-]+\.cjs)"\)/g,
        'Promise.resolve().then(() => require("$1"))',
      ),
    }),
  }
}

const signerFile = './jsonwebtoken.cjs'
const signerOnDemand = '\0signer-on-demand'

/**
 * MSAL signs with a package that is a quarter of what it takes to load MSAL, and only an app with a certificate signs: it
 * lies in a file of its own, beside the one with MSAL.
 */
const signerAside = {
  name: 'signer-aside',
  resolveId: (source) => {
    if (source === signerFile) return { id: source, external: true }
    return source === 'jsonwebtoken' ? signerOnDemand : null
  },
  load: (id) =>
    id === signerOnDemand
      ? `export default { sign: (...given) => require('${signerFile}').sign(...given) }`
      : null,
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

/** In the place of what makes the help of every command, what it made. */
const helpTextsInstead = {
  name: 'help-texts-instead',
  async load(id) {
    if (relative('.', id) !== helpTextsSource) return null
    await bundle({ input: { 'help-texts': helpTextsSource }, folder: 'build', format: 'es' })
    const { helpTexts } = await import(pathToFileURL(resolve('build/help-texts.js')).href)
    const texts = JSON.stringify(JSON.stringify(await helpTexts()))
    return `export const helpTexts = () => JSON.parse(${texts})`
  },
}

const helpTextsSource = 'src/commands/plain/help-texts.ts'

/**
 * Modules of Node are loaded when something of them is first used, not with the file that imports them: `node:crypto`
 * alone costs an eighth of an empty program.
 */
const nodeOnDemand = {
  name: 'node-on-demand',
  renderChunk(code) {
    const changed = code
      .replaceAll(/^require\("node:[\w/]+"\);$/gm, '')
      .replaceAll(
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
