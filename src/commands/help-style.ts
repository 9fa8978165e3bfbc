import type { Argument, HelpConfiguration, Option } from 'commander'

/** How the help says what values there are: `form of the result: text, json or yaml (default: json)`. */
export const helpStyle: HelpConfiguration = {
  optionDescription: (option) => `${withChoices(option)}${defaultOf(option)}`,
  argumentDescription: withChoices,
}

function withChoices({ description, argChoices = [] }: Option | Argument): string {
  const last = argChoices.at(-1)
  if (last === undefined) return description
  const others = argChoices.slice(0, -1)
  return `${description}: ${others.length > 0 ? `${others.join(', ')} or ` : ''}${last}`
}

/** A flag without a value has nothing worth telling. */
function defaultOf({ required, optional, defaultValue, defaultValueDescription }: Option): string {
  if ((!required && !optional) || defaultValue === undefined) return ''
  return ` (default: ${defaultValueDescription ?? String(defaultValue)})`
}
