import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Environment } from '../../../src/core/ports.ts'
import type { KeychainProcess } from '../../../src/platform/keychain-process.ts'

/** A child in memory: keeps what it is given, and answers what a test says, when it says it. */
export class FakeKeychainProcess extends EventEmitter implements KeychainProcess {
  readonly stdin = new PassThrough()
  readonly stdout = new PassThrough()
  readonly killedBy: NodeJS.Signals[] = []
  words: readonly string[] = []
  env: Environment = {}

  /** To be handed in where a process is started. */
  readonly start = (words: readonly string[], env: Environment): this => {
    this.words = words
    this.env = env
    return this
  }

  kill(signal: NodeJS.Signals): boolean {
    this.killedBy.push(signal)
    return true
  }

  /** The one line it was given. */
  get given(): unknown {
    return JSON.parse(String(this.stdin.read()))
  }

  answer(text: string): void {
    this.stdout.write(text)
  }
}
