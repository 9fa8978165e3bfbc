// The licences of what is packed into the program, which each demands to be handed on with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @param modules paths of what was packed @returns the packages among them, by name, each once */
export function packagesOf(modules) {
  const folders = modules.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [])
  return [...new Set(folders)].map(describe).toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** @throws Error where a package comes without a licence: then it may not be handed on */
export function licenceText(packages) {
  const parts = packages.map(({ name, version, licence, text }) => {
    if (!licence) throw new Error(`${name} names no licence`)
    return `${name} ${version} (${licence})\n\n${text ?? 'The package holds no text of its own.'}`
  })
  const line = `\n\n${'-'.repeat(78)}\n\n`
  return `entra-auth-cli contains these packages, each under its own licence.${line}${parts.join(line)}\n`
}

function describe(folder) {
  const { name, version, license: licence } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:[.-]|$)/i.test(entry))
  const path = file && join(folder, file)
  return {
    /** Where package-lock.json has it. */
    lockPath: folder.slice(folder.indexOf('node_modules/')),
    name,
    version,
    licence,
    text: path && existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined,
  }
}
