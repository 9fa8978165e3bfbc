import { Option, type Command } from 'commander'
import { deleteProfile } from '../../core/profiles/delete-profile.ts'
import { loadProfiles, recordNamed } from '../../core/profiles/profile-store.ts'
import { textField } from '../../core/profiles/record-fields.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import { defineCommand, type CommandContext } from '../command.ts'

interface Options {
  readonly name?: string
  readonly profile?: string
  readonly force?: boolean
  readonly yes?: boolean
  readonly silent?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config delete work          asks first
  $ entra-auth-cli config delete work --force`

export function deleteCommand(context: CommandContext): Command {
  return defineCommand('delete', 'delete profiles, their secrets and their cached tokens')
    .argument('[names...]', 'profiles to delete')
    .option('-n, --name <name>', 'profile to delete')
    .addOption(new Option('-p, --profile <name>', 'profile to delete').hideHelp())
    .option('-f, --force', 'do not ask')
    .addOption(new Option('-y, --yes', 'do not ask').hideHelp())
    .option('-q, --silent', 'leave stderr empty on success')
    .addHelpText('after', examples)
    .action(async (positional: readonly string[], options: Options) => {
      const { host } = context
      const console = context.console(options)
      const names = await namesToDelete(positional, options, context)
      if (!options.force && !options.yes && !(await confirmed(names, context))) {
        console.say('Nothing was deleted.')
        return
      }
      for (const name of names) {
        const namesake = await deleteProfile(host, name)
        console.success(`Profile '${name}' deleted successfully`)
        if (namesake !== undefined)
          console.say(
            `Its secrets and tokens stay: profile '${namesake}' has the same name, and so the same ones.`,
          )
      }
    })
}

/** As the file spells them, each once. An unknown one among them stops all. */
async function namesToDelete(
  positional: readonly string[],
  options: Options,
  { host }: CommandContext,
): Promise<readonly string[]> {
  const wanted = [...positional, options.name, options.profile].filter((name) => name !== undefined)
  const others = [options.name, options.profile].filter((name) => name !== undefined)
  const isClear = positional.length === 0 || others.every((name) => positional.includes(name))
  if (!isClear || new Set(others).size > 1) {
    throw new EntraAuthError(
      'invalid_arguments',
      `two profiles are named in two ways: ${wanted.map((name) => `"${name}"`).join(' and ')}`,
      { hint: 'give all names as words: "entra-auth-cli config delete a b"' },
    )
  }
  if (wanted.length === 0) {
    throw new EntraAuthError('invalid_arguments', 'no profile is named', {
      hint: 'name the one to delete: "entra-auth-cli config list" shows all',
    })
  }
  const profiles = await loadProfiles(host)
  return [...new Set(wanted.map((name) => textField(recordNamed(profiles, name), 'name') ?? name))]
}

async function confirmed(names: readonly string[], { host }: CommandContext): Promise<boolean> {
  if (!canPrompt(host.terminal, host.env)) {
    const quoted = names.map((name) => `"${name}"`).join(', ')
    throw new EntraAuthError(
      'invalid_arguments',
      `deleting ${quoted} must be confirmed, and nobody can be asked`,
      { hint: 'add --force' },
    )
  }
  const { confirm } = await import('../../ui/prompts.ts')
  const [only, ...others] = names
  const what = others.length === 0 ? `profile '${only}'` : `the ${names.length} profiles ${names.join(', ')}`
  return confirm(`Are you sure you want to delete ${what}?`, false)
}
