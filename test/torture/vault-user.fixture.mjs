// Uses a vault until its stdin ends, while it is migrated: `node vault-user.fixture.mjs read|write <name>`. Says what was
// written (`wrote <name> <number>`) and what did not open (`lost …`).
import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createHost, openVault, readSecret, silentVoice, TokenCache, writeSecret } from '../../build/doors.js'

const [does, name] = process.argv.slice(2)
process.stdin.resume()

// Opened before the first migration, as by a command that waits for a person.
const early = createHost(process)
const earlyCache = new TokenCache(name, early, silentVoice)
await openVault(early, silentVoice)

for (let number = 1; !process.stdin.readableEnded; number++) {
  // Reading waits for nothing, and would never let the end of stdin be heard.
  await nextTurn()
  try {
    await (does === 'write' ? write(number) : read())
  } catch (error) {
    say('lost', error.message)
  }
}

async function write(number) {
  const text = String(number)
  await writeSecret(createHost(process), name, 'client-secret', text, silentVoice)
  await earlyCache.change((tokens) => ({ ...tokens, signedIn: text }))
  say('wrote', name, text)
}

async function read() {
  const host = createHost(process)
  const warnings = []
  const voice = { ...silentVoice, warn: (text) => warnings.push(text) }
  const secret = await readSecret(host, 'steady', 'client-secret', voice)
  const { signedIn } = await new TokenCache('steady', host, voice).read()
  if (secret !== 'steady' || signedIn !== 'steady')
    say('lost', `read "${secret}" and "${signedIn}"`, ...warnings)
}

function say(...words) {
  writeSync(1, `${words.join(' ')}\n`)
}
