import { appServicePath } from './managed-identity-protocols.ts'
import { plainPath } from './plain-protocol.ts'

/** Where a run of `serve` can be asked, and with what. */
export interface ServedEndpoint {
  /** As in `http://127.0.0.1:40123`. */
  readonly origin: string
  readonly secret: string
  readonly imds: boolean
}

/**
 * The variables that lead Azure's SDKs and tools, and scripts, to this endpoint.
 * @returns them in the order in which they are shown; each holds only letters that shells take as they are
 */
export function endpointVariables({
  origin,
  secret,
  imds,
}: ServedEndpoint): Readonly<Record<string, string>> {
  return {
    IDENTITY_ENDPOINT: `${origin}${appServicePath}`,
    IDENTITY_HEADER: secret,
    // Without it DefaultAzureCredential would rather take what it finds of another identity in the environment.
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    AZD_AUTH_ENDPOINT: `${origin}/azd`,
    AZD_AUTH_KEY: secret,
    ENTRA_AUTH_CLI_TOKEN_URL: `${origin}${plainPath}`,
    ENTRA_AUTH_CLI_TOKEN_SECRET: secret,
    ...(imds ? { AZURE_POD_IDENTITY_AUTHORITY_HOST: `${origin}/${secret}` } : {}),
  }
}

/**
 * Whether a file holds nothing but what an earlier run of `serve` left there, as one that was killed does: the same
 * variables with another port and secret. Anything else is somebody's own and must not be written over.
 */
export function isLeftover(content: string, variablesText: string): boolean {
  return withoutRun(content) === withoutRun(variablesText)
}

function withoutRun(text: string): string {
  return text
    .trim()
    .replaceAll(/:\d{1,5}\//g, ':/')
    .replaceAll(/[0-9a-f]{64}/g, '')
}
