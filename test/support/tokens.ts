/** A JSON Web Token that nobody signed, for commands that only read (RFC 7519, section 6). */
export function unsignedToken(payload: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ typ: 'JWT', alg: 'RS256', kid: 'test' })}.${part(payload)}.${Buffer.from('unsigned').toString('base64url')}`
}
