import { Option, type Command } from 'commander'
import { migrateVault } from '../../core/vault/migrate.ts'
import { keepableTypes, slotWords, type KeepableType } from '../../core/vault/slots.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import { defineCommand, type CommandContext } from '../command.ts'

interface Options {
  readonly to?: KeepableType
  readonly silent?: boolean
}

const notes = `
A new key is made every time, and everything is sealed anew with it. A migration that was cut off goes on when it is
run again; until then everything stays readable. A passphrase comes from ENTRA_AUTH_CLI_PASSPHRASE, from
ENTRA_AUTH_CLI_PASSPHRASE_FILE, or is typed.

Examples:
  $ entra-auth-cli vault migrate --to keychain
  $ entra-auth-cli vault migrate --to passphrase`

export function migrateCommand(context: CommandContext): Command {
  return defineCommand('migrate', 'move the key that seals everything to another place')
    .addOption(
      new Option('--to <place>', 'where the new key is kept').choices(keepableTypes).makeOptionMandatory(),
    )
    .option('-q, --silent', 'leave stderr empty on success')
    .addHelpText('after', notes)
    .action((options: Options) => migrate(options, context))
}

const rekeyExamples = `
Examples:
  $ entra-auth-cli vault rekey
  $ entra-auth-cli vault rekey --silent`

export function rekeyCommand(context: CommandContext): Command {
  return defineCommand('rekey', 'make a new key in the same place, and seal everything anew')
    .option('-q, --silent', 'leave stderr empty on success')
    .addHelpText('after', rekeyExamples)
    .action((options: Options) => migrate(options, context))
}

async function migrate(options: Options, context: CommandContext): Promise<void> {
  const { host } = context
  const console = context.console(options)
  const voice = consoleVoice(console, host.terminal, host.env)
  const { slot, resealed, finishedEarlier } = await migrateVault(host, options.to, voice)
  if (finishedEarlier) console.say('An earlier migration was finished first.')
  console.success(`The vault has a new key in ${slotWords[slot.type]}; ${files(resealed)} sealed anew`)
}

function files(count: number): string {
  return count === 1 ? '1 file was' : `${count} files were`
}
