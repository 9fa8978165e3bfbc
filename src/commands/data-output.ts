import { Option, type Command } from 'commander'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import { formatJson } from '../ui/json.ts'

/** The output flags of commands that show data: `-o text|json|yaml` and `--json`. */
export interface DataOutputOptions {
  readonly output?: string
  readonly json?: boolean
}

const forms = ['text', 'json', 'yaml'] as const

export function addDataOutputOptions(command: Command): Command {
  // Its reader comes after its choices, so that printData says what is wrong, and any case will do.
  const form = new Option('-o, --output <form>', 'form of the result').choices(forms).argParser(String)
  return command.addOption(form).option('--json', 'the same as -o json')
}

/**
 * Prints data in the wanted form.
 * @param asText prints the form for people, the one that nobody has to ask for
 * @throws EntraAuthError `invalid_arguments` for a form that is none
 */
export async function printData(
  data: unknown,
  options: DataOutputOptions,
  console: Console,
  asText: () => void,
): Promise<void> {
  const form = options.json ? 'json' : (options.output ?? 'text').toLowerCase()
  switch (form) {
    case 'text':
      return asText()
    case 'json':
      return console.result(formatJson(JSON.stringify(data), console))
    case 'yaml': {
      const { formatYaml } = await import('../ui/yaml.ts')
      return console.result(formatYaml(JSON.stringify(data)))
    }
    default:
      throw new EntraAuthError('invalid_arguments', `there is no output form "${options.output}"`, {
        hint: 'use text, json or yaml',
      })
  }
}
