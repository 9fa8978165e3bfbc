import { isMicrosoftAuthority } from '../clouds.ts'
import { readProfile } from '../profiles/profile-record.ts'
import { textField } from '../profiles/record-fields.ts'
import { nameOf } from './plan-import.ts'
import type { SharedProfile } from './shared-profile.ts'

/** A command line that a profile would run on this machine, in its user's name. */
export interface ProfileCommand {
  readonly profile: string
  readonly command: string
}

export function commandsIn(profiles: readonly SharedProfile[]): readonly ProfileCommand[] {
  return profiles.flatMap(({ record }) =>
    (['clientSecretCommand', 'federatedTokenCommand'] as const).flatMap((field) => {
      const command = textField(record, field)
      return command === undefined ? [] : { profile: nameOf(record), command }
    }),
  )
}

/** What whoever imports these should have seen: who gets their sign-ins, if it is not Microsoft. */
export function importWarnings(profiles: readonly SharedProfile[]): readonly string[] {
  return profiles.flatMap(({ record }) => {
    const { name, authority, credential } = readProfile(record)
    if (isMicrosoftAuthority(authority) || credential.kind === 'managed-identity') return []
    return `"${name}" signs in at ${authority}, which is not Microsoft's: use it only if you know whose it is`
  })
}
