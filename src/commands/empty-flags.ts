import type { Command } from 'commander'
import { emptyFlag } from './option-values.ts'

/** An empty token is a token, and a malformed one: whoever reads it says so, with the exit code for that. */
const mayBeEmpty = new Set(['--token'])

/**
 * Refuses flags whose value is empty or nothing but spaces, alike in every command: as a rule the variable it comes from
 * is not set, and going on without it would be another wish than the one that was meant.
 * @throws EntraAuthError `invalid_arguments` that names the first one
 */
export function refuseEmptyFlags(command: Command): void {
  for (const option of command.options) {
    const flag = option.long ?? option.flags
    if (mayBeEmpty.has(flag)) continue
    const name = option.attributeName()
    if (command.getOptionValueSource(name) !== 'cli') continue
    const value: unknown = command.getOptionValue(name)
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (values.some((one) => typeof one === 'string' && one.trim() === '')) throw emptyFlag(flag)
  }
}
