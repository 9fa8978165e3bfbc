import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { manual } from '../../src/commands/manual.ts'
import { exitCodeOf, type ErrorCode } from '../../src/errors.ts'
import { helpTopics } from '../../src/ui/help-topics.ts'
import { memoryHost } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'

const { program, topics } = await manual()

async function outcome(words: readonly string[], columns = 80) {
  const host = memoryHost({ stdin: '', env: { NO_COLOR: '1' } })
  Object.assign(host.terminal.stdout, { columns })
  const code = await runCommand(words, host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

/** `config create` and all the others; the sandbox has a help of its own. */
function namesOf(parent: Command, before: readonly string[] = []): readonly (readonly string[])[] {
  return parent.commands
    .filter((command) => !['help', 'sandbox'].includes(command.name()))
    .flatMap((command) => {
      const name = [...before, command.name()]
      return [name, ...namesOf(command, name)]
    })
}

const topicText = async (name: string) =>
  (await helpTopics.find((topic) => topic.name === name)?.text()) ?? ''

describe('the help of', () => {
  it.each(namesOf(program).flatMap((name) => [80, 120].map((columns) => [name.join(' '), columns] as const)))(
    '%s fits %d columns and ends with examples',
    async (name, columns) => {
      const { code, stdout, stderr } = await outcome([...name.split(' '), '--help'], columns)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const [flags = '', examples] = stdout.split(/^(?:Examples|Install it once):$/m)
      expect(examples).toMatch(new RegExp(`\\bentra-auth-cli ${name}\\b`))
      const described = flags.split('\n').filter((line) => /^ {2,}-/.test(line))
      expect(described.filter((line) => line.length > columns)).toEqual([])
      const prose = stdout.split('\n').filter((line) => /^[^\s]/.test(line))
      expect(prose.filter((line) => line.length > columns)).toEqual([])
    },
  )

  it('all commands is by what one wants to do', async () => {
    const { stdout } = await outcome(['--help'])
    const headings = stdout.split('\n').filter((line) => /^\S.*:$/.test(line))
    expect(headings).toEqual([
      'Options:',
      'Tokens:',
      'Using tokens:',
      'Reading tokens:',
      'Profiles:',
      'Storage:',
      'When something is wrong:',
      'Trying it:',
      'This program:',
      'Topics (entra-auth-cli help TOPIC):',
      'Exit codes:',
    ])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  it('a flag lists its choices in words', async () => {
    const { stdout } = await outcome(['config', 'list', '--help'])
    expect(stdout).toContain('form of the result (text, json or yaml)\n')
    expect((await outcome(['get-token', '--help'])).stdout).toContain('must have left (default: 5m)\n')
  })
})

describe('a topic', () => {
  it.each(topics.map(({ name, text }) => [name, text] as const))(
    '%s is shown as it is',
    async (name, text) => {
      expect(await outcome(['help', name])).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' })
      expect(text).toMatch(/^Examples?:$/m)
      const prose = text.split('\n').filter((line) => !line.trimStart().startsWith('$'))
      expect(prose.filter((line) => line.length > 85)).toEqual([])
    },
  )

  it('is listed by help, and by the help of help', async () => {
    for (const words of [['help'], ['help', '--help']]) {
      const { stdout } = await outcome(words)
      for (const { name, summary } of helpTopics)
        expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
    }
  })

  it('that is none is an error with the way to all of them', async () => {
    expect(await outcome(['help', 'magic'])).toEqual({
      code: 4,
      stdout: '',
      stderr: 'error: there is no command and no topic "magic"\nhint: "entra-auth-cli help" lists all\n',
    })
  })
})

describe('the topic environment', () => {
  const folder = join(import.meta.dirname, '../../src')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('help-topics'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))

  /** What the sources look up by its name, directly or through a constant. */
  function variablesIn(source: string): readonly string[] {
    const direct = [...source.matchAll(/\benv(?:\.|\[')([A-Za-z_]{2,})\b/g)].map(([, name = '']) => name)
    if (!/\benv\b/.test(source)) return []
    const constants = [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, name = '']) => name)
    const proxies = [...source.matchAll(/lookUp\(env, '(\w+)'\)/g)].map(([, name = '']) => name.toUpperCase())
    return [...direct, ...constants, ...proxies].filter((name) => /^(?:[A-Z]|Program)/.test(name))
  }

  /** What is printed, and what is removed. */
  const others = new Set(['AZURE_ACCESS_TOKEN', 'NAPI_RS_NATIVE_LIBRARY_PATH'])

  it('names every variable that the sources read', async () => {
    const text = await topicText('environment')
    const names = new Set(sources.flatMap(variablesIn).filter((name) => !others.has(name)))
    expect(names.size).toBeGreaterThan(50)
    expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
  })

  it('names no variable that nobody reads', async () => {
    const text = await topicText('environment')
    const named = text.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []
    const all = sources.join('\n').toUpperCase()
    expect(named.filter((name) => !all.includes(name))).toEqual([])
  })
})

describe('the topic exit-codes', () => {
  it('explains every one', async () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/errors.ts'), 'utf8')
    const table = source.slice(source.indexOf('const exitCodes'), source.indexOf('} as const'))
    const kinds = [...table.matchAll(/^ {2}(\w+): \d+/gm)].map(([, kind]) => kind as ErrorCode)
    expect(kinds).toContain('unverifiable')
    const text = await topicText('exit-codes')
    const explained = [...text.matchAll(/^ {2,4}(\d+) {2}\S/gm)].map(([, code]) => Number(code))
    expect(explained).toEqual([...new Set([0, ...kinds.map(exitCodeOf)])].toSorted((a, b) => a - b))
  })
})
