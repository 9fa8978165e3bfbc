#!/usr/bin/env node
import { wordsOfName } from './commands/called-name.ts'
import { plainAnswer } from './commands/plain/answer.ts'
import type { ReadyInput } from './core/ports.ts'
import { keychainWord, ownCommand } from './platform/own-command.ts'
import { createPlainHost } from './platform/plain-host.ts'

// Three programs in one: the one for people, which is large; its answers to what scripts ask all day, which have little of
// it; and the child it makes keychain calls in.
const [, file = '', ...words] = process.argv
void main(words[0] === keychainWord ? words : [...wordsOfName(file), ...words])

async function main(words: readonly string[]): Promise<void> {
  if (words[0] === keychainWord) {
    const { runKeychainChild } = await import('./platform/keychain-child.ts')
    return runKeychainChild()
  }
  const ours = ownCommand(process.execPath, file)
  let stdin: ReadyInput | undefined
  const host = createPlainHost(process, {
    ownCommand: ours,
    isProgram: true,
    onStdinTaken: (taken) => (stdin = taken),
  })
  const answer = await plainAnswer(words, host)
  if (answer) {
    host.terminal.stdout.write(answer.text)
    await host.terminal.flushed()
    process.exit(answer.exitCode)
  }
  const { runProgram } = await import('./wiring.ts')
  await runProgram(words, { ownCommand: ours, stdin })
}
