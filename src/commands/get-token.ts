import { Option, type Command } from 'commander'
import { secondsLeft, type AccessToken } from '../core/access-token.ts'
import { readClaims } from '../core/claims-challenge.ts'
import { secretText } from '../core/client-secret.ts'
import { flows, parseFlow, type Flow } from '../core/flows/flow.ts'
import { isTenant, naturalFlow, type Profile } from '../core/profiles/profile.ts'
import { parseScopes } from '../core/scopes.ts'
import { shellWord } from '../core/shell-word.ts'
import { prompts, tokenRequest, type Prompt, type TokenRequest } from '../core/token-request.ts'
import { obtainToken } from '../core/tokens.ts'
import { EntraAuthError } from '../errors.ts'
import { canPrompt, signInObstacle } from '../ui/can-prompt.ts'
import type { Console } from '../ui/console.ts'
import { consoleInteraction } from '../ui/console-interaction.ts'
import { accountFlag } from './account-flag.ts'
import { assertionFlag, hasAssertion, type AssertionOptions } from './assertion-flag.ts'
import { defineCommand, type CommandContext } from './command.ts'
import {
  contradiction,
  emptyFlag,
  gather,
  parseDuration,
  parseMinutes,
  parsePort,
  parsePortRange,
} from './option-values.ts'
import { profileFor } from './profile-choice.ts'
import { secretFlag } from './secret-flag.ts'
import { readNamedInput } from './stdin.ts'
import { addTokenOutputOptions, printToken, tokenOutput, type TokenOutputOptions } from './token-output.ts'

interface Options extends TokenOutputOptions, AssertionOptions {
  readonly profile?: string
  readonly scope?: readonly string[]
  readonly flow?: string
  readonly force?: boolean
  /** False under `--no-cache`. */
  readonly cache: boolean
  readonly minTtl: number
  readonly warnExpiry: number
  readonly timeout?: number
  readonly redirectUri?: string
  readonly port?: number
  readonly portRange?: readonly number[]
  /** False under `--no-browser`. */
  readonly browser: boolean
  readonly showUrl?: boolean
  readonly account?: string
  readonly loginHint?: string
  readonly prompt?: Prompt
  readonly tenant?: string
  readonly claims?: string
  readonly clientSecret?: string
  readonly clientSecretFile?: string
  readonly cacheCertPassword?: boolean
  /** False under `--no-interaction`. */
  readonly interaction: boolean
}

const examples = `
Examples:
  $ TOKEN=$(entra-auth-cli get-token -p graph)
  $ entra-auth-cli get-token -p graph -o header | curl -H @- https://graph.microsoft.com/v1.0/me
  $ entra-auth-cli get-token -p graph --scope "https://graph.microsoft.com/User.Read Mail.Read"
  $ entra-auth-cli get-token -p work --flow device-code -o json`

export function getTokenCommand(context: CommandContext): Command {
  const command = defineCommand('get-token')
    .optionsGroup('Which token:')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option(
      '-s, --scope <scopes>',
      "scopes instead of the profile's, for this call only; may be repeated",
      gather,
    )
    // Its reader comes after its choices: parseFlow knows more spellings than are shown.
    .addOption(
      new Option('-f, --flow <flow>', 'how to get it; "help flows" says more')
        .choices(flows)
        .argParser(String),
    )
    .option('--force', 'get a new token even if the cached one is good')
    .option('--no-cache', 'do not keep the new token')
    .addOption(
      new Option('--min-ttl <time>', 'life a cached token must have left')
        .argParser(parseDuration)
        .default(5 * 60_000, '5m'),
    )
    .option('--warn-expiry <minutes>', 'warn when a cached token has no more than this left', parseMinutes, 5)
    .option(
      '--timeout <time>',
      'give up after this time (default: 60s; 15m where a person signs in)',
      parseDuration,
    )
    .option('--tenant <tenant>', "tenant instead of the profile's")
    .option(
      '--claims <challenge>',
      'answer a claims challenge: its JSON, base64 or whole WWW-Authenticate header',
    )
    .option('--client-secret <secret>', 'client secret for this call: "-" reads it from stdin')
    .option('--client-secret-file <path>', 'file that holds the client secret for this call')
    .option('--assertion <token>', 'token to act on behalf of: "-" reads it from stdin')
    .option('--assertion-file <path>', 'file that holds the token to act on behalf of')
    .option('--cache-cert-password', 'keep the password that opens the certificate, sealed')
    .optionsGroup('Signing in:')
    .option('--account <user>', 'whose token, where several people are signed in; nobody else can sign in')
    .option('--login-hint <user>', 'user name to sign in with')
    .addOption(new Option('--prompt <how>', 'ask anew, although somebody is signed in').choices(prompts))
    .option('--redirect-uri <uri>', 'loopback redirect URI that the app has registered')
    .option('--port <port>', 'port for the redirect (default: any free one)', parsePort)
    .option('--port-range <from-to>', 'first free port of a range for the redirect', parsePortRange)
    .option('--no-browser', 'print the sign-in address, for a browser anywhere, instead of opening one')
    .addOption(new Option('--show-url', 'the same as --no-browser').hideHelp())
    .option('--no-interaction', 'never ask anybody: fail with exit code 7 instead')
  return addTokenOutputOptions(command)
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { host, signal } = context
      const console = context.console(options)
      const output = tokenOutput(options, context.host.env)
      const profile = await profileFor(options.profile, host, options.interaction)
      const request = await requestOf(profile, options, context, console)
      console.progress(`Authenticating with profile '${profile.name}'...`)
      const obstacle = options.interaction
        ? signInObstacle(host.terminal, host.env)
        : '--no-interaction forbids to ask'
      const interaction = consoleInteraction(console, {
        obstacle,
        mayPrompt: options.interaction && canPrompt(host.terminal, host.env),
        showUrlOnly: !options.browser || options.showUrl === true,
      })
      const token = await obtainToken(request, host, interaction, signal)
      console.trace(token.fromCache ? 'the token was cached' : 'the token was requested')
      console.progressSuccess('Token acquired successfully')
      warnOfExpiry(token, options.warnExpiry, profile, host.now(), console)
      await printToken(token, output, options, host, console)
    })
}

