import type { Argument, HelpConfiguration, Option } from 'commander'
import { wrapped } from '../ui/wrapped-text.ts'

/** How the help says what values there are: `form of the result (text, json or yaml; default: text)`. */
export const helpStyle: HelpConfiguration = {
  optionDescription: (option) => withFacts(option.description, choicesOf(option), defaultOf(option)),
  argumentDescription: (argument) => withFacts(argument.description, choicesOf(argument)),
}

/**
 * Help with its paragraphs broken anew where a line is longer than `width`. What is indented (flags, examples, tables)
 * stays as it is.
 */
export function fittedHelp(text: string, width: number): string {
  return text.replace(/^\S.*(?:\n\S.*)*/gm, (paragraph) =>
    paragraph.split('\n').some((line) => line.length > width)
      ? wrapped(paragraph.replaceAll('\n', ' '), width).join('\n')
      : paragraph,
  )
}

function withFacts(description: string, ...facts: readonly (string | undefined)[]): string {
  const known = facts.filter((fact) => fact !== undefined)
  return known.length === 0 ? description : `${description} (${known.join('; ')})`
}

function choicesOf({ argChoices }: Option | Argument): string | undefined {
  const last = argChoices?.at(-1)
  if (!argChoices || last === undefined) return undefined
  const others = argChoices.slice(0, -1)
  return others.length > 0 ? `${others.join(', ')} or ${last}` : last
}

/** A flag without a value has nothing worth telling. */
function defaultOf({
  required,
  optional,
  defaultValue,
  defaultValueDescription,
}: Option): string | undefined {
  if ((!required && !optional) || defaultValue === undefined) return undefined
  return `default: ${defaultValueDescription ?? String(defaultValue)}`
}
