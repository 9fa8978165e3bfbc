import { EntraAuthError } from '../errors.ts'
import type { MsalCache } from './msal-cache.ts'
import type { CachedTokens } from './token-cache.ts'
import type { SignInOptions } from './token-request.ts'

/** Somebody who is signed in for a profile. */
export interface SignedInAccount {
  /** MSAL's `homeAccountId`. */
  readonly id: string
  readonly username: string
}

/** Whose token is wanted. */
export type AccountChoice =
  | { readonly kind: 'account'; readonly id: string }
  /** Whoever is wanted is not signed in. */
  | { readonly kind: 'nobody' }
  /** Several may be meant, and nothing says which. */
  | { readonly kind: 'ambiguous'; readonly usernames: readonly string[] }

/** Who is signed in, each once: MSAL keeps an entry for every tenant of a person. */
export function accountsIn(cache: MsalCache): readonly SignedInAccount[] {
  const byId = new Map<string, SignedInAccount>()
  for (const { home_account_id: id, username } of Object.values(cache.Account ?? {})) {
    byId.set(id, { id, username })
  }
  return [...byId.values()]
}

/**
 * The account that is wanted: the one named by `--account` or `--login-hint`, else who signed in last, else the only
 * one. Never a guess.
 */
export function chooseAccount(
  { msal, signedIn }: Pick<CachedTokens, 'msal' | 'signedIn'>,
  { account, loginHint }: Pick<SignInOptions, 'account' | 'loginHint'>,
): AccountChoice {
  const name = account ?? loginHint
  if (name === undefined && signedIn !== undefined) return { kind: 'account', id: signedIn }
  const accounts = accountsIn(msal)
  const wanted = name === undefined ? accounts : accounts.filter(({ username }) => isSameName(username, name))
  const [first, ...others] = wanted
  if (first === undefined) return { kind: 'nobody' }
  if (others.length === 0) return { kind: 'account', id: first.id }
  return { kind: 'ambiguous', usernames: wanted.map(({ username }) => username) }
}

/** User names are compared without regard to case, as Entra does. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** @returns an error of kind `invalid_arguments` that names everybody who may be meant */
export function ambiguousAccount(usernames: readonly string[], profileName: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `several people are signed in for "${profileName}"`, {
    hint: `say whose token it shall be, with --account and one of ${usernames.join(', ')}`,
  })
}
