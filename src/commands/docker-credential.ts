import type { Command } from 'commander'
import { exchangeForRegistry, registryOf, registryScope, registryUser } from '../core/container-registry.ts'
import { readTrustedHost } from '../core/host-pattern.ts'
import { parseScopes } from '../core/scopes.ts'
import { EntraAuthError } from '../errors.ts'
import type { Console } from '../ui/console.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { askedByProgram, tokenForProgram, type ProgramOptions } from './asked-by-program.ts'
import { gather } from './option-values.ts'

interface Options extends ProgramOptions {
  readonly scope?: readonly string[]
  readonly host?: readonly string[]
}

const notes = `
docker calls a program named docker-credential-entra-auth-cli, for the registries that its configuration
(~/.docker/config.json) names it for:
  { "credHelpers": { "contoso.azurecr.io": "entra-auth-cli" } }
A registry gets a token and gives its own for it, which docker pulls and pushes with. Only registries of Azure
(azurecr.io, .us, .cn) are answered for. Nothing is stored, so there is nothing to erase.

Examples:
  # the program that docker calls, in a folder of PATH
  $ printf '#!/bin/sh\\nexec entra-auth-cli docker-credential -p acr "$@"\\n' > ~/.local/bin/docker-credential-entra-auth-cli
  $ chmod 755 ~/.local/bin/docker-credential-entra-auth-cli`

/** What docker knows to be no failure: it goes on without credentials. */
const notFound = 'credentials not found in native keychain'

export function dockerCredentialCommand(context: CommandContext): Command {
  return defineCommand('docker-credential')
    .argument('<operation>', 'what docker asks for: get, store, erase, list or version')
    .option('-p, --profile <name>', 'profile to use; else ENTRA_AUTH_CLI_PROFILE, "default", or the only one')
    .option('-s, --scope <scopes>', 'scopes of the token that the registry gets', gather)
    .option('--host <host>', 'a further host that is a registry of Azure; may be repeated', gather)
    .option('--no-interaction', 'never ask anybody to sign in')
    .option('-v, --verbose', 'say on stderr what is done')
    .addHelpText('after', notes)
    .action((operation: string, options: Options) => answer(operation, options, context))
}

async function answer(operation: string, options: Options, context: CommandContext): Promise<void> {
  const console = context.console(options)
  const trusted = (options.host ?? []).map(readTrustedHost)
  switch (operation) {
    case 'get':
      return get(trusted, options, context, console)
    case 'store':
      return store(trusted, context)
    case 'erase':
      return
    case 'list':
      return console.result('{}')
    case 'version': {
      const { version } = await import('./version.ts')
      return console.result(`entra-auth-cli ${version}`)
    }
    default:
      throw new EntraAuthError('invalid_arguments', `docker asks for nothing called "${operation}"`, {
        hint: 'it is one of get, store, erase, list and version',
      })
  }
}

async function get(
  trusted: readonly string[],
  options: Options,
  context: CommandContext,
  console: Console,
): Promise<void> {
  const server = (await askedByProgram('docker', context)).trim()
  const registry = registryOf(server, trusted)
  if (registry === undefined) {
    console.result(notFound)
    return context.exitWith(1)
  }
  const { host, signal } = context
  const scopes = options.scope ? parseScopes(options.scope) : [registryScope(registry)]
  const { token, profile } = await tokenForProgram(options, scopes, context, console)
  const secret = await exchangeForRegistry(registry, token, profile, host, signal)
  console.trace(`${registry} gave a refresh token`)
  console.result(JSON.stringify({ ServerURL: server, Username: registryUser, Secret: secret }))
}

/**
 * docker stores what it got from us, which is got anew each time. Anything else would be lost without a word.
 * @throws EntraAuthError `invalid_arguments`
 */
async function store(trusted: readonly string[], context: CommandContext): Promise<void> {
  const { server, username } = readCredentials(await askedByProgram('docker', context))
  // A registry that answers a login with a token of its own has docker store it under `<token>`.
  const isOurs = username === registryUser || username === '<token>'
  if (isOurs && registryOf(server, trusted) !== undefined) return
  throw new EntraAuthError('invalid_arguments', 'nothing is stored: credentials come from the profile', {
    hint: 'take "entra-auth-cli" out of credsStore in the configuration of docker, and name it in credHelpers for registries of Azure',
  })
}

function readCredentials(text: string): { readonly server: string; readonly username: string } {
  try {
    const { ServerURL, Username } = JSON.parse(text) as Readonly<Record<string, unknown>>
    return { server: String(ServerURL), username: String(Username) }
  } catch {
    throw new EntraAuthError('invalid_arguments', 'docker stores something that is not JSON', {
      hint: 'look what is written to stdin',
    })
  }
}
