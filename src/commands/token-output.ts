import { Option, type Command } from 'commander'
import type { AccessToken } from '../core/access-token.ts'
import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import { plainStage } from '../ui/json.ts'
import { contradiction } from './option-values.ts'
import { formatToken, tokenFormats, type TokenFormat } from '../ui/token-result.ts'

/** The output flags that `get-token` and `refresh` share. */
export interface TokenOutputOptions {
  readonly output?: string
  readonly json?: boolean
  readonly file?: string
  /** False under `--no-clipboard`, which is what happens anyway. */
  readonly clipboard?: boolean
  readonly silent?: boolean
  readonly verbose?: boolean
}

export function addTokenOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      // Its reader comes after its choices: any case will do, and so does the name of a file.
      new Option('-o, --output <form|file>', 'form of the result, or a file to write, such as token.txt')
        .choices(tokenFormats)
        .argParser(String),
    )
    .option('--json', 'camelCase JSON: accessToken, expiresOn, tokenType, scopes')
    .option('--file <path>', 'write the result to this file (mode 600) instead of stdout')
    .option('--clipboard', 'copy the token to the clipboard as well')
    .addOption(new Option('--no-clipboard', 'do not copy the token; the default').hideHelp())
    .option('-q, --silent', 'leave stderr empty on success')
    .option('-v, --verbose', 'say on stderr what is done')
}

export interface TokenOutput {
  readonly format: TokenFormat
  readonly file: string | undefined
}

/**
 * Reads `-o`, which manuals used for a form and for a file: what has a dot or a slash is a file.
 * @throws EntraAuthError `invalid_arguments`, before anything was asked of Entra
 */
export function tokenOutput(options: TokenOutputOptions): TokenOutput {
  const { output, json, file } = options
  const asFile = output !== undefined && /[./\\]/.test(output)
  if (file === '-' || file === '') {
    throw new EntraAuthError('invalid_arguments', `"${file}" is no file to write to`, {
      hint: 'leave --file out: the result goes to stdout',
    })
  }
  if (asFile && file !== undefined) throw contradiction('-o', '--file', 'name the file once')
  if (output !== undefined && !asFile && json) throw contradiction('-o', '--json', 'name the form once')
  const plain: TokenFormat = json ? 'camel-json' : 'token'
  return asFile
    ? { format: plain, file: output }
    : { format: output === undefined ? plain : parseFormat(output), file }
}

/** Prints the token or writes it to its file, and copies it where that is wanted. */
export async function printToken(
  token: AccessToken,
  output: TokenOutput,
  options: TokenOutputOptions,
  host: Host,
  console: Console,
): Promise<void> {
  const occasion = { now: host.now(), env: host.env }
  if (output.file === undefined) {
    console.result(await formatToken(token, output.format, occasion, console))
  } else {
    const text = await formatToken(token, output.format, occasion, plainStage)
    await host.files.write(output.file, text.endsWith('\n') ? text : `${text}\n`)
    console.progressSuccess(`Token saved to ${output.file}`)
  }
  if (options.clipboard) await copy(token, host, console)
}

/** The token is there by now: a clipboard that fails is no reason to fail. */
async function copy(token: AccessToken, host: Host, console: Console): Promise<void> {
  try {
    await host.desktop.copy(token.token)
    console.progressSuccess('Token copied to clipboard')
  } catch (error) {
    if (!(error instanceof EntraAuthError)) throw error
    console.warn(`the token was not copied: ${error.message}`)
  }
}

function parseFormat(text: string): TokenFormat {
  const format = tokenFormats.find((name) => name === text.toLowerCase())
  if (format) return format
  throw new EntraAuthError('invalid_arguments', `there is no output form "${text}"`, {
    hint: `use one of ${tokenFormats.join(', ')}; for a file name add its ending, or use --file`,
  })
}
