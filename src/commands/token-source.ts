import type { Command } from 'commander'
import { EntraAuthError } from '../errors.ts'
import { tokenInText } from '../jwt/token-text.ts'
import type { CommandContext } from './command.ts'
import { readStdin } from './stdin.ts'

/** Where a command may find the token it is to read. */
export interface TokenSource {
  /** The word behind the command; `-` stands for stdin. */
  readonly argument?: string | undefined
  readonly token?: string | undefined
  readonly file?: string | undefined
  readonly profile?: string | undefined
}

/** Declares the ways to hand in a token, the same for every command that reads one. */
export function takeToken(command: Command): Command {
  return command
    .argument('[token]', 'the token; "-" or nothing reads it from a pipe')
    .option('-t, --token <token>', 'the token')
    .option('-f, --file <path>', 'read the token from a file')
    .option('-p, --profile <name>', "take the profile's cached token")
}

/**
 * The token that a command was given: as an argument, with `-t`, in a file, in a profile's cache, or through a pipe.
 * Takes it out of quotes, `Bearer` and a JSON answer; does not decode it. Never waits for somebody to type.
 * @throws EntraAuthError `invalid_arguments` for none or several, `file_unusable`, `invalid_token`, and whatever the
 *   profile's cache has to say
 */
export async function tokenFrom(source: TokenSource, name: string, context: CommandContext): Promise<string> {
  const given = Object.values(source).filter((value) => value !== undefined)
  if (given.length > 1) throw wrongUse('more than one token was given', name)
  if (source.profile !== undefined) return context.cachedToken(source.profile)
  const token = tokenInText(await pastedText(source, name, context))
  if (token === '') throw nothingIn(source)
  return token
}

async function pastedText(source: TokenSource, name: string, context: CommandContext): Promise<string> {
  const { stdin } = context.host.terminal
  const direct = source.argument ?? source.token
  if (direct !== undefined && direct !== '-') return direct
  if (source.file !== undefined && source.file !== '-') {
    return textOf(await context.host.files.readInput(source.file, context.signal))
  }
  if (stdin.isTerminal) throw wrongUse('no token was given', name)
  return textOf(await readStdin(context))
}

/** Text by its byte order mark, else UTF-8: Windows PowerShell writes `> token.txt` as UTF-16. */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}

function nothingIn({ argument, token, file }: TokenSource): EntraAuthError {
  const hint = 'the command that was to print the token may have failed'
  const isPiped = (argument ?? token ?? file ?? '-') === '-'
  const place = isPiped ? 'stdin' : file === undefined ? 'the token given' : `the file "${file}"`
  return new EntraAuthError('invalid_token', `invalid token: ${place} is empty`, { hint })
}

function wrongUse(fact: string, name: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', fact, {
    hint: `usage: entra-auth-cli ${name} TOKEN | -t TOKEN | -f FILE | -p PROFILE, or pipe the token in`,
  })
}
