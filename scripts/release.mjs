// Makes everything of a release but the executables, from those in release/ (scripts/executable.mjs --target all):
//
//     node scripts/release.mjs --repository OWNER/NAME
//
//     release/entra-auth-cli_VERSION_amd64.deb, …_arm64.deb
//     release/entra-auth-cli-VERSION.cdx.json     what it is made of, in CycloneDX
//     release/THIRD-PARTY-LICENSES-PLATFORM.txt   of everything in an executable
//     release/SHA256SUMS                          of all of these and the executables
//     release/manifests/                          for Homebrew, Scoop and winget
//
// Needs dpkg-deb. SOURCE_DATE_EPOCH is honoured; nothing is published.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { checksums, sha256 } from './release/checksums.mjs'
import { debArchitectures, makeDeb } from './release/deb.mjs'
import { manifests } from './release/manifests.mjs'
import { releaseMoment } from './release/moment.mjs'
import { allLicences } from './release/runtime-licences.mjs'
import { billOfMaterials } from './release/sbom.mjs'
import { executableName, targets } from './release/targets.mjs'

const { values } = parseArgs({
  options: {
    repository: { type: 'string' },
    /** Of the Debian packages: `xz` as Debian has it, `zstd` where seconds count. */
    compression: { type: 'string', default: 'xz' },
  },
})
const repository = values.repository ?? ''
if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
  throw new Error('name the repository on GitHub: --repository OWNER/NAME')
const [owner] = repository.split('/')
const facts = {
  ...JSON.parse(readFileSync('package.json', 'utf8')),
  repository,
  homepage: `https://github.com/${repository}`,
  maintainer: `${owner} <${owner}@users.noreply.github.com>`,
  moment: releaseMoment(),
}

const folder = 'release'
const executables = Object.fromEntries(
  Object.keys(targets).map((platform) => [platform, executableName(facts.version, platform)]),
)
const missing = Object.values(executables).filter((name) => !existsSync(join(folder, name)))
if (missing.length > 0) throw new Error(`make these first: ${missing.join(', ')}`)

const names = Object.values(executables)
for (const platform of Object.keys(targets)) {
  names.push(write(`THIRD-PARTY-LICENSES-${platform}.txt`, allLicences(platform)))
}
for (const platform of Object.keys(debArchitectures)) {
  const executable = join(folder, executables[platform])
  const licences = allLicences(platform)
  const { compression } = values
  names.push(basename(makeDeb({ ...facts, executable, platform, licences, folder, compression })))
}
const bill = JSON.stringify(billOfMaterials(facts.moment), undefined, 2)
names.push(write(`entra-auth-cli-${facts.version}.cdx.json`, `${bill}\n`))
write('SHA256SUMS', checksums(folder, names))

rmSync(join(folder, 'manifests'), { recursive: true, force: true })
const texts = manifests(facts, (name) => sha256(join(folder, name)))
for (const [path, text] of Object.entries(texts)) write(join('manifests', path), text)

function write(name, text) {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return name
}
