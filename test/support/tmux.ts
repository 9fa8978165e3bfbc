/** A real terminal, by tmux: what a person would type, and the screen they would see. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from './eventually.ts'
import { quote, type World } from './session/environment.ts'

export interface TerminalOptions {
  /** Added to the world's environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
  readonly rows?: number
}

/** How a command ended, and what the terminal showed of it. */
export interface Ended {
  readonly code: number
  readonly shown: string
}

// bash fills in the number of the command and the exit code of the last one: no text of a command looks like it.
const startup = String.raw`PS1='[\#:$?]$ '
HISTFILE=
`
const run = promisify(execFile)

/**
 * A shell in a terminal of its own. Its tmux server listens on a socket in the world's folder, so that neither finds
 * the developer's.
 */
export class TmuxTerminal {
  readonly #world: World
  readonly #socket: string
  /** How many commands were started. */
  #commands = 0

  private constructor(world: World, socket: string) {
    this.#world = world
    this.#socket = socket
  }

  /** Opens one and waits for the shell's prompt. The caller closes it. */
  static async open(world: World, options: TerminalOptions = {}): Promise<TmuxTerminal> {
    const { env, columns = 100, rows = 40 } = options
    const terminal = new TmuxTerminal(world, join(world.root, `tmux-${nextNumber++}`))
    const startupFile = `${terminal.#socket}.bashrc`
    writeFileSync(startupFile, startup)
    const server = ['-u', '-f', '/dev/null', '-S', terminal.#socket]
    const session = ['new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', world.workFolder]
    const shell = `exec bash --noprofile --rcfile ${quote(startupFile)}`
    await run('tmux', [...server, ...session, shell], {
      env: { TERM: 'xterm-256color', ...world.env, ...env },
    })
    try {
      await terminal.#promptOf(1)
      return terminal
    } catch (error) {
      await terminal.close()
      throw error
    }
  }

  /** Types a command and Enter. */
  async start(command: string): Promise<void> {
    this.#commands++
    await this.type(command)
    await this.press('Enter')
  }

  /** Types a command and waits until it has ended. */
  async run(command: string): Promise<Ended> {
    await this.start(command)
    return this.ended()
  }

  /** Types text as it stands. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', '--', text)
  }

  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  /** Pastes text as a terminal does: marked as a paste where the program asked for that. */
  async paste(text: string): Promise<void> {
    await this.#tmux('set-buffer', '--', text)
    await this.#tmux('paste-buffer', '-p')
  }

  /** Answers one question: waits for it to show, types and presses Enter. */
  async answer(question: RegExp, text: string): Promise<void> {
    await this.shows(question)
    await this.type(text)
    await this.press('Enter')
  }

  /** Waits until what the running command shows matches, and returns it. */
  shows(pattern: RegExp): Promise<string> {
    return eventually(async () => {
      const shown = await this.shown()
      if (!pattern.test(shown)) throw new Error(`the terminal does not show ${pattern}, but:\n${shown}`)
      return shown
    })
  }

  /** Waits for the shell's next prompt. */
  async ended(): Promise<Ended> {
    const { code, shown } = await this.#promptOf(this.#commands + 1)
    return { code, shown }
  }

  /** What is visible or was scrolled away since the command was typed, wrapped lines joined, without colours. */
  async shown(): Promise<string> {
    return sincePrompt(await this.everything(), Math.max(this.#commands, 1))
  }

  /** The same from the start of this terminal. @param colours keep the colours' control sequences */
  async everything({ colours = false } = {}): Promise<string> {
    const { stdout } = await this.#tmux('capture-pane', '-p', '-J', '-S', '-', ...(colours ? ['-e'] : []))
    return stdout.replace(/[ \n]+$/, '')
  }

  /** Keeps the visible screen for somebody to look at, where `ENTRA_TEST_SCREENS` names a folder. */
  async keep(name: string): Promise<void> {
    const folder = process.env['ENTRA_TEST_SCREENS']
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    const { stdout } = await this.#tmux('capture-pane', '-p', '-e')
    writeFileSync(join(folder, `${name}.txt`), stdout)
  }

  /** Ends the shell, whatever runs in it, and tmux. */
  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {})
    await eventually(async () => {
      const answers = await this.#tmux('list-sessions').then(
        () => true,
        () => false,
      )
      if (answers) throw new Error('tmux has not ended')
    })
  }

  #promptOf(number: number): Promise<Ended> {
    return eventually(async () => {
      const all = await this.everything()
      const [, code] = new RegExp(String.raw`^\[${number}:(\d+)\][$]$`, 'm').exec(all) ?? []
      if (code === undefined) throw new Error(`the command has not ended; the terminal shows:\n${all}`)
      return { code: Number(code), shown: sincePrompt(all, number - 1) }
    })
  }

  #tmux(...words: readonly string[]) {
    return run('tmux', ['-u', '-S', this.#socket, ...words], {
      env: { ...this.#world.env },
      maxBuffer: 16 * 1024 * 1024,
    })
  }
}

let nextNumber = 1

/** What stands between the command of that number and the next prompt, which a cleared screen repeats. */
function sincePrompt(text: string, number: number): string {
  const promptOf = (one: number) => new RegExp(String.raw`^\[${one}:\d+\][$] ?`, 'm')
  const after = text.split(promptOf(number)).at(-1) ?? ''
  const [, ...lines] = (after.split(promptOf(number + 1))[0] ?? '').split('\n')
  return lines.join('\n').trimEnd()
}
