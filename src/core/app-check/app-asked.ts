import type { Flow } from '../flows/flow.ts'
import type { Profile } from '../profiles/profile.ts'
import type { OwnProof } from './own-proof.ts'

/** What a profile is going to do with the app. */
export interface AppAsked {
  readonly profile: Profile
  readonly flow: Flow
  readonly scopes: readonly string[]
  readonly proof: OwnProof
  readonly now: Date
}
