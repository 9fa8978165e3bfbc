/** One bash that keeps its variables and folder from command to command, with each command's output apart. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { quote, type World } from './environment.ts'

/** What a command did. */
export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** A command that did not end in time, or took the shell with it. */
export class CommandStuck extends Error {
  override readonly name = 'CommandStuck'
}

/**
 * A bash without a terminal: the stdin of its commands is `/dev/null`, and there is no controlling terminal to open either, so a
 * program that wants to ask gets an end of file at once or an error, never a person.
 */
export class Shell {
  readonly #world: World
  readonly #process: ChildProcess
  readonly #commands: Writable
  readonly #statuses: AsyncIterator<string>
  readonly #reader: Interface
  #count = 0

  constructor(world: World) {
    this.#world = world
    // A process group and session of its own: that is what takes the controlling terminal away.
    this.#process = spawn('bash', ['--norc', '--noprofile', '-s'], {
      cwd: world.workFolder,
      env: world.env,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    })
    this.#commands = this.#process.stdio[0] as Writable
    // A shell that has ended takes no more commands; `run` reports that, not this stream.
    this.#commands.on('error', () => {})
    this.#reader = createInterface({ input: this.#process.stdio[3] as Readable })
    this.#statuses = this.#reader[Symbol.asyncIterator]()
  }

  /**
   * Runs one command, of any number of lines, and waits for its end. What it leaves running in the background may
   * go on writing; only what came before the end is in the result.
   *
   * @throws CommandStuck when it takes longer than `timeoutSeconds`, or when the shell itself ended
   */
  async run(command: string, timeoutSeconds: number): Promise<CommandResult> {
    const outFile = join(this.#world.root, `stdout-${++this.#count}`)
    const errFile = join(this.#world.root, `stderr-${this.#count}`)
    // The shell reads its commands from its own stdin, so each command gets another. `eval` keeps a syntax error
    // from ending the shell. The pipe for statuses is closed to the command, or a program left in the background
    // would hold it open.
    this.#commands.write(
      `eval ${quote(`${command}\n`)} >${quote(outFile)} 2>${quote(errFile)} </dev/null 3>&-\necho "$?" >&3\n`,
    )
    const status = await this.#status(timeoutSeconds)
    return {
      stdout: readFileSync(outFile, 'utf8'),
      stderr: readFileSync(errFile, 'utf8'),
      exitCode: Number(status),
    }
  }

  /** Ends the shell and everything it started. */
  async close(): Promise<void> {
    const ended =
      this.#process.exitCode !== null || this.#process.signalCode !== null
        ? undefined
        : new Promise((resolve) => this.#process.once('exit', resolve))
    this.#killGroup()
    await ended
    this.#reader.close()
  }

  async #status(timeoutSeconds: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeoutSeconds * 1000)
    })
    const answer = await Promise.race([this.#statuses.next(), late])
    clearTimeout(timer)
    if (answer === 'late') {
      const running = this.#whatRuns()
      this.#killGroup()
      throw new CommandStuck(`did not end within ${timeoutSeconds} s; ${running}`)
    }
    if (answer.done) throw new CommandStuck('ended the shell of the session; put it into ( … ) or bash -c')
    return answer.value
  }

  #killGroup(): void {
    try {
      process.kill(-this.#process.pid!, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** Says what the shell's children are, and whether one of them waits to read what nobody will write. */
  #whatRuns(): string {
    const children = descendants(this.#process.pid!)
    if (children.length === 0) return 'the shell itself was busy or waiting for input'
    return children
      .map(({ pid, words }) => `"${words}" ${waitsForInput(pid) ? 'waits for input' : 'still runs'}`)
      .join(', ')
  }
}

interface Running {
  readonly pid: number
  readonly parent: number
  readonly words: string
}

/** Linux tells through /proc; elsewhere the list stays empty. */
function descendants(ancestor: number): Running[] {
  const all = processes()
  const found: Running[] = []
  const parents = new Set([ancestor])
  for (let grew = true; grew;) {
    const next = all.filter(({ pid, parent }) => parents.has(parent) && !parents.has(pid))
    for (const child of next) parents.add(child.pid)
    found.push(...next)
    grew = next.length > 0
  }
  return found
}

function processes(): Running[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
          const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' ')
          return [{ pid: Number(name), parent: Number(parent), words }]
        } catch {
          // It ended between the listing and the look.
          return []
        }
      })
  } catch {
    return []
  }
}

/** Whether a process sleeps in a read of a pipe, a FIFO or a terminal: its stdin, or one it opened itself. */
function waitsForInput(pid: number): boolean {
  try {
    const [call, descriptor] = readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ')
    const isRead = call === '0' && process.arch === 'x64' ? true : call === '63' && process.arch === 'arm64'
    if (!isRead) return false
    const target = readlinkSync(`/proc/${pid}/fd/${Number(descriptor)}`)
    return !target.startsWith('/dev/null')
  } catch {
    return false
  }
}
