import { describe, expect, it } from 'vitest'
import { wordsOfName } from '../../../src/commands/called-name.ts'

describe('the name this program is started by', () => {
  it.each<[string, readonly string[]]>([
    ['/usr/local/bin/docker-credential-entra-auth-cli', ['docker-credential']],
    [String.raw`C:\bin\git-credential-entra-auth-cli.exe`, ['git-credential']],
    ['git-credential-entra-auth-cli', ['git-credential']],
    ['/usr/local/bin/entra-auth-cli', []],
    ['/opt/docker-credential-entra-auth-cli/main.cjs', []],
    ['toString', []],
    ['', []],
  ])('%s stands for %j', (file, expected) => {
    expect(wordsOfName(file)).toEqual(expected)
  })
})
