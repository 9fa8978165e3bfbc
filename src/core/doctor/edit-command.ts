import { shellWord } from '../shell-word.ts'

/**
 * The command that changes a profile, and nothing of it but what is named. Without flags it asks, on a terminal.
 * @param flags of `config edit`, as a shell takes them; words in capitals are for the reader to fill in
 */
export function editCommand(profileName: string, ...flags: readonly string[]): string {
  return ['entra-auth-cli config edit', shellWord(profileName), ...flags].join(' ')
}
