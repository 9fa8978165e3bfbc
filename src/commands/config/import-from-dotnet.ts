import { shellWord } from '../../core/shell-word.ts'
import { fromDotnet, type DotnetBelongings, type SecretInPlace } from '../../core/move-in/from-dotnet.ts'
import { checkedProfiles } from '../../core/sharing/plan-import.ts'
import { writeSecret } from '../../core/vault/secrets.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import type { CommandContext } from '../command.ts'
import type { ImportOptions } from './import.ts'
import { importProfiles } from './import-profiles.ts'

/**
 * Brings over what the older .NET tool kept. Profiles in the file both tools share stay there, and their secrets are sealed
 * beside them; profiles from elsewhere are imported like any others. Nothing of the older tool is deleted.
 */
export async function importFromDotnet(
  options: ImportOptions,
  context: Pick<CommandContext, 'host' | 'signal'>,
  console: Console,
): Promise<void> {
  const { host } = context
  const voice = consoleVoice(console, host.terminal, host.env)
  const found = await fromDotnet(host, voice, context.signal)
  for (const warning of found.warnings) console.warn(warning)
  const toSeal = found.inPlace.filter(({ isKept }) => !isKept || options.overwrite)
  if (found.profiles.length === 0 && found.inPlace.length === 0 && found.weakFiles.length === 0) {
    throw new EntraAuthError('file_unusable', 'nothing of the older tool was found', {
      hint: 'export it there with "config export --include-secrets", and import that file with -i',
    })
  }
  if (found.profiles.length > 0) {
    await importProfiles(
      checkedProfiles(found.profiles, 'the older tool', undefined),
      options,
      context,
      console,
    )
  }
  for (const secret of toSeal) {
    if (options.dryRun) console.say(`The ${words(secret)} of '${secret.name}' would be sealed.`)
    else await writeSecret(host, secret.name, secret.kind, secret.value, voice)
  }
  if (options.dryRun) return
  for (const secret of toSeal) console.success(`The ${words(secret)} of '${secret.name}' is sealed now`)
  tellLeftovers(found, context, console)
}

function words({ kind }: SecretInPlace): string {
  return kind.replace('-', ' ')
}

/** What to delete, as commands for the shell of this system. Nothing is deleted before somebody saw that all works. */
function tellLeftovers(
  { weakFiles, keychainAccounts }: DotnetBelongings,
  { host }: Pick<CommandContext, 'host'>,
  console: Console,
): void {
  if (weakFiles.length > 0) {
    const risk =
      host.platform === 'win32' ? 'hold secrets or tokens' : 'hold secrets or tokens that nothing protects'
    console.say(`These files of the older tool ${risk}. Delete them once your profiles work:`)
    for (const path of weakFiles) console.say(`  ${deletion(path, host.platform)}`)
  }
  if (keychainAccounts.length > 0) {
    console.say(
      'These entries of the older tool in the keychain are no longer needed. Delete them once your profiles work:',
    )
    for (const account of keychainAccounts)
      console.say(`  security delete-generic-password -s entra-auth-cli -a ${shellWord(account)}`)
  }
}

function deletion(path: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `Remove-Item -LiteralPath '${path.replaceAll("'", "''")}'`
  return `rm -- ${shellWord(path)}`
}
