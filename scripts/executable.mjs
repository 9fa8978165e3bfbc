// Makes the program into one file that needs no Node, for one platform or all. Needs the built program (npm run build)
// and, for what is not in its cache yet, npm's registry.
//
//     node scripts/executable.mjs                         for this machine
//     node scripts/executable.mjs --target linux-x64-musl --target darwin-arm64
//     node scripts/executable.mjs --target all
//
// Writes release/entra-auth-cli-VERSION-PLATFORM, and says the name, the size in MB and the SHA-256 of each.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compile } from './release/compile.mjs'
import { chooseTargets, executableName } from './release/targets.mjs'

const { values } = parseArgs({ options: { target: { type: 'string', multiple: true, default: [] } } })
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

mkdirSync('release', { recursive: true })
for (const platform of chooseTargets(values.target)) {
  const file = join('release', executableName(version, platform))
  compile(platform, file)
  const megabytes = (statSync(file).size / 1e6).toFixed(0)
  console.log(`${file} ${megabytes} MB ${createHash('sha256').update(readFileSync(file)).digest('hex')}`)
}
