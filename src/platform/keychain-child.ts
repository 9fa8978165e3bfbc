import type { Readable, Writable } from 'node:stream'
import { decodeKeychainCall, encodeAnswer, type KeychainAnswer } from './keychain-messages.ts'
import { callKeyring, type KeyringBinding, loadBinding } from './keyring-binding.ts'

/** What the child is made of; a test hands it other streams and another end. */
export interface ChildParts {
  readonly stdin: Readable
  readonly stdout: Writable
  /** Ends this process at once, whatever its threads wait for. */
  readonly die: () => void
  readonly load?: () => Promise<KeyringBinding>
}

/**
 * The whole life of the process that makes one keychain call for another process of ours: a line in, a line out. It
 * dies when its stdin closes: then nobody waits for the answer any more, and a dialog nobody answers would keep it for
 * ever.
 */
export async function runKeychainChild(parts: ChildParts = thisProcess): Promise<void> {
  const call = await firstLine(parts.stdin)
  if (call === undefined) return
  parts.stdin.once('end', parts.die).once('close', parts.die)
  const answer = await answerTo(call, parts.load ?? loadBinding)
  await new Promise((written) => parts.stdout.write(encodeAnswer(answer), written))
  parts.stdin.off('end', parts.die).off('close', parts.die).destroy()
}

const thisProcess: ChildParts = {
  stdin: process.stdin,
  stdout: process.stdout,
  // `process.exit` would wait for the thread that waits for the keychain.
  die: () => process.kill(process.pid, 'SIGKILL'),
}

async function answerTo(call: string, load: () => Promise<KeyringBinding>): Promise<KeychainAnswer> {
  try {
    // Asynchronous, as this process must notice meanwhile that its stdin closes.
    const { AsyncEntry } = await load()
    return { kind: 'result', result: await callKeyring(AsyncEntry, decodeKeychainCall(call)) }
  } catch (error) {
    return { kind: 'failure', message: error instanceof Error ? error.message : String(error) }
  }
}

/** The first line, or undefined where the stream ends before it does. Goes on reading, to see the end. */
function firstLine(stdin: Readable): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    stdin
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        text += chunk
        if (text.includes('\n')) resolve(text)
      })
      .once('close', () => resolve(undefined))
      .once('end', () => resolve(undefined))
  })
}
