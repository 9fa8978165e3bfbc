#!/usr/bin/env node
import { keychainWord } from './platform/own-command.ts'

// Two programs in one file: the one for people, and the child it makes keychain calls in, which loads little else.
if (process.argv[2] === keychainWord) {
  void import('./platform/keychain-child.ts').then(({ runKeychainChild }) => runKeychainChild())
} else {
  void import('./wiring.ts').then(({ runProgram }) => runProgram())
}
