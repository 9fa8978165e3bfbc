import { PassThrough } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { markPastes, PasteReader, type PasteUse } from './pasted-text.ts'

const escapeKey = '\u001b'
const interrupt = '\u0003'

/**
 * What a person types at one question, with pastes made harmless. It stands between the terminal and the prompt library,
 * which takes it for the terminal.
 */
export class TypedInput extends PassThrough {
  readonly isTTY = true
  readonly #terminal: NodeJS.ReadStream
  readonly #screen: NodeJS.WriteStream
  readonly #pastes: PasteReader
  readonly #decoder = new StringDecoder('utf8')
  #lastKeys = ''

  /** Opens it. The caller closes it. */
  constructor(use: PasteUse, terminal: NodeJS.ReadStream, screen: NodeJS.WriteStream) {
    super()
    this.#terminal = terminal
    this.#screen = screen
    this.#pastes = new PasteReader(use)
    screen.write(markPastes.on)
    // Whoever listens to a stream that was paused hears nothing, and the question before paused it.
    terminal.on('data', this.#take).on('end', this.#stop).resume()
  }

  /** Whether the last key was Escape, and not Ctrl-C. */
  get wasLeft(): boolean {
    return this.#lastKeys === escapeKey
  }

  /** Whether several lines were pasted since this was asked the last time. */
  takeHadLines(): boolean {
    const { hadLines } = this.#pastes
    this.#pastes.hadLines = false
    return hadLines
  }

  setRawMode(isRaw: boolean): this {
    if (this.#terminal.isTTY) this.#terminal.setRawMode(isRaw)
    return this
  }

  close(): void {
    this.#terminal.off('data', this.#take).off('end', this.#stop).pause()
    this.#screen.write(markPastes.off)
  }

  readonly #take = (chunk: Buffer | string) => {
    const keys = this.#pastes.read(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk))
    if (keys === '') return
    this.#lastKeys = keys
    this.write(keys)
  }

  /** A terminal that is gone answers nothing any more. */
  readonly #stop = () => this.write(interrupt)
}
