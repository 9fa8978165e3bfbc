// Changes profiles.json and a sealed token cache several times, and says of each change when it is done:
// `node writer.fixture.mjs <name> <writes> [half|written|renamed]`. The last word makes it kill itself in the middle of
// its second round: with half of the file written, before it is renamed, or after that while it holds the lock.
import { writeSync } from 'node:fs'
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const [name, writes, death] = process.argv.slice(2)
let round = 0
if (death) dieIn(death)
const { changeProfiles, createHost, silentVoice, TokenCache } = await import('../../build/doors.js')

const host = createHost(process)
const cache = new TokenCache('torture', host, silentVoice)
for (round = 1; round <= Number(writes); round++) {
  const change = `${name}-${round}`
  await changeProfiles(host, (profiles) => profiles.with({ name: change }))
  say('profiles', change)
  await cache.change((tokens) => ({ ...tokens, tenantIds: { ...tokens.tenantIds, [change]: 'kept' } }))
  say('tokens', change)
}

/** At once and whole: what is said here counts as acknowledged. */
function say(...words) {
  writeSync(1, `${words.join(' ')}\n`)
}

function dieIn(moment) {
  const { open, rename } = fs
  const die = () => process.kill(process.pid, 'SIGKILL')
  fs.open = async (path, ...given) => {
    const handle = await open(path, ...given)
    if (round === 2 && moment === 'half' && String(path).endsWith('.tmp')) {
      handle.writeFile = async (content) => {
        await handle.write(Buffer.from(content).subarray(0, content.length / 2))
        die()
      }
    }
    return handle
  }
  fs.rename = async (...given) => {
    if (round === 2 && moment === 'written') die()
    await rename(...given)
    if (round === 2 && moment === 'renamed') die()
  }
  syncBuiltinESMExports()
}
