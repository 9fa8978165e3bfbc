/** Tokens for tests, put together by hand and signed by nobody. */

export function base64url(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64url')
}

export const defaultHeader = { typ: 'JWT', alg: 'RS256', kid: 'key-1' }

/** A signature's worth of bytes: enough to tell its text apart. */
export const signature = base64url(new Uint8Array(256).fill(7))

/** `now` of every memory host, in epoch seconds. */
export const now = Date.parse('2026-01-31T10:00:00Z') / 1000

/** A token with these claims. Header and payload may be given as JSON text to fix how it is written. */
export function tokenOf(payload: object | string, header: object | string = defaultHeader): string {
  const json = (part: object | string) => (typeof part === 'string' ? part : JSON.stringify(part))
  return `${base64url(json(header))}.${base64url(json(payload))}.${signature}`
}

/** The claims of a v1.0 access token for a user of Graph, valid for 45 minutes from `now`. */
export const v1Delegated = {
  aud: 'https://graph.microsoft.com',
  iss: 'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
  iat: now - 900,
  nbf: now - 900,
  exp: now + 2700,
  acct: 0,
  appid: '12345678-1234-1234-1234-123456789abc',
  appidacr: '1',
  name: 'Zoë Müller 山田',
  oid: '11111111-2222-3333-4444-555555555555',
  scp: 'User.Read Mail.Read',
  tid: '87654321-4321-4321-4321-cba987654321',
  unique_name: 'zoe@contoso.example',
  ver: '1.0',
}

/** The claims of a v2.0 access token of an app for its own API, valid for 45 minutes from `now`. */
export const v2AppOnly = {
  aud: '99999999-8888-7777-6666-555555555555',
  iss: 'https://login.microsoftonline.com/87654321-4321-4321-4321-cba987654321/v2.0',
  iat: now - 900,
  nbf: now - 900,
  exp: now + 2700,
  azp: '12345678-1234-1234-1234-123456789abc',
  azpacr: '2',
  idtyp: 'app',
  oid: '11111111-2222-3333-4444-555555555555',
  roles: ['Orders.Read.All', 'Orders.Write.All'],
  sub: '11111111-2222-3333-4444-555555555555',
  tid: '87654321-4321-4321-4321-cba987654321',
  ver: '2.0',
}

/** The claims of a v2.0 ID token. */
export const v2IdToken = {
  aud: '12345678-1234-1234-1234-123456789abc',
  iss: 'https://login.microsoftonline.com/87654321-4321-4321-4321-cba987654321/v2.0',
  iat: now - 900,
  nbf: now - 900,
  exp: now + 2700,
  name: 'Zoë Müller',
  nonce: 'n-1',
  preferred_username: 'zoe@contoso.example',
  sub: 'pairwise',
  tid: '87654321-4321-4321-4321-cba987654321',
  ver: '2.0',
}
