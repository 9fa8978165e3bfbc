import type { Command } from 'commander'
import { defineCommand, type CommandContext } from './command.ts'

/** Hands its words on: the sandbox shares nothing with the rest, not even the reading of flags. */
export function sandboxCommand(context: CommandContext): Command {
  return defineCommand('sandbox')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[words...]')
    .action(async (words: readonly string[]) => context.exitWith(await context.runSandbox(words)))
}
