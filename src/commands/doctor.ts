import type { Command } from 'commander'
import { examine, exitCodeOf } from '../core/doctor/doctor.ts'
import { consoleVoice } from '../ui/console-voice.ts'
import { doctorReport } from '../ui/doctor-report.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from './data-output.ts'
import { version } from './version.ts'

interface Options extends DataOutputOptions {
  readonly fix?: boolean
  readonly offline?: boolean
  readonly profile?: string
}

const notes = `
Looks at where secrets and tokens are kept, whether the authorities of your profiles answer, what the environment asks
for, and whether each profile can be used. What is wrong comes with what mends it. Leaves nothing behind, and shows no
secret, no token and no value of a variable.

Exit code 0 says that tokens can be stored and read and that nothing failed; warnings do not count. Else it is
  8 where they cannot be stored and read
  5 where only the network, or the network and a profile, failed
  3 where only a profile failed

Examples:
  $ entra-auth-cli doctor
  $ entra-auth-cli doctor --offline --fix
  $ entra-auth-cli doctor -p ci -o json | jq '.checks[] | select(.status == "failed")'`

export function doctorCommand(context: CommandContext): Command {
  return addDataOutputOptions(defineCommand('doctor'))
    .option('-p, --profile <name>', 'look at this profile alone')
    .option('--offline', 'send nothing anywhere')
    .option('--fix', 'take from others what rights they have to your files')
    .addHelpText('after', notes)
    .action(async (options: Options) => {
      const { host, signal } = context
      const console = context.console()
      console.progress('Looking at storage, network, environment and profiles...')
      const report = await examine(
        host,
        {
          fix: options.fix === true,
          offline: options.offline === true,
          profileName: options.profile,
          programVersion: version,
          signal,
        },
        consoleVoice(console, host.terminal, host.env),
      )
      const width = host.terminal.stdout.columns
      await printData(report, options, console, () =>
        console.result(doctorReport(report, { width, paint: console.paint })),
      )
      context.exitWith(exitCodeOf(report))
    })
}
