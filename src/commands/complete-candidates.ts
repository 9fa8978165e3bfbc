import type { Argument, Command, Option } from 'commander'
import type { CompletionRequest } from './complete-request.ts'
import { gather } from './option-values.ts'

/** One way in which the word at the cursor may go on. */
export interface Candidate {
  /** The whole word, unquoted. */
  readonly value: string
  readonly description: string
}

export interface Answer {
  readonly candidates: readonly Candidate[]
  /** Whether names of files fit too. */
  readonly files: boolean
}

/** The values that a flag or an argument takes, as far as they can be known. */
export type ValuesOf = (what: Option | Argument) => Promise<Answer>

export const nothing: Answer = { candidates: [], files: false }

/**
 * How the word at the cursor may go on, by the definitions that also make the help. What is hidden there is not offered,
 * but what was typed of it is understood.
 * @param program with the command that `before` calls loaded
 */
export async function candidatesFor(
  program: Command,
  { before, current }: Pick<CompletionRequest, 'before' | 'current'>,
  valuesOf: ValuesOf,
): Promise<Answer> {
  const place = placeAfter(program, before)
  const { command, awaiting, mayAwait, onlyArguments } = place
  if (awaiting) return beginning(await valuesOf(awaiting), current)
  const [, flag = '', text = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? []
  const assigned = onlyArguments ? undefined : optionCalled(command, flag)
  if (assigned && (assigned.required || assigned.optional))
    return withPrefix(beginning(await valuesOf(assigned), text), `${flag}=`)
  if (current.startsWith('-') && !onlyArguments)
    return beginning({ candidates: flagsOf(place, current), files: false }, current)
  const words = await wordsAt(place, valuesOf)
  const optional = mayAwait ? await valuesOf(mayAwait) : nothing
  const answer = beginning(both(words, optional), current)
  // Where nothing else is known, an empty word is a question for the flags.
  if (answer.candidates.length > 0 || answer.files || current !== '' || onlyArguments) return answer
  return { candidates: flagsOf(place, '--'), files: false }
}

/** Where in a command line a word would stand. */
interface Place {
  readonly command: Command
  readonly given: ReadonlySet<Option>
  /** The flag whose value comes next. */
  readonly awaiting: Option | undefined
  /** The flag whose value may come next. */
  readonly mayAwait: Option | undefined
  /** How many arguments stand before it. */
  readonly argumentCount: number
  /** Behind `--`. */
  readonly onlyArguments: boolean
}

function placeAfter(program: Command, words: readonly string[]): Place {
  const given = new Set<Option>()
  let command = program
  let [awaiting, mayAwait]: (Option | undefined)[] = []
  let argumentCount = 0
  let onlyArguments = false
  for (const word of words) {
    if (awaiting) {
      awaiting = undefined
      continue
    }
    mayAwait = undefined
    if (onlyArguments || word === '-' || !word.startsWith('-')) {
      const child = argumentCount === 0 ? childCalled(command, word) : undefined
      if (child) command = child
      else argumentCount++
    } else if (word === '--') onlyArguments = true
    else {
      const [flag = ''] = word.split('=')
      const option = optionCalled(command, flag)
      if (!option) continue
      given.add(option)
      if (word === flag && option.required) awaiting = option
      if (word === flag && option.optional) mayAwait = option
    }
  }
  return { command, given, awaiting, mayAwait, argumentCount, onlyArguments }
}

function childCalled(command: Command, word: string): Command | undefined {
  return command.commands.find((child) => child.name() === word)
}

function optionCalled(command: Command, flag: string): Option | undefined {
  return command.options.find(({ short, long }) => flag === short || flag === long)
}

/** The flags that are not there yet, or may be there several times. */
function flagsOf({ command, given }: Place, current: string): readonly Candidate[] {
  const wanted = command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !given.has(option) || option.variadic || option.parseArg === gather)
  return wanted.flatMap(({ short, long, description }) =>
    // After two dashes the shell has no use for short ones.
    [long, current.startsWith('--') ? undefined : short].flatMap((value) =>
      value === undefined ? [] : [{ value, description }],
    ),
  )
}

async function wordsAt({ command, argumentCount }: Place, valuesOf: ValuesOf): Promise<Answer> {
  // Not the `help` that commander adds to each group of commands.
  const visible = command.createHelp().visibleCommands(command)
  const children = argumentCount === 0 ? visible.filter((child) => command.commands.includes(child)) : []
  const names = children.map((child) => ({ value: child.name(), description: child.description() }))
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  const argument = registeredArguments[argumentCount] ?? (last?.variadic ? last : undefined)
  return both({ candidates: names, files: false }, argument ? await valuesOf(argument) : nothing)
}

function both(one: Answer, other: Answer): Answer {
  return { candidates: [...one.candidates, ...other.candidates], files: one.files || other.files }
}

function beginning({ candidates, files }: Answer, text: string): Answer {
  return { candidates: candidates.filter(({ value }) => value.startsWith(text)), files }
}

function withPrefix({ candidates, files }: Answer, prefix: string): Answer {
  return { candidates: candidates.map((one) => ({ ...one, value: prefix + one.value })), files }
}
