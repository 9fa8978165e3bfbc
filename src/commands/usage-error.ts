import type { CommanderError } from 'commander'
import { EntraAuthError } from '../errors.ts'

/**
 * What commander has against a command line, in our words. Commander's guess at what was meant is the next step.
 * @param command the command that was meant, by its whole name: `config create`; '' for none
 */
export function usageError(error: CommanderError, command: string): EntraAuthError {
  const [text = '', meant] = error.message
    .replace(/^error: /, '')
    .split(/\s*\(Did you mean (?:one of )?([^?]+)\?\)/)
  const fact = text.replace(/\.$/, '')
  const see = `see "${['entra-auth-cli', command, '--help'].filter((word) => word !== '').join(' ')}"`
  return new EntraAuthError(
    'invalid_arguments',
    fact === '(outputHelp)' ? 'a sub-command is missing' : fact,
    { hint: meant === undefined ? see : `did you mean ${eitherOf(meant.split(', '))}? ${see}`, cause: error },
  )
}

function eitherOf(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' or ')
}
