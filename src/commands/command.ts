import { Command } from 'commander'
import type { Host } from '../core/ports.ts'
import type { Console, ConsoleOptions } from '../ui/console.ts'

/** What every command is handed besides its own flags. */
export interface CommandContext {
  readonly host: Host
  /** Aborted by Ctrl-C and by termination, with an `interrupted` error as its reason. */
  readonly signal: AbortSignal
  /** The two streams, as loud as the flags ask for. Call it first in an action: errors are told in the same voice. */
  console(options?: ConsoleOptions): Console
  /** Ends the command with this code although nothing failed: `discover` on an expired token. */
  exitWith(code: number): void
  /** The sandbox, which is a program of its own, with its own words. @returns its exit code */
  runSandbox(argv: readonly string[]): Promise<number>
  /** The profile's cached token, without MSAL, keychain prompt or network. Throws where there is none. */
  cachedToken(profileName: string): Promise<string>
}

/** Makes a command: its flags, its help, its action. One file each, under its own name. */
export type CommandFactory = (context: CommandContext) => Command

/**
 * A command in the house's manner: words beyond its arguments are refused, errors are told by the program.
 * @param summary for sub-commands; a command of the first rank gets its summary from the table in program.ts
 */
export function defineCommand(name: string, summary = ''): Command {
  return new Command(name)
    .description(summary)
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .showHelpAfterError(false)
}
