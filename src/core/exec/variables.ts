import { EntraAuthError } from '../../errors.ts'
import { parseScopes } from '../scopes.ts'

/** Whose token, and for what. */
export interface TokenName {
  /** Undefined: that of the call itself, as `--profile` and its absence name it. */
  readonly profile: string | undefined
  /** Empty: the profile's own, or those of the call. */
  readonly scopes: readonly string[]
}

/** A variable of a program's environment: text, and tokens that are to be put in. */
export interface TokenVariable {
  readonly name: string
  readonly parts: readonly (string | TokenName)[]
}

/** What POSIX lets a name consist of, and every shell takes. @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/
const placeholder = /\$\{token(?::([^}]*))?\}/g

/**
 * Reads `--env`: `NAME` for the call's own token, `NAME=PROFILE` or `NAME=PROFILE:SCOPES`.
 * @throws EntraAuthError `invalid_arguments`
 */
export function readAssignment(text: string): TokenVariable {
  const sign = text.indexOf('=')
  const name = sign < 0 ? text : text.slice(0, sign)
  if (!variableName.test(name)) {
    throw new EntraAuthError('invalid_arguments', `"${name.slice(0, 80)}" is no name of a variable`, {
      hint: 'name it as in --env GRAPH_TOKEN, --env GRAPH_TOKEN=graph or --env ARM_TOKEN=arm:https://management.azure.com/.default',
    })
  }
  return { name, parts: [sign < 0 ? ownToken : readTokenName(text.slice(sign + 1), `--env ${name}`)] }
}

/**
 * Reads a template of variables. Each line is `NAME=VALUE`, blank, or a comment that begins with `#`; `export ` before
 * the name and one pair of quotes around the value are taken away. `${token}`, `${token:PROFILE}` and
 * `${token:PROFILE:SCOPES}` in a value stand for tokens; everything else is the value as it is, and no shell reads it.
 * @param source names the template in errors
 * @throws EntraAuthError `invalid_arguments` that names the line and repeats nothing of its value, which may be secret
 */
export function readTemplate(text: string, source: string): readonly TokenVariable[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => readLine(line.trim(), `line ${index + 1} of ${source}`))
}

function readLine(line: string, where: string): readonly TokenVariable[] {
  if (line === '' || line.startsWith('#')) return []
  const [, name, value] = /^(?:export\s+)?([^=\s]+)\s*=\s*(.*)$/u.exec(line) ?? []
  if (name === undefined || value === undefined || !variableName.test(name)) {
    throw new EntraAuthError('invalid_arguments', `${where} is no NAME=VALUE`, {
      hint: 'write one variable a line; a line that begins with # is a comment',
    })
  }
  return [{ name, parts: readValue(withoutQuotes(value), where) }]
}

function withoutQuotes(value: string): string {
  return /^(["']).*\1$/u.test(value) && value.length > 1 ? value.slice(1, -1) : value
}

function readValue(value: string, where: string): readonly (string | TokenName)[] {
  if (/\p{Cc}/u.test(value.replaceAll('\t', ''))) {
    throw new EntraAuthError('invalid_arguments', `${where} holds control characters`, {
      hint: 'a value is one line of text',
    })
  }
  const parts: (string | TokenName)[] = []
  let end = 0
  for (const { index, 0: whole, 1: named } of value.matchAll(placeholder)) {
    if (index > end) parts.push(value.slice(end, index))
    parts.push(named === undefined ? ownToken : readTokenName(named, where))
    end = index + whole.length
  }
  const rest = value.slice(end)
  if (rest.includes('${token')) {
    throw new EntraAuthError('invalid_arguments', `${where} has a placeholder that is none`, {
      hint: 'write ${token}, ${token:PROFILE} or ${token:PROFILE:SCOPES}',
    })
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, rest]
}

const ownToken: TokenName = { profile: undefined, scopes: [] }

/** `PROFILE` or `PROFILE:SCOPES`; a profile's name has no colon. */
function readTokenName(text: string, where: string): TokenName {
  const colon = text.indexOf(':')
  const profile = (colon < 0 ? text : text.slice(0, colon)).trim()
  const scopes = colon < 0 ? [] : parseScopes([text.slice(colon + 1)])
  if (profile === '' || (colon >= 0 && scopes.length === 0)) {
    throw new EntraAuthError(
      'invalid_arguments',
      `${where} names no ${profile === '' ? 'profile' : 'scope'}`,
      {
        hint: 'name a token by PROFILE or PROFILE:SCOPES',
      },
    )
  }
  return { profile, scopes }
}

/**
 * All variables of a call in order.
 * @throws EntraAuthError `invalid_arguments` where one is named twice
 */
export function distinctVariables(variables: readonly TokenVariable[]): readonly TokenVariable[] {
  const names = new Set<string>()
  for (const { name } of variables) {
    if (names.has(name)) {
      throw new EntraAuthError('invalid_arguments', `the variable ${name} is named twice`, {
        hint: 'give each token a variable of its own',
      })
    }
    names.add(name)
  }
  return variables
}

/** The names of all tokens that the variables need, each once. */
export function tokenNames(variables: readonly TokenVariable[]): readonly TokenName[] {
  const names = new Map<string, TokenName>()
  for (const part of variables.flatMap(({ parts }) => parts)) {
    if (typeof part !== 'string') names.set(keyOf(part), part)
  }
  return [...names.values()]
}

/**
 * The environment that the variables make.
 * @param tokens for each of `tokenNames`, by `keyOf`
 */
export function filledIn(
  variables: readonly TokenVariable[],
  tokens: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const text = (part: string | TokenName) =>
    typeof part === 'string' ? part : (tokens.get(keyOf(part)) ?? '')
  return Object.fromEntries(variables.map(({ name, parts }) => [name, parts.map(text).join('')]))
}

/** One key for what is one token: names of profiles do not tell the case apart. */
export function keyOf({ profile, scopes }: TokenName): string {
  return JSON.stringify([profile?.toLowerCase() ?? null, ...scopes])
}
