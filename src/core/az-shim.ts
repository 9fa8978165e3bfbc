import { EntraAuthError } from '../errors.ts'
import { isTenant } from './profiles/profile.ts'
import { parseScopes } from './scopes.ts'
import { shellWord } from './shell-word.ts'

/** What a program that calls `az` wants of us. */
export type AzAsk =
  | { readonly kind: 'token'; readonly ask: AzTokenAsk }
  | { readonly kind: 'version'; readonly as: 'json' | 'text' }
  /** Whatever else `az` can. */
  | { readonly kind: 'other' }

/** `az account get-access-token` with its flags. */
export interface AzTokenAsk {
  /** Empty: for Azure Resource Manager. */
  readonly scopes: readonly string[]
  readonly tenant: string | undefined
  readonly subscription: string | undefined
  readonly output: 'json' | 'tsv' | 'none'
  /** The one field that is wanted; undefined for all of them. */
  readonly field: string | undefined
}

/** Those of `az`'s flags that take a value, by all their names. */
const valued: Readonly<Record<string, string>> = {
  '--resource': 'resource',
  '--scope': 'scope',
  '--scopes': 'scope',
  '--resource-type': 'resource-type',
  '--tenant': 'tenant',
  '-t': 'tenant',
  '--subscription': 'subscription',
  '--name': 'subscription',
  '-s': 'subscription',
  '-n': 'subscription',
  '--output': 'output',
  '-o': 'output',
  '--query': 'query',
}
/** They change nothing of what is printed. */
const ignored: ReadonlySet<string> = new Set(['--only-show-errors', '--verbose', '--debug'])

const resourceTypes: Readonly<Record<string, string>> = {
  arm: 'https://management.azure.com',
  'ms-graph': 'https://graph.microsoft.com',
  'aad-graph': 'https://graph.windows.net',
  batch: 'https://batch.core.windows.net/',
  'data-lake': 'https://datalake.azure.net',
  media: 'https://rest.media.azure.net',
  'oss-rdbms': 'https://ossrdbms-aad.database.windows.net',
}

/**
 * Reads the words of a call of `az`.
 * @throws EntraAuthError `invalid_arguments` for a question after a token that is not understood whole: a wrong token is
 *   worse than none
 * @see https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
 */
export function readAzWords(words: readonly string[]): AzAsk {
  const [first, second, ...others] = words
  if (first === '--version' || first === '-v') return { kind: 'version', as: 'text' }
  if (first === 'version') return { kind: 'version', as: 'json' }
  if (first !== 'account' || second !== 'get-access-token') return { kind: 'other' }
  return { kind: 'token', ask: readTokenAsk(readFlags(others)) }
}

type Flags = ReadonlyMap<string, readonly string[]>

function readFlags(words: readonly string[]): Flags {
  const flags = new Map<string, readonly string[]>()
  let last: string | undefined
  for (const word of words) {
    const [, name = '', value] = /^(--?[a-z-]+)(?:=(.*))?$/s.exec(word) ?? []
    const known = Object.hasOwn(valued, name) ? valued[name] : undefined
    if (known !== undefined) {
      flags.set(known, [...(flags.get(known) ?? []), ...(value === undefined ? [] : [value])])
      last = value === undefined ? known : undefined
    } else if (last !== undefined && !word.startsWith('-')) {
      flags.set(last, [...(flags.get(last) ?? []), word])
      // `--scope` takes several, as az's own does.
      if (last !== 'scope') last = undefined
    } else if (!ignored.has(word)) {
      throw notUnderstood(`"${word}"`)
    }
  }
  return flags
}

function readTokenAsk(flags: Flags): AzTokenAsk {
  const tenant = only(flags, 'tenant')
  if (tenant !== undefined && !isTenant(tenant)) throw notUnderstood(`the tenant "${tenant}"`)
  return {
    scopes: readScopes(flags),
    tenant,
    // Azure's SDK for JavaScript puts it into quotes of its own.
    subscription: only(flags, 'subscription')?.replace(/^"(.*)"$/, '$1'),
    output: readOutput(flags),
    field: readField(flags),
  }
}

function readScopes(flags: Flags): readonly string[] {
  const resource = only(flags, 'resource')
  const type = only(flags, 'resource-type')
  const scopes = parseScopes(flags.get('scope') ?? [])
  if ([resource, type, scopes[0]].filter((given) => given !== undefined).length > 1) {
    throw notUnderstood('more than one of --resource, --resource-type and --scope')
  }
  if (resource !== undefined) return [`${resource}/.default`]
  if (type === undefined) return scopes
  if (!Object.hasOwn(resourceTypes, type)) throw notUnderstood(`the resource type "${type}"`)
  return [`${resourceTypes[type]}/.default`]
}

function readOutput(flags: Flags): AzTokenAsk['output'] {
  const output = only(flags, 'output') ?? 'json'
  if (output === 'json' || output === 'jsonc') return 'json'
  if (output === 'none') return 'none'
  if (output === 'tsv' && flags.has('query')) return 'tsv'
  throw notUnderstood(`--output ${output}`, 'take json, or tsv with --query accessToken')
}

function readField(flags: Flags): string | undefined {
  const query = only(flags, 'query')
  if (query === undefined || /^\w+$/.test(query)) return query
  throw notUnderstood('--query', 'it takes the name of one field, as in --query accessToken')
}

function only(flags: Flags, name: string): string | undefined {
  const values = flags.get(name)
  if (values === undefined) return undefined
  const value = values[0]
  if (value !== undefined && value !== '' && values.length === 1) return value
  throw notUnderstood(`--${name} with ${values.length} values`)
}

function notUnderstood(what: string, hint?: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${what} is not understood in the place of az`, {
    hint: hint ?? 'it takes --resource, --scope, --tenant, --subscription, --output and --query',
  })
}

/** What tells a script of ours from a real `az`. */
const mark = 'entra-auth-cli az-shim'

/** Whether a file is one that we wrote, and may be written over. */
export function isAzScript(text: string): boolean {
  return text.includes(mark)
}

export interface AzScriptOptions {
  /** Undefined: the one that is meant without a name, each time. */
  readonly profile: string | undefined
  /** What answers everything but questions after tokens. */
  readonly realAz: string | undefined
}

/** A program named `az` that asks us, for a shell of POSIX. */
export function azScript({ profile, realAz }: AzScriptOptions): string {
  const flags = [
    ...(profile === undefined ? [] : ['-p', shellWord(profile)]),
    ...(realAz === undefined ? [] : ['--real-az', shellWord(realAz)]),
  ]
  return [
    '#!/bin/sh',
    '# In the place of az, for programs that get their tokens by "az account get-access-token".',
    `exec ${[mark, ...flags].join(' ')} -- "$@"`,
    '',
  ].join('\n')
}

/**
 * The same for `cmd.exe`, which has no quoting that holds for every text.
 * @throws EntraAuthError `invalid_arguments` for a name or a path that it could take for something else
 */
export function azCmd({ profile, realAz }: AzScriptOptions): string {
  const flags = [
    ...(profile === undefined ? [] : ['-p', cmdWord(profile)]),
    ...(realAz === undefined ? [] : ['--real-az', cmdWord(realAz)]),
  ]
  return `@${[mark, ...flags].join(' ')} -- %*\r\n`
}

function cmdWord(text: string): string {
  if (/^[\w .,:\\/()-]+$/.test(text)) return `"${text}"`
  throw new EntraAuthError('invalid_arguments', `cmd.exe cannot be given "${text}" safely`, {
    hint: 'give the profile a name of letters, digits, ".", "_" and "-"',
  })
}
