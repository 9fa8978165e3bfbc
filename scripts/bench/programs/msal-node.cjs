// MSAL for Node as its manual has it: a cache in a file, a token out of it. Trusts NODE_EXTRA_CA_CERTS.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { ConfidentialClientApplication } = require('@azure/msal-node')

const { AUTHORITY, CLIENT_ID, CLIENT_SECRET, CACHE_FILE } = process.env

const cachePlugin = {
  beforeCacheAccess: async ({ tokenCache }) => {
    if (existsSync(CACHE_FILE)) tokenCache.deserialize(readFileSync(CACHE_FILE, 'utf8'))
  },
  afterCacheAccess: async ({ cacheHasChanged, tokenCache }) => {
    if (cacheHasChanged) writeFileSync(CACHE_FILE, tokenCache.serialize(), { mode: 0o600 })
  },
}
const app = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authority: AUTHORITY,
    knownAuthorities: [new URL(AUTHORITY).host],
  },
  cache: { cachePlugin },
})

async function printToken() {
  const scopes = ['https://graph.microsoft.com/.default']
  const { accessToken } = await app.acquireTokenByClientCredential({ scopes })
  process.stdout.write(`${accessToken}\n`)
}

void printToken()
