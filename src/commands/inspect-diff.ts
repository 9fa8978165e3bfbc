import { EntraAuthError, exitCodeOf } from '../errors.ts'
import { decodeToJson, type TokenJson } from '../jwt/decode.ts'
import { directoryRoleName } from '../jwt/directory-roles.ts'
import type { Console } from '../ui/console.ts'
import { jsonLines } from '../ui/json.ts'
import { diffTokens, saysTheSame } from '../ui/token-diff.ts'
import { diffJson, diffText } from '../ui/token-diff-text.ts'
import type { CommandContext } from './command.ts'
import { tokenFrom, type TokenSource } from './token-source.ts'

/** What may be compared, as it stands on the command line. */
export interface DiffSources extends TokenSource {
  readonly other: string | undefined
}

/**
 * `inspect --diff A B`: shows how two tokens differ. Ends with exit code 1 where they say different things, as `diff`
 * does; times, ids and the signature, which are new in every token, are shown and do not count.
 * @throws EntraAuthError `invalid_arguments`, `invalid_token`, `file_unusable` and whatever a profile's cache has to say
 */
export async function inspectDiff(
  sources: DiffSources,
  output: 'json' | 'text' | 'yaml',
  context: CommandContext,
  console: Console,
): Promise<void> {
  const { argument, other, token, file, profile } = sources
  const given: readonly (NamedSource | undefined)[] = [
    argument === undefined ? undefined : namedSource(argument),
    other === undefined ? undefined : namedSource(other),
    token === undefined ? undefined : { name: 'the token given', source: { token } },
    file === undefined ? undefined : { name: file === '-' ? 'stdin' : file, source: { file } },
    profile === undefined ? undefined : { name: `profile ${profile}`, source: { profile } },
  ]
  const [first, second, ...more] = given.filter((one) => one !== undefined)
  if (!first || !second || more.length > 0) throw wrongUse('two tokens are compared, no less and no more')
  if (first.name === 'stdin' && second.name === 'stdin') throw wrongUse('only one token can come from stdin')
  const a = await decoded(first, context)
  const b = await decoded(second, context)
  const diff = diffTokens(a, b)
  if (output === 'text') {
    const text = diffText(diff, { a: first.name, b: second.name }, directoryRoleName, console.paint)
    if (text !== '') console.result(text)
  } else if (output === 'json') {
    for (const lines of jsonLines(diffJson(diff), console)) {
      console.result(lines)
      await context.host.terminal.flushed()
    }
  } else {
    const { formatYaml } = await import('../ui/yaml.ts')
    console.result(formatYaml(diffJson(diff)))
  }
  if (!saysTheSame(diff)) context.exitWith(exitCodeOf('general'))
}

interface NamedSource {
  /** For people; never the token itself. */
  readonly name: string
  readonly source: TokenSource
}

/** A token, `-` for stdin, `profile:NAME`, else a file. */
function namedSource(word: string): NamedSource {
  if (word === '-') return { name: 'stdin', source: { file: '-' } }
  const [, profile] = /^profile:(.+)$/s.exec(word) ?? []
  if (profile !== undefined) return { name: `profile ${profile}`, source: { profile } }
  const isToken = /^["'\s]*(?:bearer\s+)?eyJ/i.test(word) || /^\s*\{/.test(word) || word.length > 1024
  if (isToken) return { name: 'the token given', source: { token: word } }
  return { name: word, source: { file: word } }
}

/** Which of the two is no token must be told. */
async function decoded({ name, source }: NamedSource, context: CommandContext): Promise<TokenJson> {
  try {
    return decodeToJson(await tokenFrom(source, 'inspect', context))
  } catch (error) {
    if (!(error instanceof EntraAuthError) || error.code !== 'invalid_token') throw error
    const { hint, message } = error
    throw new EntraAuthError('invalid_token', `${message} (${name})`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    })
  }
}

function wrongUse(fact: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', fact, {
    hint: 'usage: entra-auth-cli inspect --diff A B, each a file, a token, "-" for stdin, or profile:NAME',
  })
}
