import type { Command } from 'commander'
import { defineCommand, type CommandContext } from '../command.ts'
import { migrateCommand, rekeyCommand } from './migrate.ts'
import { statusCommand } from './status.ts'

const examples = `
"entra-auth-cli help storage" says what is where.

Examples:
  $ entra-auth-cli vault status
  $ entra-auth-cli vault migrate --to keychain`

/** `vault` and its sub-commands. */
export function vaultCommand(context: CommandContext): Command {
  return defineCommand('vault')
    .addCommand(statusCommand(context))
    .addCommand(migrateCommand(context))
    .addCommand(rekeyCommand(context))
    .addHelpText('after', examples)
}
