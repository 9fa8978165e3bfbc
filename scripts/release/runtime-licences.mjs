// The licences of what an executable contains beyond the packages of the program.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockedPackage } from './compile.mjs'
import { fetchPackage } from './fetch-package.mjs'
import { fillFile } from './template.mjs'
import { runtimeVersion, targets } from './targets.mjs'

/** The program's own list, that of the keychain's binding and its libraries, and those of the runtime. */
export function allLicences(platform) {
  const { name } = targets[platform].binding
  const list = join(
    fetchPackage({ name, ...lockedPackage(`node_modules/${name}`) }),
    'LICENSE.third-party.md',
  )
  if (!existsSync(list)) throw new Error(`${name} hands on no licences`)
  return [
    readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8'),
    `${name}\n\n${readFileSync(list, 'utf8')}`,
    fillFile('packaging/executable/runtime-licences.txt', { runtimeVersion }),
    readFileSync('packaging/executable/LGPL-2.txt', 'utf8'),
    readFileSync('packaging/executable/LGPL-2.1.txt', 'utf8'),
  ].join(`\n${'-'.repeat(78)}\n\n`)
}
