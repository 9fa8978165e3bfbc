import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { EntraAuthError } from '../errors.ts'

// Like `prompts.ts`, this owns the terminal while it asks, and is only reached where `canPrompt` said that it may.
const output = process.stderr

export interface AddressQuestion {
  readonly label: string
  /** What the address begins with: of what is pasted no more than this is shown. */
  readonly redirectUri: string
  /** Whether Enter alone is an answer. */
  readonly emptyIsAnswer: boolean
  /** What is wrong with an answer, or undefined. */
  readonly check: (answer: string) => string | undefined
}

/**
 * Asks for an address that holds a secret: a line of any length, of which the screen never shows what follows the
 * question mark. Rejects with the signal's reason when that is aborted first.
 * @throws EntraAuthError `interrupted` on Ctrl-C and Ctrl-D
 */
export function askForAddress(question: AddressQuestion, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    // Line editing without an echo of it; a terminal alone would cut lines after 4096 characters.
    const reader = createInterface({
      input: process.stdin,
      output: nowhere(),
      terminal: true,
      historySize: 0,
    })
    let isOver = false
    const draw = () => {
      // The key that ends it is told to everybody who listened before it did.
      if (isOver) return
      output.write(`\r\u001b[K${question.label}: ${described(reader.line, question.redirectUri)}`)
    }
    const end = (settle: () => void) => {
      if (isOver) return
      isOver = true
      signal.removeEventListener('abort', stop)
      process.stdin.off('keypress', draw)
      reader.close()
      output.write('\n')
      settle()
    }
    const stop = () => end(() => reject(signal.reason))
    const interrupted = () => end(() => reject(new EntraAuthError('interrupted', 'interrupted')))
    signal.addEventListener('abort', stop, { once: true })
    reader.on('SIGINT', interrupted)
    reader.on('close', interrupted)
    reader.on('line', (line) => {
      const text = line.trim()
      const complaint = text === '' ? emptyComplaint(question) : question.check(text)
      if (complaint === undefined) return end(() => resolve(text))
      output.write(`\r\u001b[K  ${complaint}\n`)
      draw()
    })
    process.stdin.on('keypress', draw)
    draw()
  })
}

function emptyComplaint({ emptyIsAnswer }: AddressQuestion): string | undefined {
  return emptyIsAnswer ? undefined : 'paste the address, or press Ctrl-C to stop'
}

/** What the screen may show of a line: short ones whole, for what is typed by hand; of a long one its known beginning. */
function described(line: string, redirectUri: string): string {
  if (line.length <= 20) return line.replace(/[^\x20-\x7e]/g, '')
  const beginning = line.startsWith(redirectUri) ? `${redirectUri}…` : '…'
  return `${beginning} (${line.length} characters)`
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
