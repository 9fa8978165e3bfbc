import type { ErrorCode } from '../../errors.ts'

/** What one of Entra's error numbers means to the reader, in our own words. */
export interface EntraCode {
  /** Microsoft's name of it, such as `InvalidClientSecretProvided`; undefined where none is published. */
  readonly name?: string
  /** What it means, one clause without a full stop, lower case start. Becomes the fact of `error: …`. */
  readonly fact: string
  /** The likely causes, likeliest first; one clause each. At least one. */
  readonly causes: readonly string[]
  /** Who must act. */
  readonly who: 'you' | 'app-owner' | 'administrator' | 'developer' | 'microsoft'
  /**
   * The exact commands or portal pages that mend it, first step first; one clause each. At least one. The first
   * becomes the `hint:`.
   */
  readonly remedy: readonly string[]
  /** Kind of failure where it is not that Entra said no. */
  readonly code?: ErrorCode
  /** Page of Microsoft's documentation about just this, where one exists. */
  readonly link?: string
}

/** Some of Entra's error numbers, `7000215` for `AADSTS7000215`. */
export type EntraCodeTable = Readonly<Record<number, EntraCode>>
