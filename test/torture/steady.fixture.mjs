// Seals a secret and a token cache that nobody changes afterwards: `node steady.fixture.mjs <name>`.
import { createHost, silentVoice, TokenCache, writeSecret } from '../../build/doors.js'

const [name] = process.argv.slice(2)
const host = createHost(process)
await writeSecret(host, name, 'client-secret', name, silentVoice)
await new TokenCache(name, host, silentVoice).change((tokens) => ({ ...tokens, signedIn: name }))
