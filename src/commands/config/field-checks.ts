import { checkProfileName, isGuid, isTenant } from '../../core/profiles/profile.ts'
import { EntraAuthError } from '../../errors.ts'

/** What is wrong with an answer, said to the person who typed it; undefined where nothing is. */
export type Check = (answer: string) => string | undefined

export const required: Check = (answer) => (answer === '' ? 'it cannot be empty' : undefined)

export const tenantId: Check = (answer) =>
  isTenant(answer) ? undefined : 'that is neither a GUID nor a domain'

export const clientId: Check = (answer) => (isGuid(answer) ? undefined : 'that is not a GUID')

export const profileName: Check = (answer) => factOf(() => checkProfileName(answer), 'hint')

export const variableName: Check = (answer) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(answer) ? undefined : 'that is not the name of a variable'

/** What a parser of the core says against an answer. */
export function factOf(parse: () => unknown, which: 'message' | 'hint' = 'message'): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    if (error instanceof EntraAuthError) return error[which]
    throw error
  }
}
