import { join, resolve } from 'node:path'
import { azureCliProfile, azureCliSignIn } from '../../core/move-in/from-azure-cli.ts'
import { fromEnvironment } from '../../core/move-in/from-environment.ts'
import { isGuid } from '../../core/profiles/profile.ts'
import type { Host } from '../../core/ports.ts'
import { withAbsolutePaths } from '../../core/sharing/relative-paths.ts'
import { EntraAuthError } from '../../errors.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import type { Console } from '../../ui/console.ts'
import type { CommandContext } from '../command.ts'
import type { ImportOptions } from './import.ts'
import type { Incoming } from './import-source.ts'

/** The profile that the `AZURE_…` variables describe. */
export function incomingFromEnvironment(
  { name = 'azure' }: ImportOptions,
  { host }: CommandContext,
  console: Console,
): Incoming {
  const { profile, warnings } = fromEnvironment(host.env, name)
  for (const warning of warnings) console.warn(warning)
  return { profiles: [withAbsolutePaths(profile, resolve('.'), undefined)], source: 'the environment' }
}

/** The profile of what the Azure CLI is signed in to. */
export async function incomingFromAzureCli(
  { name = 'az', clientId }: ImportOptions,
  { host }: CommandContext,
): Promise<Incoming> {
  const folder = azureFolder(host)
  const path = join(folder, 'azureProfile.json')
  const profile = await host.files.readInput(path)
  const clouds = await host.files.read(join(folder, 'clouds.config'))
  const signIn = await azureCliSignIn(
    { profile: profile.toString('utf8'), clouds: clouds?.toString('utf8') },
    path,
  )
  const needsClient = signIn.clientId === undefined && signIn.record['authMethod'] !== 'ManagedIdentity'
  const client = needsClient ? (clientId ?? (await askClientId(host))) : undefined
  return { profiles: [azureCliProfile(signIn, name, client)], source: `"${path}"` }
}

/** @see https://learn.microsoft.com/cli/azure/azure-cli-configuration */
function azureFolder({ env }: Host): string {
  const given = env['AZURE_CONFIG_DIR']
  return given ? resolve(given) : join(env['HOME'] || env['USERPROFILE'] || '.', '.azure')
}

/** A person signs in to the Azure CLI through an app that belongs to it; another program needs an app of its own. */
async function askClientId({ terminal, env }: Host): Promise<string> {
  if (!canPrompt(terminal, env)) {
    throw new EntraAuthError(
      'invalid_arguments',
      'a person is signed in to the Azure CLI, through its own app',
      {
        hint: 'add --client-id with an app registration of yours that people may sign in to',
      },
    )
  }
  const { askText } = await import('../../ui/prompts.ts')
  return askText('Client ID', {
    placeholder: "of an app registration of yours: the Azure CLI's own is not for other programs",
    check: (answer) => (isGuid(answer) ? undefined : 'that is not a GUID'),
  })
}
