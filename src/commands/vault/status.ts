import type { Command } from 'commander'
import { vaultStatus } from '../../core/vault/status.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { vaultStatusText } from '../../ui/vault-status.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from '../data-output.ts'

const examples = `
Examples:
  $ entra-auth-cli vault status
  $ entra-auth-cli vault status -o json`

export function statusCommand(context: CommandContext): Command {
  return addDataOutputOptions(
    defineCommand(
      'status',
      'say where the key is, whether it can be had, and what it seals; exit code 8 if it cannot',
    ),
  )
    .addHelpText('after', examples)
    .action(async (options: DataOutputOptions) => {
      const { host } = context
      const console = context.console()
      const status = await vaultStatus(host, consoleVoice(console, host.terminal, host.env))
      await printData(status, options, console, () => console.result(vaultStatusText(status)))
      if (status.obstacle !== undefined) context.exitWith(8)
    })
}
