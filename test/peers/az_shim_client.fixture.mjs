// A program that knows nothing of us: it gets a token by what it takes for the Azure CLI, and prints what came.
//     node az_shim_client.fixture.mjs SCOPE [TENANT]
import { AzureCliCredential } from '@azure/identity'

const [scope, tenantId] = process.argv.slice(2)
try {
  const { token, expiresOnTimestamp } = await new AzureCliCredential({ tenantId }).getToken(scope)
  console.log(JSON.stringify({ token, minutesLeft: Math.round((expiresOnTimestamp - Date.now()) / 60_000) }))
} catch (error) {
  console.log(JSON.stringify({ error: error.name, message: error.message }))
}
