import type { Command } from 'commander'
import { helpTopics } from '../ui/help-topics.ts'
import type { CommandContext } from './command.ts'
import { wholeProgram } from './program.ts'
import { version } from './version.ts'

/** What the manual page is made of. */
export interface Manual {
  /** All commands with all their flags, as the help has them. */
  readonly program: Command
  readonly topics: readonly { readonly name: string; readonly text: string }[]
  readonly version: string
}

/** The definitions that make the help, for the manual page. Runs nothing. */
export async function manual(): Promise<Manual> {
  // Definitions keep their context for when they run, which these never do.
  const program = await wholeProgram({} as CommandContext)
  const topics = helpTopics.map(async ({ name, text }) => ({ name, text: await text() }))
  return { program, topics: await Promise.all(topics), version }
}
