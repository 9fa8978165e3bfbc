import type { Command } from 'commander'
import { readAddress, withoutQuery } from '../core/call/address.ts'
import { jsonIn, wholeBody } from '../core/call/answer.ts'
import { isRedirect, openCaller, type Caller, type CallRequest } from '../core/call/caller.ts'
import { contentTypeOf, readHeaders, readMethod, textIn } from '../core/call/content.ts'
import { callFailure } from '../core/call/failure.ts'
import { endOfOperation } from '../core/call/operation.ts'
import { pagesOf } from '../core/call/pages.ts'
import { chooseCallToken, type CallWish } from '../core/call/token-wish.ts'
import { withDeadline } from '../core/deadline.ts'
import type { HttpStream } from '../core/ports.ts'
import type { Profile } from '../core/profiles/profile.ts'
import { parseScopes } from '../core/scopes.ts'
import { shellWord } from '../core/shell-word.ts'
import { EntraAuthError } from '../errors.ts'
import { itemTexts, printBytes, printHead, printText } from '../ui/answer-output.ts'
import type { Console } from '../ui/console.ts'
import { plainStage } from '../ui/json.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { contradiction, emptyFlag, gather, parseDuration } from './option-values.ts'
import { profileFor } from './profile-choice.ts'
import { readStdin } from './stdin.ts'
import { addTokenUseOptions, tokenGetter, type TokenUseOptions } from './token-use.ts'

interface Options extends TokenUseOptions {
  readonly profile?: string
  readonly scope?: readonly string[]
  readonly allowHost?: readonly string[]
  readonly method?: string
  readonly data?: string
  readonly header?: readonly string[]
  readonly paginate?: boolean
  readonly jsonl?: boolean
  readonly wait?: boolean
  readonly timeout?: number
  readonly include?: boolean
  readonly raw?: boolean
  readonly output?: string
}

const notes = `
The host tells which token is needed: Microsoft Graph, Azure Resource Manager, Key Vault, Storage, Azure DevOps,
Power BI, Dataverse and more, in all clouds. A path alone is Microsoft Graph's. Any other host needs --scope. A token
goes to the hosts of its own API, by https, and never along with a redirect to another host.

In a pipe the body comes as the API sent it; a terminal shows JSON laid out. Exit code 0 for 2xx, 1 for any other
answer: its body is printed all the same, and what it says is told on stderr.

Examples:
  $ entra-auth-cli call /me
  $ entra-auth-cli call -p graph '/users?$select=id,displayName' --paginate --jsonl
  $ entra-auth-cli call -p arm 'https://management.azure.com/subscriptions?api-version=2022-12-01'
  $ entra-auth-cli call -p graph PATCH /me -d '{"officeLocation": "18/2111"}'
  $ entra-auth-cli call -p storage https://contoso.blob.core.windows.net/logs/today.gz -o today.gz`

export function callCommand(context: CommandContext): Command {
  const command = defineCommand('call')
    .argument('<[method] address...>', 'https address, or a path of Microsoft Graph such as /me')
    .optionsGroup('Which token:')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option(
      '-s, --scope <scopes>',
      'scopes of the token, where the host does not tell; may be repeated',
      gather,
    )
    .option('--allow-host <host>', 'send the token to this host although it is none of its API', gather)
    .optionsGroup('Request:')
    .option('-X, --method <method>', 'method (default: GET; POST with -d)')
    .option('-d, --data <text|@file|->', 'body: text, a file, or stdin')
    .option('-H, --header <name: value>', 'header to send; may be repeated', gather)
    .option('--wait', 'wait for the end of a long-running operation')
    .option('--timeout <time>', 'give up after this time (default: none; 1h with --wait)', parseDuration)
    .optionsGroup('Output:')
    .option('--paginate', 'get all pages of a collection, as one JSON array')
    .option('--jsonl', 'print each item of a collection on a line of its own')
    .option('-i, --include', 'print status and headers before the body')
    .option('--raw', 'print the body as it came, to a terminal too')
    .option('-o, --output <file>', 'write the body to this file (mode 600)')
  return addTokenUseOptions(command)
    .addHelpText('after', notes)
    .action((words: readonly string[], options: Options) => call(words, options, context))
}

