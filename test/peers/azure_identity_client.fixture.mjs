// A program that knows nothing of us: it gets a token by @azure/identity, calls an API with it, and prints what came.
//     node azure_identity_client.fixture.mjs default|system|<client id> SCOPE URL
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'

const [kind, scope, url] = process.argv.slice(2)

const credentials = {
  default: () => new DefaultAzureCredential(),
  system: () => new ManagedIdentityCredential(),
}
const credential = (credentials[kind] ?? (() => new ManagedIdentityCredential({ clientId: kind })))()
try {
  const { token, expiresOnTimestamp } = await credential.getToken(scope)
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const minutesLeft = Math.round((expiresOnTimestamp - Date.now()) / 60_000)
  console.log(JSON.stringify({ token, minutesLeft, status: response.status, body: await response.json() }))
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }))
}
