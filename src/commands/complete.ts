import type { Command } from 'commander'
import type { Host } from '../core/ports.ts'
import { Console } from '../ui/console.ts'
import { helpTopics } from '../ui/help-topics.ts'
import { withTodaysName } from './aliases.ts'
import { candidatesFor, type Answer } from './complete-candidates.ts'
import { answerLines } from './complete-output.ts'
import type { CompletionRequest } from './complete-request.ts'
import { valuesOf } from './complete-values.ts'

/**
 * Answers a shell that asks how a word may go on. Asks nobody, writes nothing, opens neither a socket nor the vault.
 * @param programFor the program with the command loaded that the words call
 */
export async function complete(
  request: CompletionRequest,
  programFor: (words: readonly string[]) => Promise<Command>,
  host: Host,
): Promise<void> {
  const before = withTodaysName(request.before)
  const answer =
    before[0] === 'help'
      ? await helpAnswer(before.slice(1), request.current, programFor)
      : await candidatesFor(await programFor(before), { ...request, before }, (what) => valuesOf(what, host))
  const lines = answerLines(answer, request)
  if (lines.length > 0) new Console(host.terminal, host.env).result(lines.join('\n'))
}

/** Behind `help` stand the words of a command, or a topic. */
async function helpAnswer(
  before: readonly string[],
  current: string,
  programFor: (words: readonly string[]) => Promise<Command>,
): Promise<Answer> {
  const program = await programFor(before)
  const command = before.reduce<Command | undefined>(
    (parent, word) => parent?.commands.find((child) => child.name() === word),
    program,
  )
  const commands = command?.createHelp().visibleCommands(command) ?? []
  const topics = before.length === 0 ? helpTopics : []
  const candidates = [
    ...commands.map((child) => ({ value: child.name(), description: child.description() })),
    ...topics.map(({ name, summary }) => ({ value: name, description: summary })),
  ]
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files: false }
}