async function call(words: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const console = context.console(options)
  checkOutput(options)
  const { method, address } = readWords(words, options)
  const scopes = parseScopes(options.scope ?? [])
  if (options.scope && scopes.length === 0) throw emptyFlag('--scope')
  const headers = readHeaders(options.header ?? [])
  const profile = await profileFor(options.profile, context.host, options.interaction)
  const url = readAddress(address, profile)
  const wish = chooseCallToken(url, profile, { scopes, allowedHosts: options.allowHost ?? [] })
  const body = await bodyOf(options, context)
  const request: CallRequest = {
    method: readMethod(method ?? (body === undefined ? 'GET' : 'POST')),
    url,
    headers: {
      accept: '*/*',
      ...wish.headers,
      ...(body === undefined ? {} : { 'content-type': contentTypeOf(body) }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  }
  const milliseconds = options.timeout ?? (options.wait ? 3_600_000 : undefined)
  const work = (signal: AbortSignal) =>
    answer(request, { profile, wish, options, context: { ...context, signal }, console })
  await (milliseconds === undefined
    ? work(context.signal)
    : withDeadline(context.signal, milliseconds, `${url.host} was not done in time`, work))
}

/** All that a call goes by. */
interface Call {
  readonly profile: Profile
  readonly wish: CallWish
  readonly options: Options
  readonly context: CommandContext
  readonly console: Console
}

async function answer(request: CallRequest, the: Call): Promise<void> {
  const { profile, wish, options, context, console } = the
  const { host, signal } = context
  const obtain = tokenGetter(options, context, console)
  const caller = openCaller({
    host,
    obtain: (wishes = {}) => obtain(profile, { scopes: wish.scopes, ...wishes }),
    caFile: profile.caFile,
    signal,
    onWait: (text) => console.progress(text),
  })
  if (options.paginate || options.jsonl) return printItems(request, caller, the)
  const first = await caller.send(request)
  if (!options.wait) return print(first, request, the)
  const onStatus = (status: string) => console.progress(`${status}...`)
  const ended = await endOfOperation(first, request, { caller, host, signal, onStatus })
  await print(ended.answer, request, the)
  if (ended.failure) throw ended.failure
}

async function print(given: HttpStream, request: CallRequest, the: Call): Promise<void> {
  const { options, context, console } = the
  if (options.include || request.method === 'HEAD') printHead(given, console)
  if (!isSuccess(given, the.wish)) {
    const body = await wholeBody(given, largestFailure)
    // A file is for what was asked for.
    if (options.output === undefined) await printWhole(body, given, the)
    throw failureOf(given, body, request, the)
  }
  if (options.output !== undefined) return context.host.files.write(options.output, given.body)
  if (isForPerson(the)) return printWhole(await wholeBody(given, largestShown), given, the)
  await printBytes(given.body, context.host.terminal)
}

const isForPerson = ({ console, options }: Call) => console.resultIsRead && !options.raw

async function printWhole(body: Buffer, { headers }: HttpStream, the: Call): Promise<void> {
  const { context, console } = the
  if (!isForPerson(the)) return printBytes(inOnePiece(body), context.host.terminal)
  const text = textIn(body)
  if (text !== undefined) return printText(text, jsonIn(text) !== undefined, console)
  const kind = headers['content-type'] ?? 'of no kind'
  throw new EntraAuthError('general', `the answer is no text (${kind})`, {
    hint: 'write it to a file with -o FILE, or show it as it is with --raw',
  })
}

async function* inOnePiece(body: Buffer): AsyncGenerator<Buffer, void> {
  yield body
}

async function printItems(request: CallRequest, caller: Caller, the: Call): Promise<void> {
  const { options, context, console } = the
  const { files, terminal, now } = context.host
  const onFailure = async (given: HttpStream) => {
    const body = await wholeBody(given, largestFailure)
    return failureOf(given, body, request, the)
  }
  const pages = collectionPages(pagesOf(request, caller, onFailure), options, console)
  const stage = options.output === undefined ? console : plainStage
  const texts = itemTexts(pages, options.jsonl ? 'lines' : 'array', stage)
  let [count, told] = [0, now().getTime()]
  const pieces = async function* () {
    for await (const { text, items } of texts) {
      yield Buffer.from(text)
      count += items
      if (now().getTime() - told < 1000) continue
      told = now().getTime()
      console.progress(`  ${count} items...`)
    }
  }
  if (options.output !== undefined) return files.write(options.output, pieces())
  await printBytes(pieces(), terminal)
}

/** All pages, or the first one alone. */
async function* collectionPages(
  pages: ReturnType<typeof pagesOf>,
  { paginate }: Options,
  console: Console,
): ReturnType<typeof pagesOf> {
  for await (const page of pages) {
    yield page
    if (paginate) continue
    if (page.hasNext) console.warn('there are more pages; --paginate gets them all')
    return
  }
}

const largestFailure = 1024 * 1024
/** More than a person reads, and few enough to be held. */
const largestShown = 10 * 1024 * 1024

/** Azure DevOps answers 203 with a page to sign in, where it takes no token. */
function isSuccess({ status }: HttpStream, { api }: CallWish): boolean {
  return status >= 200 && status <= 299 && !(status === 203 && api === 'Azure DevOps')
}

function failureOf(given: HttpStream, body: Uint8Array, request: CallRequest, the: Call): EntraAuthError {
  const { status, headers } = given
  if (isRedirect(given)) {
    const target = withoutQuery(headers['location'] ?? '', request.url)
    return new EntraAuthError('general', `${the.wish.api} answered ${status}: it is at ${target}`, {
      hint: 'the token does not go there; see the whole address with -i, and get it without a token',
    })
  }
  return callFailure(status, new TextDecoder().decode(body), {
    api: the.wish.api,
    retryAfter: headers['retry-after'],
    profile: shellWord(the.profile.name),
  })
}

function checkOutput({ paginate, jsonl, include, raw, wait, output }: Options): void {
  if (output === '') throw emptyFlag('--output')
  const collection = paginate ? '--paginate' : jsonl ? '--jsonl' : undefined
  if (collection === undefined) return
  if (include) throw contradiction(collection, '--include', 'pages have headers of their own; leave one away')
  if (raw) throw contradiction(collection, '--raw', 'items of all pages are one answer; leave one away')
  if (wait) throw contradiction(collection, '--wait', 'an operation has no pages; leave one away')
}

/** `METHOD ADDRESS`, or an address alone. */
function readWords(
  words: readonly string[],
  { method: named }: Options,
): { readonly method: string | undefined; readonly address: string } {
  const [first = '', second, ...others] = words
  if (second === undefined) return { method: named, address: first }
  if (named !== undefined) throw contradiction('-X', `"${first}"`, 'name the method once')
  if (others.length > 0) {
    throw new EntraAuthError('invalid_arguments', 'there is more than a method and an address', {
      hint: 'put the address into quotes: a shell takes & and spaces for the end of a word',
    })
  }
  return { method: first, address: second }
}

async function bodyOf({ data, timeout }: Options, context: CommandContext): Promise<Uint8Array | undefined> {
  if (data === undefined) return undefined
  if (data === '-' || data === '@-') return readStdin(context, timeout)
  if (data.startsWith('@')) return context.host.files.readInput(data.slice(1), context.signal)
  return Buffer.from(data)
}
