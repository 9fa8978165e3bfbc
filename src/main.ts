#!/usr/bin/env node
import { keychainWord } from './platform/own-command.ts'

// Two programs in one file: the one for people, and the child it makes keychain calls in, which loads little else.
if (process.argv[2] === keychainWord) {
  const { runKeychainChild } = await import('./platform/keychain-child.ts')
  await runKeychainChild()
} else {
  await import('./wiring.ts')
}
