import { EntraAuthError } from '../errors.ts'
import type { Environment, OutputStream, Terminal } from '../core/ports.ts'
import { paintFor, type Paint } from './colour.ts'
import { pictureSpace, type PictureSpace } from './picture-space.ts'
import { safeText } from './safe-text.ts'

export interface ConsoleOptions {
  /** Leave stderr empty on success. Errors still speak. */
  readonly silent?: boolean
  /** Show what is done and how long it took, and the stack behind an unexpected error. Never a secret. */
  readonly verbose?: boolean
}

/**
 * The contract with whoever reads us. stdout carries the result and nothing else, ready for a pipe. stderr is for people:
 * progress only where a person watches, warnings and notices always but under `--silent`, an error as one fact and one
 * next step. Nothing that came from outside reaches either stream with its control characters.
 *
 * This is the only writer of both streams (but for prompts, which own the terminal while they ask).
 */
export class Console {
  readonly #stdout: OutputStream
  readonly #stderr: OutputStream
  readonly #options: ConsoleOptions
  /** Colours for what goes to stdout. */
  readonly paint: Paint
  readonly #paintError: Paint
  readonly #pictureSpace: PictureSpace | undefined

  constructor(terminal: Pick<Terminal, 'stdout' | 'stderr'>, env: Environment, options: ConsoleOptions = {}) {
    this.#stdout = terminal.stdout
    this.#stderr = terminal.stderr
    this.#options = options
    this.paint = paintFor(env, terminal.stdout.isTerminal)
    this.#paintError = paintFor(env, terminal.stderr.isTerminal)
    this.#pictureSpace = pictureSpace(terminal.stderr, env)
  }

  get verbose(): boolean {
    return this.#options.verbose === true
  }

  get silent(): boolean {
    return this.#options.silent === true
  }

  /** Whether a person reads the result itself. */
  get resultIsRead(): boolean {
    return this.#stdout.isTerminal
  }

  /** The space in which stderr can show a picture of block characters; undefined where it cannot. */
  get pictureSpace(): PictureSpace | undefined {
    return this.#pictureSpace
  }

  /** The result. The caller has made it safe where it shows foreign text to a terminal. */
  result(text: string): void {
    this.#stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** A step on the way, for a person who watches; nothing in a pipe or a log. */
  progress(text: string): void {
    if (this.#stderr.isTerminal) this.say(text)
  }

  /** A notice that belongs to what was asked for, also in a log. */
  say(text: string): void {
    if (!this.silent) this.#line(safeText(text, { lines: true }))
  }

  /**
   * What a person must read to go on, such as a device code: also under `--silent`.
   * @param lines each a text, or a lead and what stands out after it; none can become several lines
   */
  ask(lines: readonly (string | readonly [lead: string, strong: string])[]): void {
    for (const line of lines) {
      const [lead, strong] = typeof line === 'string' ? [line, ''] : line
      this.#line(safeText(lead) + (strong === '' ? '' : this.#paintError('bold', safeText(strong))))
    }
  }

  /** A picture of block characters, light on dark wherever colours can say so. Also under `--silent`. */
  picture(lines: readonly string[]): void {
    for (const line of lines) this.#line(`  ${this.#paintError(['whiteBright', 'bgBlack'], safeText(line))}`)
  }

  success(text: string): void {
    if (!this.silent) this.#line(`${this.#paintError('green', '✓')} ${safeText(text)}`)
  }

  /** `success` where a person watches. */
  progressSuccess(text: string): void {
    if (this.#stderr.isTerminal) this.success(text)
  }

  warn(text: string): void {
    if (!this.silent) this.#line(`${this.#paintError('yellow', 'warning:')} ${safeText(text)}`)
  }

  trace(text: string): void {
    if (this.verbose) this.#line(this.#paintError('dim', safeText(text)))
  }

  /** Says what went wrong and what to do next, for any thrown value. */
  fail(error: unknown): void {
    const known = error instanceof EntraAuthError
    const fact = known
      ? error.message
      : `unexpected: ${error instanceof Error ? error.message : String(error)}`
    this.#line(`${this.#paintError('red', 'error:')} ${safeText(fact)}`)
    const hint = known
      ? error.hint
      : 'this is a defect of entra-auth-cli; run it again with --verbose and report what it says'
    if (hint) this.#line(`${this.#paintError('cyan', 'hint:')} ${safeText(hint)}`)
    if (this.verbose && error instanceof Error) this.#line(safeText(error.stack ?? '', { lines: true }))
  }

  #line(text: string): void {
    this.#stderr.write(`${text}\n`)
  }
}
