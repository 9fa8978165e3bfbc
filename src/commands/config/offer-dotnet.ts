import { join } from 'node:path'
import { hasDotnetProfiles } from '../../core/move-in/from-dotnet.ts'
import { canPrompt } from '../../ui/can-prompt.ts'
import { Console } from '../../ui/console.ts'
import type { CommandContext } from '../command.ts'

/**
 * Offers a person who has no profiles yet to bring over those of the older .NET tool. Asks once in all: the answer is
 * remembered, whatever it was. Never asks where nobody can answer.
 * @returns whether profiles were brought over
 */
export async function offerDotnet({
  host,
  signal,
}: Pick<CommandContext, 'host' | 'signal'>): Promise<boolean> {
  // Where the output is caught, a script runs, although it may run at a terminal.
  if (!canPrompt(host.terminal, host.env) || !host.terminal.stdout.isTerminal) return false
  const answered = join(host.configDirectory, 'dotnet-offer.json')
  if ((await host.files.look(answered)) || !(await hasDotnetProfiles(host))) return false
  const { confirm } = await import('../../ui/prompts.ts')
  const accepted = await confirm(
    'The older .NET tool left profiles on this machine. Bring them over, with their secrets?',
    true,
    signal,
  )
  await host.files.write(answered, `${JSON.stringify({ accepted, at: host.now().toISOString() })}\n`)
  const console = new Console(host.terminal, host.env)
  if (!accepted) {
    console.say('"entra-auth-cli config import --from-dotnet" does it later.')
    return false
  }
  const { importFromDotnet } = await import('./import-from-dotnet.ts')
  await importFromDotnet({}, { host, signal }, console)
  return true
}
