import { expect, it } from 'vitest'
import { ownCommand } from '../../../src/platform/own-command.ts'

it.each([
  [
    'an installed package',
    '/usr/bin/node',
    '/opt/x/dist/main.cjs',
    ['/usr/bin/node', '/opt/x/dist/main.cjs'],
  ],
  ['one file compiled by bun', '/opt/entra-auth-cli', '/$bunfs/root/entra-auth-cli', ['/opt/entra-auth-cli']],
  ['the same on Windows', 'C:\\x\\e.exe', 'B:\\~BUN\\root\\e.exe', ['C:\\x\\e.exe']],
  ['one file that is node itself', '/opt/entra-auth-cli', '/opt/entra-auth-cli', ['/opt/entra-auth-cli']],
])('starts %s again', (_, execPath, mainFile, words) => {
  expect(ownCommand(execPath, mainFile)).toEqual(words)
})
