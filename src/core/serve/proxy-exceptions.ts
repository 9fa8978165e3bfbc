import type { Environment } from '../ports.ts'

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']

/**
 * The variables that keep requests to this endpoint away from a proxy: Azure's SDK for JavaScript sends those for
 * loopback there too, and with them the secret.
 * @param env the environment of whoever will ask, as far as it is known
 * @param host the name or address at which the endpoint is asked
 * @returns none where there is no proxy, or where it is excepted already
 */
export function proxyExceptions(env: Environment, host: string): Readonly<Record<string, string>> {
  const valueOf = (name: string) => env[name.toLowerCase()] || env[name] || undefined
  if (!proxyVariables.some((name) => valueOf(name) !== undefined)) return {}
  const before = valueOf('NO_PROXY')
  const names = before?.split(',').map((name) => name.trim()) ?? []
  if (names.includes('*')) return {}
  const all = names.includes(host) ? names : [...names, host]
  // Some programs read the one, some the other.
  return { NO_PROXY: all.join(','), no_proxy: all.join(',') }
}
