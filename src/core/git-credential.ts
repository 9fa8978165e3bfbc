import type { AccessToken } from './access-token.ts'
import { isOneOfHosts, normalHost } from './host-pattern.ts'

/** What a scope of Azure DevOps begins with. @see https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/entra */
export const devOpsScope = '499b84ac-1321-427f-aa17-267ca6975798/.default'

/** Names with more labels before `visualstudio.com` may be anybody's program (dev tunnels), as may a submodule's address. */
const devOpsHost = /^(?:dev\.azure\.com|[a-z0-9-]+\.visualstudio\.com)$/

/** What git asks a credential helper about. */
export interface GitAsk {
  readonly protocol: string
  readonly host: string
  /** The one in the address of the remote; '' for none. */
  readonly username: string
  /** Whether this git (2.46 and newer) sends a bearer token as such. */
  readonly takesBearer: boolean
}

/**
 * Reads the attributes that git writes to a helper. What it does not know it passes by, as it must; of an attribute
 * that comes twice the last one counts.
 * @see https://git-scm.com/docs/git-credential#IOFMT
 */
export function readGitAsk(text: string): GitAsk {
  const values = new Map<string, string>()
  const capabilities = new Set<string>()
  for (const line of text.split('\n')) {
    const sign = line.indexOf('=')
    const [name, value] = [line.slice(0, sign), line.slice(sign + 1).replace(/\r$/, '')]
    if (sign > 0 && name === 'capability[]') capabilities.add(value)
    else if (sign > 0) values.set(name, value)
  }
  return {
    protocol: values.get('protocol') ?? '',
    host: values.get('host') ?? '',
    username: values.get('username') ?? '',
    takesBearer: capabilities.has('authtype'),
  }
}

/**
 * Whether a token may go to that server: Azure DevOps by https, and nobody else unless the user says so.
 * @param trusted further hosts
 */
export function isForDevOps({ protocol, host }: GitAsk, trusted: readonly string[]): boolean {
  if (protocol !== 'https') return false
  return devOpsHost.test(normalHost(host) ?? '') || isOneOfHosts(host, trusted)
}

/**
 * A token as git takes it. A git that knows bearer tokens gets one, and is told to keep it nowhere; any other gets it as
 * a password, which Azure DevOps takes as well.
 */
export function gitAnswer({ username, takesBearer }: GitAsk, { token, expiresOn }: AccessToken): string {
  const expiry = `password_expiry_utc=${Math.floor(expiresOn.getTime() / 1000)}`
  const credential = takesBearer
    ? ['capability[]=authtype', 'authtype=Bearer', `credential=${token}`, 'ephemeral=1']
    : // Azure DevOps does not look at the name, but git asks for one where there is none.
      [`username=${username === '' ? 'entra' : username}`, `password=${token}`]
  return [...credential, expiry].join('\n')
}

/** To git: do not ask the person for a password, for there is none. */
export const gitQuit = 'quit=1'

/** What the helper can do beyond names and passwords. @see https://git-scm.com/docs/git-credential#CAPA-IOFMT */
export const gitCapabilities = 'version 0\ncapability authtype'
