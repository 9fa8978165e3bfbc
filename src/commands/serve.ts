import { Option, type Command } from 'commander'
import type { AccessToken } from '../core/access-token.ts'
import type { Interaction } from '../core/interaction.ts'
import type { Host } from '../core/ports.ts'
import { profileKey, type Profile } from '../core/profiles/profile.ts'
import { parseScopes } from '../core/scopes.ts'
import type { Permission, TokenWish } from '../core/serve/audience.ts'
import { endpointVariables, isLeftover } from '../core/serve/endpoint-variables.ts'
import { proxyExceptions } from '../core/serve/proxy-exceptions.ts'
import { RequestLog } from '../core/serve/request-log.ts'
import { newSecret } from '../core/serve/serve-secret.ts'
import { TokenKeeper } from '../core/serve/token-keeper.ts'
import { tokenService } from '../core/serve/token-service.ts'
import { tokenRequest } from '../core/token-request.ts'
import { obtainToken } from '../core/tokens.ts'
import { EntraAuthError } from '../errors.ts'
import { canPrompt, signInObstacle } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { variableForms, variablesText, type VariableForm } from '../ui/variables-text.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { contradiction, emptyFlag, gather, parsePort } from './option-values.ts'
import { profileFor } from './profile-choice.ts'
import { containerHost, containerPlace, type ContainerPlace } from './serve-container.ts'

interface Options {
  readonly profile?: readonly string[]
  readonly allowAudience?: readonly string[]
  readonly allowScope?: readonly string[]
  readonly anyAudience?: boolean
  readonly port?: number
  readonly imds?: boolean
  /** True for `--container` without an address. */
  readonly container?: string | true
  readonly output?: VariableForm
  readonly file?: string
  /** False under `--no-interaction`. */
  readonly interaction: boolean
  readonly silent?: boolean
  readonly verbose?: boolean
}

const notes = `
Programs that use Azure's SDKs, azd and scripts get tokens of your profiles from this address, and never see a
secret of yours. The address and a secret for this run are in variables, which are printed, or given to the command
after --. Ctrl-C ends it.

Examples:
  $ entra-auth-cli serve -p graph -- node app.js
  $ entra-auth-cli serve -p graph -p arm --file serve.env
  $ entra-auth-cli serve -p arm --container --file serve.env   # docker run --env-file serve.env …
  $ entra-auth-cli serve -p work --allow-audience https://vault.azure.net -- python3 app.py`

export function serveCommand(context: CommandContext): Command {
  return (
    defineCommand('serve')
      .argument('[command...]', 'program to run, with its arguments, after --; serve ends when it ends')
      .optionsGroup('Which tokens:')
      .option(
        '-p, --profile <name>',
        'profile to serve; may be repeated, and the first is the default',
        gather,
      )
      .option(
        '--allow-audience <resource>',
        "API whose tokens are served, beside those of the profiles' scopes; may be repeated",
        gather,
      )
      .option('--allow-scope <scopes>', 'scopes that are served, and no others of their API', gather)
      .option('--any-audience', 'serve tokens for every API')
      .option('--no-interaction', 'never ask anybody to sign in: fail with exit code 7 instead')
      .optionsGroup('Where:')
      .option('--port <port>', 'port to listen on (default: any free one)', parsePort)
      .option('--imds', 'play the metadata service of virtual machines too, with the secret in its address')
      .option(
        '--container [address]',
        'let containers ask too: on the bridge of Docker or Podman, or this address of the machine',
      )
      .optionsGroup('Output:')
      .addOption(
        new Option(
          '-o, --output <form>',
          'form of the variables (default: sh; in a file dotenv, as Docker reads it)',
        ).choices(variableForms),
      )
      // Not --env-file: Node 20 takes that for an option of its own, wherever it stands.
      .option('--file <path>', 'write the variables to this file (mode 600), for as long as this runs')
      .option('-q, --silent', 'leave stderr empty but for errors')
      .addOption(new Option('--quiet', 'the same as --silent').implies({ silent: true }).hideHelp())
      .option('-v, --verbose', 'say on stderr who asks for what, each time')
      .addHelpText('after', notes)
      .action((words: readonly string[], options: Options) => serve(words, options, context))
  )
}

async function serve(words: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { host, signal } = context
  const console = context.console(options)
  if (words.length > 0 && options.output !== undefined && options.file === undefined) {
    throw contradiction('-o', 'a command', 'the command gets the variables; leave -o away')
  }
  const permission = permissionOf(options)
  const profiles = await profilesToServe(options, context)
  const place = await containerPlace(options.container, host)
  const log = requestLog(words.length > 0, context, console)
  const stopped = new AbortController()
  const tokens = tokenKeeper(AbortSignal.any([signal, stopped.signal]), log, context, console)
  for (const profile of profiles) await getReady(profile, tokens, options, context, console)

  const secret = newSecret()
  const imds = options.imds === true
  const answer = tokenService({
    secret,
    imds,
    hostNames: place?.hostNames ?? [],
    profiles,
    permission,
    tokens,
    now: () => host.now(),
    log,
  })
  const server = await host.tokenServer.open({
    addresses: place?.addresses ?? [],
    port: options.port,
    answer,
    onBroken: (reason) => log.brokenConnection(reason),
  })
  const name = place === undefined ? '127.0.0.1' : containerHost
  const origin = `http://${name}:${server.port}`
  const variables = {
    ...endpointVariables({ origin, secret, imds }),
    ...proxyExceptions(host.env, name),
  }
  let hasFile = false
  try {
    warnOfRisks(options, place, console)
    if (options.file !== undefined) {
      await writeVariables(options.file, variables, options, host)
      hasFile = true
    }
    if (words.length > 0) {
      context.exitWith(await host.programs.run(words, variables))
      return
    }
    const names = profiles.map(({ name }) => `"${name}"`).join(', ')
    console.say(`Serving tokens of ${names} at ${origin} until Ctrl-C.`)
    if (options.file === undefined) console.result(variablesText(variables, options.output ?? 'sh'))
    await aborted(signal)
  } finally {
    stopped.abort(new EntraAuthError('interrupted', 'serve has ended'))
    await server.close()
    if (hasFile && options.file !== undefined) await host.files.remove(options.file)
  }
}

