#!/usr/bin/env node
import { wordsOfName } from './commands/called-name.ts'
import { plainToken } from './commands/plain-get-token.ts'
import { createHost } from './platform/host.ts'
import { keychainWord, ownCommand } from './platform/own-command.ts'

// Three programs in one file: the one for people, which is large; its one answer that scripts wait for all day, without
// the rest; and the child it makes keychain calls in.
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
  const token = await plainToken(words, host)
  if (token !== undefined) return host.terminal.stdout.write(`${token}\n`)
  const { runProgram } = await import('./wiring.ts')
  await runProgram(words, host, (tell) => traces.push(tell))
}
