import type { Host } from '../ports.ts'
import type { Finding } from './check.ts'

/**
 * The finding that a variable is not set; none where it is.
 * @param name of the finding
 * @param what it is to hold, as in `the client secret of "ci"`
 */
export function unsetVariable(
  name: string,
  variable: string,
  what: string,
  host: Pick<Host, 'env' | 'platform'>,
): readonly Finding[] {
  if (host.env[variable]) return []
  const fact = `the variable ${variable} with ${what} is not set`
  return [{ name, status: 'failed', fact, remedy: setVariable(variable, host) }]
}

function setVariable(variable: string, { platform }: Pick<Host, 'platform'>): string {
  if (!/^[A-Za-z_]\w*$/.test(variable))
    return 'give the variable a name of letters and digits in profiles.json'
  return platform === 'win32' ? `$env:${variable} = Read-Host` : `read -rs ${variable} && export ${variable}`
}
