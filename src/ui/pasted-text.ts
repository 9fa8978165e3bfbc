import { safeText } from './safe-text.ts'

// What terminals put around a paste once they were asked to (XTerm's "bracketed paste").
const begin = '\u001b[200~'
const end = '\u001b[201~'

/** Asks the terminal to mark what is pasted, and to stop marking it. */
export const markPastes = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const

/** What becomes of a paste: put into the line as one, or thrown away, where keys choose and no text is wanted. */
export type PasteUse = 'line' | 'nothing'

/**
 * Takes pastes out of what a terminal sends and puts each back as the text of one line, so that a line break in it does
 * not answer this question and the next, and no control character in it is a key. Pure but for what it remembers of a
 * paste that is not over.
 */
export class PasteReader {
  readonly #use: PasteUse
  #unread = ''
  #isInside = false
  #pasted = ''
  /** Whether a paste had text on several lines. */
  hadLines = false

  constructor(use: PasteUse) {
    this.#use = use
  }

  /** @returns what the chunk means as keys */
  read(chunk: string): string {
    let text = this.#unread + chunk
    let keys = ''
    this.#unread = ''
    for (;;) {
      const marker = this.#isInside ? end : begin
      const index = text.indexOf(marker)
      const before = index < 0 ? withoutBeginning(text, marker) : text.slice(0, index)
      if (this.#isInside) this.#pasted += before
      else keys += before
      if (index < 0) {
        this.#unread = text.slice(before.length)
        return keys
      }
      text = text.slice(index + marker.length)
      if (this.#isInside) keys += this.#finished()
      this.#isInside = !this.#isInside
    }
  }

  #finished(): string {
    const lines = this.#pasted.replace(/\r\n?/g, '\n').trim()
    this.#pasted = ''
    if (this.#use === 'nothing') return ''
    if (lines.includes('\n')) this.hadLines = true
    return safeText(lines)
  }
}

/** The text up to where a marker may have begun that is not whole yet. A lone Escape is a key. */
function withoutBeginning(text: string, marker: string): string {
  for (let length = Math.min(marker.length - 1, text.length); length > 1; length--) {
    if (text.endsWith(marker.slice(0, length))) return text.slice(0, -length)
  }
  return text
}
