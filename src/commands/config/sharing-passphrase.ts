import type { Command } from 'commander'
import { secretText } from '../../core/client-secret.ts'
import { passphraseWeakness } from '../../core/sharing/sharing-passphrase.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import { consoleVoice } from '../../ui/console-voice.ts'
import type { CommandContext } from '../command.ts'
import { readStdin, secretPatience } from '../stdin.ts'

/** Where the passphrase of an export comes from. It is never itself an argument. */
export interface PassphraseOptions {
  readonly passphraseFile?: string
}

const variable = 'ENTRA_AUTH_CLI_PASSPHRASE_EXPORT'
const attempts = 3

export function addPassphraseOption(command: Command): Command {
  return command.option('--passphrase-file <path>', 'file with the passphrase, instead of being asked')
}

/**
 * The passphrase for a new export: from a file, the variable or stdin, else typed twice.
 * @throws EntraAuthError `invalid_arguments` where there is none, or the two differ
 */
export async function newPassphrase(
  options: PassphraseOptions,
  context: CommandContext,
  console: Console,
): Promise<string> {
  const passphrase =
    (await handedOver(options, context, { stdinIsTaken: false })) ?? (await typedTwice(context, console))
  const weakness = passphraseWeakness(passphrase)
  if (weakness !== undefined)
    console.warn(
      `this passphrase can be guessed: ${weakness}; whoever gets the file can try for years, so take four or more random words`,
    )
  return passphrase
}

async function typedTwice({ host }: CommandContext, console: Console): Promise<string> {
  const voice = consoleVoice(console, host.terminal, host.env)
  const first = await voice.askSecret('Passphrase for the export')
  if (first === undefined) {
    throw new EntraAuthError('invalid_arguments', 'there is no passphrase, and nobody can be asked', {
      hint: `give --passphrase-file, set ${variable}, send it to stdin, or seal for public keys with -r`,
    })
  }
  if ((await voice.askSecret('The same again')) === first) return first
  throw new EntraAuthError('invalid_arguments', 'the two passphrases differ; nothing was written', {
    hint: 'try again',
  })
}

/**
 * The passphrases to open an export with, one after the other: one that was handed over, else what a person types, three
 * times at most.
 * @param options.stdinIsTaken whether stdin holds something else
 */
export function passphrasesToTry(
  options: PassphraseOptions & { readonly stdinIsTaken: boolean },
  context: CommandContext,
  console: Console,
): (isRetry: boolean) => Promise<string | undefined> {
  let given: string | undefined
  let asked = 0
  return async (isRetry) => {
    if (!isRetry) given = await handedOver(options, context, options)
    if (given !== undefined) return isRetry ? undefined : given
    if (isRetry) console.warn('that passphrase does not open it')
    if (asked++ === attempts) return undefined
    const { host } = context
    return consoleVoice(console, host.terminal, host.env).askSecret('Passphrase of the export')
  }
}

async function handedOver(
  { passphraseFile }: PassphraseOptions,
  context: CommandContext,
  { stdinIsTaken }: { readonly stdinIsTaken: boolean },
): Promise<string | undefined> {
  const { host } = context
  if (passphraseFile !== undefined) {
    return secretText(await host.files.readInput(passphraseFile), `"${passphraseFile}"`)
  }
  if (host.env[variable]) return host.env[variable]
  if (stdinIsTaken || host.terminal.stdin.isTerminal) return undefined
  const text = (await readStdin(context, secretPatience)).toString('utf8').replace(/^\ufeff/, '')
  return text.split(/\r?\n/)[0] || undefined
}
