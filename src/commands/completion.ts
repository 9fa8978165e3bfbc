import { Argument, type Command } from 'commander'
import { EntraAuthError } from '../errors.ts'
import * as scripts from '../ui/completion-scripts.ts'
import { defineCommand, type CommandContext } from './command.ts'
import { shells, type Shell } from './complete-request.ts'

const notes = `
Commands, flags, their values, profiles and help topics are completed; zsh, fish and PowerShell say what each one means.
The script asks this program, so it need not be made anew when the program is updated.

Install it once:
  bash   $ echo 'eval "$(entra-auth-cli completion bash)"' >> ~/.bashrc
  zsh    $ echo 'eval "$(entra-auth-cli completion zsh)"' >> ~/.zshrc
  fish   $ entra-auth-cli completion fish > ~/.config/fish/completions/entra-auth-cli.fish
  pwsh   > Add-Content $PROFILE 'entra-auth-cli completion pwsh | Out-String | Invoke-Expression'

Or for one session:
  bash   $ eval "$(entra-auth-cli completion bash)"
  zsh    $ eval "$(entra-auth-cli completion zsh)"
  fish   $ entra-auth-cli completion fish | source
  pwsh   > entra-auth-cli completion pwsh | Out-String | Invoke-Expression`

/** `completion`: the script with which a shell asks how a word may go on. */
export function completionCommand(context: CommandContext): Command {
  // An argument whose reader comes after its choices is not held to them: more spellings are understood than are shown.
  const shell = new Argument('<shell>', 'the shell to complete in').choices(shells).argParser(parseShell)
  return defineCommand('completion')
    .addArgument(shell)
    .addHelpText('after', notes)
    .action((name: Shell) => context.console().result(scriptOf(name)))
}

function parseShell(text: string): Shell {
  const name = text.toLowerCase()
  const shell = name === 'powershell' ? 'pwsh' : shells.find((known) => known === name)
  if (shell) return shell
  throw new EntraAuthError('invalid_arguments', `there is no completion for the shell "${text}"`, {
    hint: `use one of ${shells.join(', ')}`,
  })
}

function scriptOf(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return scripts.bashScript
    case 'zsh':
      return scripts.zshScript
    case 'fish':
      return scripts.fishScript
    case 'pwsh':
      return scripts.pwshScript
  }
}
