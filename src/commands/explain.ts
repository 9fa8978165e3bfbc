import { explain, explainAll } from '../core/explain/explain.ts'
import { EntraAuthError } from '../errors.ts'
import { codeList, explanationData, explanationFields, explanationText } from '../ui/explanation.ts'
import { defineCommand, type CommandContext, type CommandFactory } from './command.ts'
import { addDataOutputOptions, printData, type DataOutputOptions } from './data-output.ts'
import { readStdin } from './stdin.ts'
import { textOf } from './token-source.ts'

interface Options extends DataOutputOptions {
  readonly list?: boolean
}

const notes = `
Takes a number, an error's name, a message, JSON, the address of a failed redirect, or a whole log; "-" or nothing reads
it from a pipe. Finds every number in it. Asks nobody: it works offline and needs no profile.

Exit code 0 says that something was explained, also a number that is unknown here; 1 that no error was found.

Examples:
  $ entra-auth-cli explain 7000215
  $ entra-auth-cli explain "AADSTS50076: Due to a configuration change made by your administrator, ..."
  $ az login 2>&1 | entra-auth-cli explain
  $ entra-auth-cli explain invalid_grant -o json | jq -r '.explanations[0].remedy[0]'`

/** `explain`: says what an error of Entra means, who must act, and how. Loads neither MSAL nor the network. */
export const explainCommand: CommandFactory = (context) =>
  addDataOutputOptions(defineCommand('explain'))
    .argument('[text...]', 'what Entra said; "-" or nothing reads it from a pipe')
    .option('--list', 'list all numbers that are known')
    .addHelpText('after', notes)
    .action((words: readonly string[], options: Options) =>
      options.list ? listAll(words, options, context) : explainText(words, options, context),
    )

async function listAll(words: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const console = context.console()
  if (words.length > 0)
    throw new EntraAuthError('invalid_arguments', '--list takes no text', { hint: 'leave one of them out' })
  const all = explainAll()
  await printData(all.map(explanationFields), options, console, () =>
    console.result(codeList(all, console.paint)),
  )
}

async function explainText(
  words: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  const console = context.console()
  const explained = explain(await givenText(words, context))
  if (explained.explanations.length === 0) throw nothingFound()
  const width = context.host.terminal.stdout.columns
  await printData(explanationData(explained), options, console, () =>
    console.result(explanationText(explained, { width, paint: console.paint })),
  )
}

/** Never waits for somebody to type. */
async function givenText(words: readonly string[], context: CommandContext): Promise<string> {
  const given = words.join(' ')
  if (words.length > 0 && given !== '-') return given
  if (context.host.terminal.stdin.isTerminal) {
    throw new EntraAuthError('invalid_arguments', 'no error was given', {
      hint: 'usage: entra-auth-cli explain NUMBER | MESSAGE | URL, or pipe a log in',
    })
  }
  return textOf(await readStdin(context))
}

function nothingFound(): EntraAuthError {
  return new EntraAuthError('general', 'no error of Entra was found in the text', {
    hint: 'give a number such as AADSTS50011, or the whole message',
  })
}
