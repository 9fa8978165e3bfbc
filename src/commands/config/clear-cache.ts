import { Option, type Command } from 'commander'
import { cachedProfiles, forgetTokens } from '../../core/profiles/cached-profiles.ts'
import { textField } from '../../core/profiles/record-fields.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { contradiction } from '../option-values.ts'
import { recordFor } from '../profile-choice.ts'
import { addNameOptions, givenName, type NameOptions } from './profile-name.ts'

interface Options extends NameOptions {
  readonly all?: boolean
  readonly force?: boolean
  readonly yes?: boolean
  readonly silent?: boolean
}

const examples = `
Examples:
  $ entra-auth-cli config clear-cache work            signs out of this profile
  $ entra-auth-cli config clear-cache --all --force   signs out of all, also of those that were deleted`

export function clearCacheCommand(context: CommandContext): Command {
  const command = defineCommand('clear-cache', 'forget cached tokens: sign out; secrets and profiles stay')
  return addNameOptions(command, 'profile to sign out of')
    .option('--all', 'sign out of all, also of profiles that are gone')
    .option('-f, --force', 'do not ask')
    .addOption(new Option('-y, --yes', 'do not ask').hideHelp())
    .option('-q, --silent', 'leave stderr empty on success')
    .addHelpText('after', examples)
    .action(async (positional: string | undefined, options: Options) => {
      const console = context.console(options)
      const name = givenName(positional, options)
      if (!options.all) return clearOne(name, context, console)
      if (name !== undefined) throw contradiction('--all', `"${name}"`)
      return clearAll(options, context, console)
    })
}

async function clearOne(
  given: string | undefined,
  { host }: CommandContext,
  console: Console,
): Promise<void> {
  const name = await nameOf(given, host)
  if (await forgetTokens(host, name)) console.success(`Cached tokens of '${name}' removed`)
  else console.say(`There are no cached tokens of '${name}'.`)
}

/** A profile's name; or that of one that is gone, whose tokens are still there. */
async function nameOf(given: string | undefined, host: CommandContext['host']): Promise<string> {
  try {
    return textField(await recordFor(given, host), 'name') ?? ''
  } catch (error) {
    if (!(error instanceof EntraAuthError) || error.code !== 'profile_not_found' || !given) throw error
    const gone = (await cachedProfiles(host)).find(({ name }) => name === given.toLowerCase())
    if (gone) return gone.name
    throw error
  }
}

async function clearAll(options: Options, { host }: CommandContext, console: Console): Promise<void> {
  const cached = await cachedProfiles(host)
  if (cached.length === 0) {
    console.say('There are no cached tokens.')
    return
  }
  const count = cached.length === 1 ? 'one profile' : `${cached.length} profiles`
  if (!options.force && !options.yes) {
    if (!canPrompt(host.terminal, host.env)) {
      throw new EntraAuthError(
        'invalid_arguments',
        `removing the cached tokens of ${count} must be confirmed, and nobody can be asked`,
        { hint: 'add --force' },
      )
    }
    const { confirm } = await import('../../ui/prompts.ts')
    if (!(await confirm(`Remove the cached tokens of ${count}? Everybody signs in anew then`, false))) {
      console.say('Nothing was removed.')
      return
    }
  }
  for (const { name, exists } of cached) {
    if (await forgetTokens(host, name))
      console.success(`Cached tokens of '${name}' removed${exists ? '' : ' (that profile is gone)'}`)
  }
}