async function requestOf(
  profile: Profile,
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<TokenRequest> {
  const { timeout } = options
  const flow = flowOf(options)
  const scopes = parseScopes(options.scope ?? [])
  if (options.scope && scopes.length === 0) throw emptyFlag('--scope')
  const redirectUri = options.redirectUri ?? profile.redirectUri
  return tokenRequest(
    { ...profile, tenantId: tenantOf(profile, options.tenant), redirectUri },
    {
      ...(flow === undefined ? {} : { flow }),
      ...(scopes.length === 0 ? {} : { scopes }),
      ...(timeout === undefined
        ? {}
        : { timeouts: { requestMilliseconds: timeout, personMilliseconds: timeout } }),
      minimumLifetimeSeconds: options.minTtl / 1000,
      fresh: options.force === true,
      store: options.cache,
      claims: options.claims === undefined ? undefined : readClaims(options.claims),
      clientSecret: await givenSecret(options, context, console),
      userAssertion: await assertionFlag(options, flow ?? naturalFlow(profile), context, console),
      keepCertificatePassword: options.cacheCertPassword === true,
      signIn: {
        account: accountFlag(options.account, flow ?? naturalFlow(profile)),
        loginHint: options.loginHint,
        prompt: options.prompt,
        mayUseDeviceCode: flow === undefined && profile.defaultFlow === undefined,
        ports: portsOf(options),
      },
    },
  )
}

/** The flow that the flags name; an assertion names it too. */
function flowOf(options: Options): Flow | undefined {
  if (options.flow !== undefined) return parseFlow(options.flow)
  return hasAssertion(options) ? 'on-behalf-of' : undefined
}

function portsOf({ port, portRange }: Options): readonly number[] | undefined {
  if (port !== undefined && portRange !== undefined) throw contradiction('--port', '--port-range')
  return port === undefined ? portRange : [port]
}

function tenantOf(profile: Profile, override: string | undefined): string {
  if (override === undefined || isTenant(override)) return override ?? profile.tenantId
  throw new EntraAuthError('invalid_arguments', `"${override}" is no tenant`, {
    hint: 'give a tenant id (GUID), a domain such as contoso.onmicrosoft.com, or common, organizations, consumers',
  })
}

async function givenSecret(
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<string | undefined> {
  const { clientSecret, clientSecretFile, assertion } = options
  if (clientSecret !== undefined && clientSecretFile !== undefined)
    throw contradiction('--client-secret', '--client-secret-file')
  if (clientSecret === '-' && assertion === '-') {
    throw contradiction(
      '--client-secret -',
      '--assertion -',
      'stdin holds one of them; read the other from a file',
    )
  }
  if (clientSecretFile !== undefined) {
    return secretText(
      await readNamedInput(clientSecretFile, context, options.timeout),
      `"${clientSecretFile}"`,
    )
  }
  return secretFlag(clientSecret, 'client secret', context, console, options.timeout)
}

function warnOfExpiry(
  token: AccessToken,
  minutes: number,
  profile: Profile,
  now: Date,
  console: Console,
): void {
  const left = secondsLeft(token, now) / 60
  if (!token.fromCache || left > minutes) return
  console.warn(
    `the token expires in ${Math.floor(left)} minutes; get a new one with "entra-auth-cli refresh -p ${shellWord(profile.name)}"`,
  )
}
