/**
 * Every kind of failure this tool knows, and the exit code it ends a command with. This table is the only place
 * where a kind meets an exit code; SPEC and `--help` list the same codes.
 */
const exitCodes = {
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
} as const

/** The kind of a failure: stable, meant for programs. */
export type ErrorCode = keyof typeof exitCodes

/** What may accompany an error's one fact. */
export interface ErrorDetails {
  /** The next step for the person who reads it, lower case, without a full stop. */
  readonly hint?: string
  /** What Entra said, where it said something: the number in `AADSTS7000215`. */
  readonly entraCode?: number
  /** What a server asked for that is too busy (RFC 9110, section 10.2.3), where it did. */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/**
 * The one error this tool throws on purpose: a kind, one fact, a next step, and the cause.
 * Anything else that reaches the top is a defect of ours and is shown as one.
 */
export class EntraAuthError extends Error {
  override readonly name = 'EntraAuthError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly entraCode: number | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, fact: string, details: ErrorDetails = {}) {
    super(fact, { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.entraCode = details.entraCode
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** The exit code a command ends with when it fails for this reason. */
  get exitCode(): number {
    return exitCodes[this.code]
  }
}

/** The exit code of a kind of failure, for a command that ends with it and has said all there is to say. */
export function exitCodeOf(code: ErrorCode): number {
  return exitCodes[code]
}
