import { Option, type Command } from 'commander'
import type { AccessToken } from '../core/access-token.ts'
import { isAgentAtWork, isRedactionOn } from '../core/agent-environment.ts'
import type { Environment, Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import type { DecodedToken } from '../jwt/decode.ts'
import { plainStage, type JsonStage } from '../ui/json.ts'
import { contradiction } from './option-values.ts'
import { formatToken, tokenFormats, type Occasion, type TokenFormat } from '../ui/token-result.ts'

/** The output flags that `get-token` and `refresh` share. */
export interface TokenOutputOptions {
  readonly output?: string
  readonly json?: boolean
  readonly file?: string
  /** False under `--no-clipboard`, which is what happens anyway. */
  readonly clipboard?: boolean
  readonly redact?: boolean
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
    .option('--redact', 'show a fingerprint and what the token is for, and not the token')
    .option('--clipboard', 'copy the token to the clipboard as well')
    .addOption(new Option('--no-clipboard', 'do not copy the token; the default').hideHelp())
    .option('-q, --silent', 'leave stderr empty on success')
    .option('-v, --verbose', 'say on stderr what is done')
}

export interface TokenOutput {
  readonly format: TokenFormat
  readonly file: string | undefined
  /** Whether nothing is shown or written that could be used as a token. */
  readonly redacted: boolean
}

/**
 * Reads `-o`, which manuals used for a form and for a file: what has a dot or a slash is a file.
 * @throws EntraAuthError `invalid_arguments`, before anything was asked of Entra
 */
export function tokenOutput(options: TokenOutputOptions, env: Environment): TokenOutput {
  const { file, format } = formAndFile(options)
  const redacted = options.redact === true || isRedactionOn(env)
  if (redacted && !redactable.has(format)) {
    const why = options.redact ? '--redact' : 'ENTRA_AUTH_CLI_REDACT'
    throw contradiction(
      why,
      `-o ${format}`,
      'that form is for programs that use the token: "exec" and "call" use one without showing it',
    )
  }
  return { file, format, redacted }
}

/** Forms that people and scripts read; the others are what a program takes a token from. */
const redactable: ReadonlySet<TokenFormat> = new Set(['token', 'json', 'camel-json', 'yaml'])

function formAndFile(options: TokenOutputOptions): Pick<TokenOutput, 'file' | 'format'> {
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
    console.result(await textOf(token, output, occasion, console))
    if (!output.redacted) markShown(output.format, host.env, console)
  } else {
    const text = await textOf(token, output, occasion, plainStage)
    await host.files.write(output.file, text.endsWith('\n') ? text : `${text}\n`)
    console.progressSuccess(`Token saved to ${output.file}`)
  }
  if (options.clipboard) await copy(token, host, console)
}

async function textOf(
  token: AccessToken,
  { format, redacted }: TokenOutput,
  occasion: Occasion,
  stage: JsonStage,
): Promise<string> {
  if (!redacted) return formatToken(token, format, occasion, stage)
  const { formatRedacted } = await import('../ui/redacted-token.ts')
  return formatRedacted(token, await decodedIn(token), format, occasion.now, stage)
}

/** Undefined for a token that only its API can read. */
async function decodedIn({ token }: AccessToken): Promise<DecodedToken | undefined> {
  const { decodeToken } = await import('../jwt/decode.ts')
  try {
    return decodeToken(token)
  } catch (error) {
    if (error instanceof EntraAuthError) return undefined
    throw error
  }
}

/**
 * Says, where a token is on a screen or in an agent's records by accident, how it need not be. A form that programs take
 * a token from is nobody's accident in a pipe.
 */
function markShown(format: TokenFormat, env: Environment, console: Console): void {
  if (console.resultIsRead) {
    console.warn(
      `the token can be read on this screen; "-o header | curl -H @-", exec and call use it unseen, --redact hides it`,
    )
  } else if (isAgentAtWork(env) && (redactable.has(format) || format === 'env')) {
    console.warn(
      'what a coding agent reads is recorded, tokens too; exec and call use one unseen, --redact hides it',
    )
  }
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
