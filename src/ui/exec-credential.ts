import type { AccessToken } from '../core/access-token.ts'
import type { Environment } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { isoSeconds } from './time.ts'

const group = 'client.authentication.k8s.io'
const newest = `${group}/v1`
/** Their answers are the same but for the name. */
const known: ReadonlySet<string> = new Set([newest, `${group}/v1beta1`, `${group}/v1alpha1`])

/**
 * What kubectl and client-go take from a credential plug-in: the token as a bearer, and until when it may be kept.
 * @param env `KUBERNETES_EXEC_INFO` says which version of the protocol is spoken; without it, it is `v1`
 * @throws EntraAuthError `invalid_arguments` for a version nobody here knows
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
export function execCredential(token: AccessToken, env: Environment): Record<string, unknown> {
  return {
    apiVersion: askedVersion(env['KUBERNETES_EXEC_INFO']),
    kind: 'ExecCredential',
    status: { token: token.token, expirationTimestamp: isoSeconds(token.expiresOn) },
  }
}

function askedVersion(info: string | undefined): string {
  const version = info ? versionIn(info) : newest
  if (version !== undefined && known.has(version)) return version
  throw new EntraAuthError(
    'invalid_arguments',
    'KUBERNETES_EXEC_INFO asks for another version of the plug-in protocol',
    { hint: `set apiVersion of the user's exec section in the kubeconfig to ${newest}` },
  )
}

function versionIn(info: string): string | undefined {
  try {
    const { apiVersion } = JSON.parse(info) as { readonly apiVersion?: unknown }
    return typeof apiVersion === 'string' ? apiVersion : undefined
  } catch {
    return undefined
  }
}
