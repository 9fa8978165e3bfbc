import { describe, expect, it } from 'vitest'
import { plainAnswer } from '../../../src/commands/plain/answer.ts'
import { memoryHost } from '../../support/memory-host.ts'
import { runCommand } from '../../support/run-command.ts'

describe('the help in a pipe', () => {
  it.each<[readonly string[]]>([
    [[]],
    [['help']],
    [['--help']],
    [['-h']],
    [['get-token', '--help']],
    [['get-token', '-h']],
    [['help', 'get-token']],
    [['config', '--help']],
    [['config', 'create', '--help']],
    [['help', 'config', 'create']],
    [['--version']],
    [['-V']],
  ])('that %j asks for is the one that the whole program shows', async (words) => {
    const whole = memoryHost()
    const exitCode = await runCommand(words, whole)
    expect(exitCode).toBe(0)
    expect(await plainAnswer(words, memoryHost())).toEqual({ text: whole.stdout(), exitCode })
  })

  it.each<[string, readonly string[]]>([
    ['a topic', ['help', 'flows']],
    ['no command', ['help', 'nonsense']],
    ['a flag besides', ['get-token', '-p', 'ci', '--help']],
    ['a former name', ['create-profile', '--help']],
    ['a program of its own', ['sandbox', '--help']],
    ['the program to run', ['exec', '--', 'git', '--help']],
    ['the version of a command', ['get-token', '--version']],
    ['a name of every object', ['constructor', '--help']],
    ['what a shell completes', ['__complete', 'bash', '=--h', 'get-token', '--help']],
  ])('is left to the whole program for %s', async (_what, words) => {
    expect(await plainAnswer(words, memoryHost())).toBeUndefined()
  })

  it('is left to it in a terminal, whose width it fits', async () => {
    expect(await plainAnswer(['--help'], memoryHost({ stdoutIsTerminal: true }))).toBeUndefined()
  })
})
