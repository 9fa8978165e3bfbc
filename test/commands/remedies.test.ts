import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/commands/command.ts'
import { configCommand } from '../../src/commands/config/index.ts'
import { discoverCommand } from '../../src/commands/discover.ts'
import { doctorCommand } from '../../src/commands/doctor.ts'
import { explainCommand } from '../../src/commands/explain.ts'
import { getTokenCommand } from '../../src/commands/get-token.ts'
import { inspectCommand } from '../../src/commands/inspect.ts'
import { knownCodes, meaningOf } from '../../src/core/entra-codes/index.ts'
import { knownNames, meaningOfName } from '../../src/core/entra-codes/named-errors.ts'

// A remedy that does not work when it is typed is worse than none.

const meanings = [
  ...knownCodes().map((code) => ({ subject: String(code), meaning: meaningOf(code) })),
  ...knownNames().map((subject) => ({
    subject,
    meaning: meaningOfName(subject, 'device', 'specific', 'general', 'sub', 'msal'),
  })),
]
const remedies = meanings.flatMap(({ subject, meaning }) =>
  (meaning?.remedy ?? []).map((text) => ({ subject, text })),
)
const commandLines = [
  ...new Set(
    remedies.flatMap(({ text }) =>
      [...text.matchAll(/"(entra-auth-cli [^"]*)"/g)].map(([, line = '']) => line),
    ),
  ),
]

let commands: Readonly<Record<string, () => Command>>

beforeAll(() => {
  // Nothing is run: only what the commands declare is looked at.
  const context = {} as CommandContext
  commands = {
    'get-token': () => getTokenCommand(context),
    config: () => configCommand(context),
    discover: () => discoverCommand(context),
    doctor: () => doctorCommand(context),
    explain: () => explainCommand(context),
    inspect: () => inspectCommand(context),
  }
})

/** The words of a command line as a shell makes them. */
function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'))
}

function commandFor(words: readonly string[]): readonly [command: Command, rest: readonly string[]] {
  const [, name = '', ...rest] = words
  let command = commands[name]?.()
  let left: readonly string[] = rest
  while (command && command.commands.length > 0) {
    const child: Command | undefined = command.commands.find((candidate) => candidate.name() === left[0])
    if (!child) break
    command = child
    left = left.slice(1)
  }
  if (!command) throw new Error(`there is no command "${name}"`)
  return [command, left]
}

describe('a remedy', () => {
  it('names commands, many of them', () => {
    expect(commandLines.length).toBeGreaterThan(20)
  })

  it.each(remedies)('of $subject puts commands into quotes, to be found: $text', ({ text }) => {
    expect(text.replace(/"entra-auth-cli [^"]*"/g, '')).not.toContain('entra-auth-cli ')
  })

  it.each(commandLines)('%s: has every flag it names', (line) => {
    const [command, words] = commandFor(wordsOf(line))
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} })
    const { operands, unknown } = command.parseOptions([...words])
    expect(unknown.filter((word) => word !== '--help')).toEqual([])
    expect(operands.length).toBeLessThanOrEqual(
      command.registeredArguments.length === 0 ? 0 : command.registeredArguments.length,
    )
  })

  it.each(remedies.filter(({ text }) => / --[a-z]/.test(text.replace(/"[^"]*"/g, ''))))(
    'of $subject names flags of get-token or config create: $text',
    ({ text }) => {
      const [getToken] = commandFor(['entra-auth-cli', 'get-token'])
      const [create] = commandFor(['entra-auth-cli', 'config', 'create'])
      const flags = new Set([...getToken.options, ...create.options].map(({ long }) => long))
      const named = text.replace(/"[^"]*"/g, '').match(/(?<= )--[a-z-]+/g) ?? []
      expect(named.filter((flag) => !flags.has(flag))).toEqual([])
    },
  )

  it('puts no secret into the arguments of a command', () => {
    expect(
      commandLines.filter((line) => /--(client-secret|certificate-password) (?!-( |$))/.test(line)),
    ).toEqual([])
  })
})
