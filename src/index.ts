/**
 * What other programs can use: reading and checking tokens, without asking anybody. Pure: nothing here prints, waits or
 * opens a socket; `validateToken` is handed the keys, or what finds them. Tokens of profiles, for programs on Node, are in
 * `entra-auth-cli/credential`.
 */
export { decodeToken, type DecodedToken } from './jwt/decode.ts'
export { describeToken, type TokenDescription } from './jwt/describe.ts'
export {
  validateToken,
  type KeyResolver,
  type TokenValidation,
  type TrustedKeys,
  type UntrustedIssuer,
} from './jwt/validate.ts'
export type { Expectations } from './jwt/expectations.ts'
export type { CheckName, TokenCheck } from './jwt/check.ts'
export { readKeySet, type KeySet, type PublishedKey } from './jwt/key-set.ts'
export { explain, type Explained, type Explanation } from './core/explain/explain.ts'
export { EntraAuthError, type ErrorCode, type ErrorDetails } from './errors.ts'
