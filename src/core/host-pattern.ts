import { EntraAuthError } from '../errors.ts'

const hostName = /^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?(?::\d{1,5})?$/

/**
 * A host as others may spell it, for comparison: in lower case, without the port that https has anyway.
 * @returns undefined for what is no host name with or without a port
 */
export function normalHost(text: string): string | undefined {
  const lower = text.toLowerCase()
  return hostName.test(lower) ? lower.replace(/:443$/, '').replace(/\.(?=:|$)/, '') : undefined
}

/**
 * Whether a host is one of several.
 * @param patterns host names, with their port where it is not 443; `*.` before one stands for a label or several
 */
export function isOneOfHosts(host: string, patterns: readonly string[]): boolean {
  const name = normalHost(host)
  if (name === undefined) return false
  return patterns.some((pattern) =>
    pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern,
  )
}

/**
 * Reads a host that a user trusts with a token: exactly one, for a pattern gives more away than it shows.
 * @throws EntraAuthError `invalid_arguments`
 */
export function readTrustedHost(text: string): string {
  const host = normalHost(text)
  if (host !== undefined) return host
  throw new EntraAuthError('invalid_arguments', `"${text}" is no host`, {
    hint: 'give a name as in devops.contoso.com, with its port where that is not 443',
  })
}
