import type { Command } from 'commander'
import { defineCommand, type CommandContext } from '../command.ts'
import { checkCommand } from './check.ts'
import { clearCacheCommand } from './clear-cache.ts'
import { createCommand } from './create.ts'
import { deleteCommand } from './delete.ts'
import { editCommand } from './edit.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { listCommand } from './list.ts'
import { showCommand } from './show.ts'

const examples = `
Examples:
  $ entra-auth-cli config create          asks for everything
  $ entra-auth-cli config list
  $ entra-auth-cli config create --help   the flags of one of them`

/** `config` and its sub-commands. */
export function configCommand(context: CommandContext): Command {
  return defineCommand('config')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(editCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(importCommand(context))
    .addCommand(deleteCommand(context))
    .addCommand(clearCacheCommand(context))
    .addHelpText('after', examples)
}
