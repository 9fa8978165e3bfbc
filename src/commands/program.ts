import { Command, CommanderError } from 'commander'
import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { Console } from '../ui/console.ts'
import type { CommandContext, CommandFactory } from './command.ts'
import { version } from './version.ts'

interface Entry {
  readonly summary: string
  readonly load: () => Promise<CommandFactory>
}

/** Every command, loaded only when it is called. */
const commands: Readonly<Record<string, Entry>> = {
  'get-token': {
    summary: 'print an access token',
    load: async () => (await import('./get-token.ts')).getTokenCommand,
  },
  refresh: {
    summary: 'get a new token now, without asking anybody',
    load: async () => (await import('./refresh.ts')).refreshCommand,
  },
  inspect: {
    summary: 'decode a token',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  discover: {
    summary: 'tell in short what a token is and whether it is valid now',
    load: async () => (await import('./discover.ts')).discoverCommand,
  },
  validate: {
    summary: 'check a token as an API would, its signature first',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  explain: {
    summary: 'say what an error of Entra means and what mends it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  config: {
    summary: 'make, list, show and delete profiles',
    load: async () => (await import('./config/index.ts')).configCommand,
  },
  vault: {
    summary: 'where the key that seals everything is, and how to move it',
    load: async () => (await import('./vault/index.ts')).vaultCommand,
  },
  doctor: {
    summary: 'prove that tokens can be had, stored and read, and say what mends what is wrong',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  sandbox: {
    summary: 'start a local tenant that behaves like Entra',
    load: async () => (await import('./sandbox.ts')).sandboxCommand,
  },
}

const exitCodesHelp = `
Exit codes:
  0 done                       1 general error              2 Entra refused
  3 no such profile            4 invalid arguments          5 network error
  6 timed out                  7 a person must sign in      8 secure store unusable
  9 only its API can verify    130 interrupted`

/** What the program runs in. */
export interface Surroundings {
  readonly signal: AbortSignal
  readonly runSandbox: CommandContext['runSandbox']
  /** Is told where to report what the platform does, as soon as it is known how loud the user wants it. */
  readonly traceTo: (tell: (line: string) => void) => void
}

/**
 * Runs one command line.
 * @param argv the words after the program's name
 * @returns the exit code; every error has been told on stderr by then
 */
export async function run(argv: readonly string[], host: Host, surroundings: Surroundings): Promise<number> {
  let exitCode = 0
  let console = new Console(host.terminal, host.env)
  const context: CommandContext = {
    host,
    ...surroundings,
    console: (options) => {
      console = new Console(host.terminal, host.env, options)
      surroundings.traceTo((line) => console.trace(line))
      return console
    },
    exitWith: (code) => (exitCode = code),
    cachedToken: async (profileName) => (await import('./cached-token.ts')).cachedToken(profileName, host),
  }
  let program: Command | undefined
  try {
    const words = helpWordsFirst(argv)
    program = await buildProgram(words, context)
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const failure = error instanceof CommanderError ? usageError(error, calledNames(program, argv)) : error
    console.fail(failure)
    return failure instanceof EntraAuthError ? failure.exitCode : 1
  }
}

/** `help get-token` is `get-token --help`; nothing at all asks for help too. */
function helpWordsFirst(argv: readonly string[]): readonly string[] {
  const [first, second] = argv
  if (first === undefined) return ['--help']
  if (first !== 'help') return argv
  return second === undefined ? ['--help'] : [...argv.slice(1), '--help']
}

async function buildProgram(words: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('entra-auth-cli')
    .description('Gets, keeps, renews, reads and checks Microsoft Entra ID tokens, with named profiles.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', exitCodesHelp)
  const called = words.find((word) => !word.startsWith('-'))
  for (const [name, entry] of Object.entries(commands)) {
    const command =
      name === called ? (await entry.load())(context) : new Command(name).description(entry.summary)
    program.addCommand(command.description(entry.summary))
  }
  speakThrough(program, context)
  return program
}

/** Sends what commander says to our streams, and turns its `process.exit` into an exception, for all sub-commands. */
function speakThrough(command: Command, context: CommandContext): void {
  const { stdout } = context.host.terminal
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    // Errors are told by `run`, once, in the house's voice.
    writeErr: () => {},
    getOutHelpWidth: () => stdout.columns ?? 100,
    getOutHasColors: () => false,
  })
  for (const child of command.commands) speakThrough(child, context)
}

/** The command that was meant, by its whole name: `config`, `create`. */
function calledNames(program: Command | undefined, argv: readonly string[]): readonly string[] {
  const names: string[] = []
  let command = program
  for (const word of argv) {
    const child = command?.commands.find((candidate) => candidate.name() === word)
    if (!child) continue
    names.push(word)
    command = child
  }
  return names
}

function usageError(error: CommanderError, names: readonly string[]): EntraAuthError {
  const fact = error.message.replace(/^error: /, '').replace(/\.$/, '')
  return new EntraAuthError(
    'invalid_arguments',
    fact === '(outputHelp)' ? 'a sub-command is missing' : fact,
    {
      hint: `see "${['entra-auth-cli', ...names, '--help'].join(' ')}"`,
      cause: error,
    },
  )
}
