/** Assertions of another identity provider; the signature is none. */

/** One that lives until 2026-01-31 11:00 UTC unless the claims say otherwise. */
export function assertionOf(claims: object): string {
  const payload = {
    iss: 'https://issuer.example',
    sub: 'repo:contoso/app:ref:refs/heads/main',
    aud: 'api://AzureADTokenExchange',
    exp: Date.parse('2026-01-31T11:00:00Z') / 1000,
    ...claims,
  }
  return `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(payload)}.c2lnbmF0dXJl`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
