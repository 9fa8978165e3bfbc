// What a release is made of, as a bill of materials that scanners read: the packages packed into the program, the
// keychain's binding, and the runtime of the executables.
import { readFileSync } from 'node:fs'
import { packagesOf } from '../licences.mjs'
import { lockedPackage } from './compile.mjs'
import { targets } from './targets.mjs'

/**
 * @param moment when the release was made; the same moment makes the same text
 * @returns a document of CycloneDX 1.6, in JSON @see https://cyclonedx.org/docs/1.6/json/
 */
export function billOfMaterials(moment) {
  const { name, version, description, license } = JSON.parse(readFileSync('package.json', 'utf8'))
  const files = JSON.parse(readFileSync('build/parts.json', 'utf8'))
  const packed = packagesOf(files.flatMap(({ modules }) => modules))
  const components = [
    ...packed.map((one) => component({ ...one, ...lockedPackage(one.lockPath) })),
    ...Object.values(targets).flatMap(({ runtime, binding }) => [
      component({ ...runtime, licence: 'MIT' }),
      component({ name: binding.name, licence: 'MIT', ...lockedPackage(`node_modules/${binding.name}`) }),
    ]),
  ].toSorted((one, other) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1))
  const program = { ...component({ name, version, licence: license }), type: 'application', description }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { timestamp: moment.toISOString(), component: program },
    components,
    dependencies: [
      { ref: program['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) },
      ...components.map((one) => ({ ref: one['bom-ref'] })),
    ],
  }
}

function component({ name, version, licence, integrity }) {
  const [, scope, plain] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)
  const purl = `pkg:npm/${scope ? `${encodeURIComponent(scope)}/` : ''}${plain}@${version}`
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope && { group: scope }),
    name: plain,
    version,
    ...(integrity && { hashes: [hashOf(integrity)] }),
    ...(licence && { licenses: licencesOf(licence) }),
    purl,
  }
}

function hashOf(integrity) {
  const [, content] = /^sha512-(.+)$/.exec(integrity)
  return { alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }
}

/** An expression such as `(MIT OR GPL-3.0)` is something else there than the name of one licence. */
const licencesOf = (text) => [/[ (]/.test(text) ? { expression: text } : { license: { id: text } }]
