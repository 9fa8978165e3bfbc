import { Option, type Command } from 'commander'
import { EntraAuthError } from '../../errors.ts'

/** The ways to name the profile a sub-command is about: `config show work`, `-p work`, `-n work`. */
export interface NameOptions {
  readonly profile?: string
  readonly name?: string
}

export function addNameOptions(command: Command, meaning: string): Command {
  return command
    .argument('[name]', meaning)
    .option('-n, --name <name>', meaning)
    .addOption(new Option('-p, --profile <name>', meaning).hideHelp())
}

/** @throws EntraAuthError `invalid_arguments` where two different names are given */
export function givenName(positional: string | undefined, options: NameOptions): string | undefined {
  const names = [positional, options.profile, options.name].filter((name) => name !== undefined)
  if (new Set(names).size <= 1) return names[0]
  throw new EntraAuthError('invalid_arguments', `two profiles are named: "${names[0]}" and "${names[1]}"`, {
    hint: 'name one',
  })
}
