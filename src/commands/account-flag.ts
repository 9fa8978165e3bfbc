import { isPersonFlow, type Flow } from '../core/flows/flow.ts'
import { EntraAuthError } from '../errors.ts'

/**
 * The user name in `--account`, where the flow is one in which a person signs in.
 * @throws EntraAuthError `invalid_arguments`
 */
export function accountFlag(account: string | undefined, flow: Flow): string | undefined {
  if (account === undefined) return undefined
  if (isPersonFlow(flow)) return account.trim()
  throw new EntraAuthError('invalid_arguments', `--account names a person, and by ${flow} nobody signs in`, {
    hint: 'leave it out, or add --flow interactive-browser for a token that speaks for a person',
  })
}
