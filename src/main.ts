#!/usr/bin/env node
import { wordsOfName } from './commands/called-name.ts'
import { plainAnswer } from './commands/plain/answer.ts'
import { createHost } from './platform/host.ts'
import { keychainWord, ownCommand } from './platform/own-command.ts'

// Three programs in one: the one for people, which is large; its answers to what scripts ask all day, without the rest;
// and the child it makes keychain calls in.
const [, file = '', ...words] = process.argv
void main(words[0] === keychainWord ? words : [...wordsOfName(file), ...words])

async function main(words: readonly string[]): Promise<void> {
  if (words[0] === keychainWord) {
    const { runKeychainChild } = await import('./platform/keychain-child.ts')
    return runKeychainChild()
  }
  const traces: ((line: string) => void)[] = []
  const host = createHost(process, {
    trace: (line) => traces.at(-1)?.(line),
    ownCommand: ownCommand(process.execPath, process.argv[1] ?? ''),
    isProgram: true,
  })
  const answer = await plainAnswer(words, host)
  if (answer) {
    host.terminal.stdout.write(answer.text)
    await host.terminal.flushed()
    process.exit(answer.exitCode)
  }
  const { runProgram } = await import('./wiring.ts')
  await runProgram(words, host, (tell) => traces.push(tell))
}
