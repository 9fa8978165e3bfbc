/**
 * What other programs can use: reading tokens, without asking anybody. Pure: nothing here prints, waits or opens a
 * socket.
 */
export { decodeToken, type DecodedToken } from './jwt/decode.ts'
export { describeToken, type TokenDescription } from './jwt/describe.ts'
export { EntraAuthError, type ErrorCode, type ErrorDetails } from './errors.ts'
