import { describe, expect, it } from 'vitest'
import { EntraAuthError, exitCodeOf, type ErrorCode } from '../../src/errors.ts'

describe('exit codes', () => {
  // The table of the manual. A kind that is not in it here is refused by the compiler.
  const documented: Record<ErrorCode, number> = {
    general: 1,
    invalid_token: 1,
    profiles_unreadable: 1,
    file_unusable: 1,
    authentication_failed: 2,
    profile_not_found: 3,
    profile_incomplete: 3,
    invalid_arguments: 4,
    network: 5,
    timeout: 6,
    interaction_required: 7,
    store_unavailable: 8,
    unverifiable: 9,
    program_not_executable: 126,
    program_not_found: 127,
    interrupted: 130,
  }
  it.each(Object.entries(documented))('%s ends with %i', (code, exitCode) => {
    expect(new EntraAuthError(code as ErrorCode, 'a fact').exitCode).toBe(exitCode)
    expect(exitCodeOf(code as ErrorCode)).toBe(exitCode)
  })
})

describe('an error', () => {
  it('carries fact, hint, cause and what Entra said', () => {
    const cause = new Error('below')
    const error = new EntraAuthError('network', 'a fact', { hint: 'a step', cause, entraCode: 50011 })
    expect(error).toMatchObject({
      name: 'EntraAuthError',
      message: 'a fact',
      hint: 'a step',
      entraCode: 50011,
    })
    expect(error.cause).toBe(cause)
  })
})