async function writeVariables(
  path: string,
  variables: Readonly<Record<string, string>>,
  { output = 'dotenv' }: Options,
  { files }: Host,
): Promise<void> {
  const text = variablesText(variables, output)
  const before = await files.read(path)
  if (before && before.length > 0 && !isLeftover(before.toString('utf8'), text)) {
    throw new EntraAuthError('file_unusable', `"${path}" is there already, and holds something else`, {
      hint: 'name another file: it is written over now and removed at the end',
    })
  }
  await files.write(path, `${text}\n`)
}

function permissionOf({ allowAudience, allowScope, anyAudience }: Options): Permission {
  if (anyAudience && (allowAudience || allowScope)) {
    throw contradiction('--any-audience', allowAudience ? '--allow-audience' : '--allow-scope')
  }
  // As from a variable that is not set: it would allow less than was meant, or what nobody meant.
  if (allowAudience?.some((text) => /^[\s/]*$/.test(text))) throw emptyFlag('--allow-audience')
  if (allowScope?.some((text) => /^[\s,]*$/.test(text))) throw emptyFlag('--allow-scope')
  return {
    audiences: (allowAudience ?? []).map((text) => text.trim().replace(/\/\.default$/i, '')),
    scopes: parseScopes(allowScope ?? []),
    any: anyAudience === true,
  }
}

async function profilesToServe(
  { profile: named, interaction }: Options,
  { host }: CommandContext,
): Promise<readonly Profile[]> {
  const profiles: Profile[] = []
  for (const name of named ?? [undefined]) {
    const profile = await profileFor(name, host, interaction)
    if (profile.defaultFlow === 'on-behalf-of') {
      throw new EntraAuthError('invalid_arguments', `profile "${profile.name}" cannot be served`, {
        hint: 'its tokens belong to whoever called its app; get them with "entra-auth-cli get-token --assertion -"',
      })
    }
    const isDouble = profiles.some((other) => profileKey(other.name) === profileKey(profile.name))
    if (!isDouble) profiles.push(profile)
  }
  return profiles
}

/** A program that runs has the terminal for itself: who asked for what is then told under `--verbose` alone. */
function requestLog(hasProgram: boolean, { host }: CommandContext, console: Console): RequestLog {
  return new RequestLog({
    now: () => host.now(),
    say: (text) => (hasProgram || console.verbose ? undefined : console.say(text)),
    warn: (text) => console.warn(text),
    trace: (text) => console.trace(text),
  })
}

/** SDKs take a token with five minutes left for one that is over. */
const minimumLifetimeSeconds = 600

/** Tokens got behind the programs that ask: from then on nobody is asked for anything. */
function tokenKeeper(
  signal: AbortSignal,
  log: RequestLog,
  { host }: CommandContext,
  console: Console,
): TokenKeeper {
  const nobody = consoleInteraction(console, {
    obstacle: 'serve asks nobody once it runs',
    mayPrompt: false,
    showUrlOnly: true,
  })
  return new TokenKeeper({
    obtain: ({ profile, scopes }) => {
      const request = tokenRequest(profile, { scopes, minimumLifetimeSeconds })
      return obtainToken(request, host, nobody, signal)
    },
    now: () => host.now(),
    onObtained: ({ profile }, token) => console.trace(`${profile.name}: ${validity(token)}`),
    onFailure: (wish, error) => {
      if (error instanceof EntraAuthError && !signal.aborted) log.failed(wish, error)
    },
  })
}

const validity = ({ expiresOn }: AccessToken) => `a token until ${expiresOn.toISOString()}`

/**
 * Gets the profile's own token before anybody can ask: it shows that the profile works, and is the moment at which a
 * person may be asked to sign in.
 */
async function getReady(
  profile: Profile,
  tokens: TokenKeeper,
  options: Options,
  { host, signal }: CommandContext,
  console: Console,
): Promise<void> {
  const obstacle = options.interaction
    ? signInObstacle(host.terminal, host.env)
    : '--no-interaction forbids to ask'
  const interaction: Interaction = consoleInteraction(console, {
    obstacle,
    mayPrompt: options.interaction && canPrompt(host.terminal, host.env),
    showUrlOnly: false,
  })
  const request = tokenRequest(profile, { minimumLifetimeSeconds })
  const mayUseDeviceCode = profile.defaultFlow === undefined
  const signIn = { ...request.signIn, mayUseDeviceCode }
  const token = await obtainToken({ ...request, signIn }, host, interaction, signal)
  const wish: TokenWish = { profile, scopes: profile.scopes }
  tokens.put(wish, token)
}

function warnOfRisks(
  { imds, anyAudience }: Options,
  place: ContainerPlace | undefined,
  console: Console,
): void {
  if (place) {
    console.warn(
      `${place.reach}, and whoever of them has the secret gets tokens; give it to containers you trust alone`,
    )
  }
  if (imds) {
    console.warn(
      'the secret is a part of the address in AZURE_POD_IDENTITY_AUTHORITY_HOST, and programs log addresses',
    )
  }
  if (anyAudience)
    console.warn('whoever has the secret gets tokens for every API that the profiles can reach')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
