// What somebody writes by hand to get an app's token: one request, with what Node brings. Trusts NODE_EXTRA_CA_CERTS.
const { TOKEN_URL, CLIENT_ID, CLIENT_SECRET } = process.env

async function printToken() {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    scope: 'https://graph.microsoft.com/.default',
  })
  const response = await fetch(TOKEN_URL, { method: 'POST', body })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error_description)
  process.stdout.write(`${answer.access_token}\n`)
}

void printToken()
