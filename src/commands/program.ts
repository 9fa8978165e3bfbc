import { Command, CommanderError } from 'commander'
import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'
import { Console } from '../ui/console.ts'
import { withTodaysName } from './aliases.ts'
import type { CommandContext, CommandFactory } from './command.ts'
import { completionRequest } from './complete-request.ts'
import { refuseEmptyFlags } from './empty-flags.ts'
import { fittedHelp, helpStyle } from './help-style.ts'
import { usageError } from './usage-error.ts'
import { version } from './version.ts'

interface Entry {
  /** The heading it stands under in the help. */
  readonly group: string
  readonly summary: string
  readonly load: () => Promise<CommandFactory>
}

/** Every command, loaded only when it is called. */
const commands: Readonly<Record<string, Entry>> = {
  'get-token': {
    group: 'Tokens:',
    summary: 'print an access token',
    load: async () => (await import('./get-token.ts')).getTokenCommand,
  },
  refresh: {
    group: 'Tokens:',
    summary: 'get a new token now, without asking anybody',
    load: async () => (await import('./refresh.ts')).refreshCommand,
  },
  wait: {
    group: 'Tokens:',
    summary: 'renew a token until it says what you wait for: a role, a group, a consent',
    load: async () => (await import('./wait.ts')).waitCommand,
  },
  serve: {
    group: 'Using tokens:',
    summary: "hand tokens to programs near you, as Azure's managed identities do",
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  call: {
    group: 'Using tokens:',
    summary: 'call an API with the token that it needs',
    load: async () => (await import('./call.ts')).callCommand,
  },
  exec: {
    group: 'Using tokens:',
    summary: 'run a program with tokens in its environment',
    load: async () => (await import('./exec.ts')).execCommand,
  },
  inspect: {
    group: 'Reading tokens:',
    summary: 'decode a token',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  discover: {
    group: 'Reading tokens:',
    summary: 'tell in short what a token is and whether it is valid now',
    load: async () => (await import('./discover.ts')).discoverCommand,
  },
  validate: {
    group: 'Reading tokens:',
    summary: 'check a token as an API would, its signature first',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  config: {
    group: 'Profiles:',
    summary: 'make, list, show and delete profiles',
    load: async () => (await import('./config/index.ts')).configCommand,
  },
  vault: {
    group: 'Storage:',
    summary: 'where the key that seals everything is, and how to move it',
    load: async () => (await import('./vault/index.ts')).vaultCommand,
  },
  doctor: {
    group: 'When something is wrong:',
    summary: 'prove that tokens can be had, stored and read, and say what mends what is wrong',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  explain: {
    group: 'When something is wrong:',
    summary: 'say what an error of Entra means and what mends it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  'git-credential': {
    group: 'Using tokens:',
    summary: 'give git the tokens it needs for Azure DevOps',
    load: async () => (await import('./git-credential.ts')).gitCredentialCommand,
  },
  'docker-credential': {
    group: 'Using tokens:',
    summary: 'give docker the tokens it needs for Azure Container Registry',
    load: async () => (await import('./docker-credential.ts')).dockerCredentialCommand,
  },
  'az-shim': {
    group: 'Using tokens:',
    summary: 'stand in for az where programs get their tokens from it',
    load: async () => (await import('./az-shim.ts')).azShimCommand,
  },
  sandbox: {
    group: 'Trying it:',
    summary: 'start a local tenant that behaves like Entra',
    load: async () => (await import('./sandbox.ts')).sandboxCommand,
  },
  completion: {
    group: 'This program:',
    summary: 'print what makes a shell complete commands, flags and profiles',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  help: {
    group: 'This program:',
    summary: 'show the help of a command, or a page on a topic',
    load: async () => (await import('./help.ts')).helpCommand,
  },
}

const exitCodesHelp = `
Exit codes:
  0 done                      1 general error           2 Entra refused
  3 no such profile           4 invalid arguments       5 network error
  6 timed out                 7 a person must sign in   8 secure store unusable
  9 only its API can verify   130 interrupted`

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
    const asked = completionRequest(argv, host.env)
    if (asked) {
      const { complete } = await import('./complete.ts')
      await complete(asked, (words) => buildProgram(words, context), host)
      return 0
    }
    const words = await helpWordsFirst(withTodaysName(argv))
    program = await buildProgram(words, context)
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const failure = error instanceof CommanderError ? usageError(error, calledName(program, argv)) : error
    console.fail(failure)
    return failure instanceof EntraAuthError ? failure.exitCode : 1
  }
}

/** `help get-token` is `get-token --help`; nothing at all asks for help too. The page of a topic is `help` itself. */
async function helpWordsFirst(words: readonly string[]): Promise<readonly string[]> {
  const [first, ...others] = words
  if (first === undefined || (first === 'help' && others.length === 0)) return ['--help']
  if (first !== 'help') return words
  const named = withTodaysName(others)
  return Object.hasOwn(commands, named[0] ?? '') ? [...named, '--help'] : words
}

/** The program with the command loaded that the words call; of the others it knows what their help says in one line. */
async function buildProgram(words: readonly string[], context: CommandContext): Promise<Command> {
  const called = words.find((word) => !word.startsWith('-'))
  const program = await programWith((name) => name === called, context)
  if (called === undefined) {
    const { topicList } = await import('./help.ts')
    program.addHelpText('after', `\n${topicList()}\n${exitCodesHelp}`)
  }
  speakThrough(program, context)
  return program
}

/** The program with all its commands, for what tells of all of them. It runs nothing. */
export function wholeProgram(context: CommandContext): Promise<Command> {
  return programWith(() => true, context)
}

async function programWith(isLoaded: (name: string) => boolean, context: CommandContext): Promise<Command> {
  const program = new Command('entra-auth-cli')
    .description('Gets, keeps, renews, reads and checks Microsoft Entra ID tokens, with named profiles.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help; that of a command behind its name')
    .helpCommand(false)
    // What stands behind a command is its own: otherwise the `--` before a program to run would be taken out here.
    .enablePositionalOptions()
    .hook('preAction', (_program, called) => refuseEmptyFlags(called))
  for (const [name, { group, summary, load }] of Object.entries(commands)) {
    const command = isLoaded(name) ? (await load())(context) : new Command(name)
    program.addCommand(command.description(summary).helpGroup(group))
  }
  styleHelp(program)
  return program
}

function styleHelp(command: Command): void {
  command.configureHelp(helpStyle)
  for (const child of command.commands) styleHelp(child)
}

/** Lines that are longer than this are hard to follow. */
const widestHelp = 120

/** Sends what commander says to our streams, and turns its `process.exit` into an exception, for all sub-commands. */
function speakThrough(command: Command, context: CommandContext): void {
  const { stdout } = context.host.terminal
  const width = Math.min(stdout.columns ?? 100, widestHelp)
  command
    .exitOverride()
    .configureHelp(helpStyle)
    .configureOutput({
      writeOut: (text) => stdout.write(fittedHelp(text, width)),
      // Errors are told by `run`, once, in the house's voice.
      writeErr: () => {},
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    })
  for (const child of command.commands) speakThrough(child, context)
}

/** The command that was meant, by its whole name: `config create`; '' for none. */
function calledName(program: Command | undefined, argv: readonly string[]): string {
  const names: string[] = []
  let command = program
  for (const word of withTodaysName(argv)) {
    const child = command?.commands.find((candidate) => candidate.name() === word)
    if (!child) continue
    names.push(word)
    command = child
  }
  return names.join(' ')
}
