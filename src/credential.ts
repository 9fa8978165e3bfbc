/**
 * Tokens of profiles for programs on Node: `ProfileCredential` for Azure's SDKs, and the functions it is made of. Nothing
 * here prints, prompts or ends the process; nothing is loaded before the first call. What reads and checks tokens alone
 * is in `entra-auth-cli`, and runs anywhere.
 */
import type { AccessToken } from './core/access-token.ts'

export type { AccessToken } from './core/access-token.ts'
export { EntraAuthError, type ErrorCode, type ErrorDetails } from './errors.ts'

/** Where profiles, sealed tokens and secrets are found. */
export interface ProfileEnvironment {
  /**
   * Variables in the place of `process.env`, such as `ENTRA_AUTH_CLI_PROFILE` and `ENTRA_AUTH_CLI_CONFIG_DIR`: the
   * program reads the same ones.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** A code that a person enters in a browser anywhere. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.2 */
export interface DeviceCodePrompt {
  readonly userCode: string
  readonly verificationUri: string
  readonly expiresInSeconds: number
}

/** How a person may be brought to sign in. An empty object opens a browser, where one can be opened. */
export interface SignInPrompts {
  /** Shows a device code, for where no browser can be opened. Rejecting ends the wait. */
  readonly showDeviceCode?: (code: DeviceCodePrompt) => void | Promise<void>
  /** Shows where to sign in with a browser on this machine. `opened`: one shows it already. */
  readonly showSignInUrl?: (page: { readonly url: string; readonly opened: boolean }) => void
}

/** What all calls for tokens have in common. */
export interface ProfileTokenOptions extends ProfileEnvironment {
  /** Default: `ENTRA_AUTH_CLI_PROFILE`, the profile called `default`, or the only one. */
  readonly profile?: string
  /** Default: nobody is asked, and a token that needs a person is the error `interaction_required`. */
  readonly signIn?: SignInPrompts
  /** A cached token with less than this left is not handed out. Default: 300. */
  readonly minimumLifetimeSeconds?: number
  /** Told one clause of what a person should know: that a token cannot be kept, that a clock is wrong. */
  readonly onWarning?: (text: string) => void
}

/** One wish for a token. */
export interface TokenOptions extends ProfileTokenOptions {
  /** Default: the profile's. */
  readonly scopes?: readonly string[]
  /** A tenant (GUID or domain) instead of the profile's. */
  readonly tenantId?: string
  /** A claims challenge: its JSON, base64 of it, or the whole `WWW-Authenticate` header. */
  readonly claims?: string
  /** Passes by the cached token. */
  readonly fresh?: boolean
  /** Ends the wait; the call then rejects with `interrupted`. */
  readonly signal?: AbortSignalLike
}

/** What can end a call: an `AbortSignal`, or one of Azure's SDKs. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * A token of a profile, as `entra-auth-cli get-token` gets it: from the sealed cache, which both share, with a refresh
 * token, or anew. However many ask at once, one request goes out.
 * @throws EntraAuthError of any kind but `general`; `code` says which
 */
export async function getToken(options: TokenOptions = {}): Promise<AccessToken> {
  const { obtainForLibrary } = await import('./library.ts')
  return obtainForLibrary(options, import.meta.url)
}

/** A profile, and whether it can be used. */
export type ListedProfile =
  | {
      readonly usable: true
      readonly name: string
      readonly tenantId: string
      readonly clientId: string
      readonly scopes: readonly string[]
      /** How it gets its tokens, as in `client-credentials`. */
      readonly flow: string
    }
  | {
      readonly usable: false
      readonly name: string
      /** What is missing or wrong. */
      readonly problem: string
    }

/**
 * All profiles that have a name, in the order of the file.
 * @throws EntraAuthError `profiles_unreadable`
 */
export async function listProfiles(where: ProfileEnvironment = {}): Promise<readonly ListedProfile[]> {
  const { listForLibrary } = await import('./library.ts')
  return listForLibrary(where, import.meta.url)
}

/** What Azure's SDKs pass along with a wish for a token; what is not named here is passed by. */
export interface GetTokenOptions {
  readonly abortSignal?: AbortSignalLike
  /** The claims challenge of an API, as JSON or as it stands in the header. */
  readonly claims?: string
  /** The tenant that an API names for its tokens. */
  readonly tenantId?: string
}

/** A token in the words of Azure's SDKs. Times are milliseconds since 1970. */
export interface CredentialToken {
  readonly token: string
  readonly expiresOnTimestamp: number
  /** From then on `getToken` gives another one. */
  readonly refreshAfterTimestamp: number
  readonly tokenType: 'Bearer'
}

export interface ProfileCredentialOptions extends ProfileTokenOptions {
  /**
   * Tenants beside the profile's own that an API may name for its tokens; `*` for any. An API is not believed otherwise:
   * a hostile one would get tokens of a tenant that it has a say in.
   */
  readonly additionallyAllowedTenants?: readonly string[]
}

/**
 * A profile as a credential of Azure's SDKs, where `TokenCredential` is asked for. Scopes come from the client that
 * asks. It answers claims challenges; whether tokens can be revoked at once (continuous access evaluation) is for the
 * profile's `clientCapabilities` to say.
 * @see https://learn.microsoft.com/javascript/api/@azure/core-auth/tokencredential
 */
export class ProfileCredential {
  readonly #options: ProfileCredentialOptions

  /** Reads nothing yet: a profile that is not there is an error of the first `getToken`. */
  constructor(options: ProfileCredentialOptions = {}) {
    this.#options = options
  }

  /** @throws EntraAuthError as `getToken` does; `invalid_arguments` for a tenant that is not allowed */
  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<CredentialToken> {
    const { obtainForCredential } = await import('./library.ts')
    return obtainForCredential(scopes, options, this.#options, import.meta.url)
  }
}
