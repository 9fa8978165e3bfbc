/** What README.md lists is what there is: every command, page and exit code, and no variable that nobody reads. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { manual } from '../../src/commands/manual.ts'

const repository = resolve(import.meta.dirname, '../..')
const readme = readFileSync(join(repository, 'README.md'), 'utf8')
const { program, topics } = await manual()

function section(heading: string): string {
  const [, text = ''] = readme.split(`\n## ${heading}\n`)
  return text.split('\n## ')[0] ?? ''
}

/** The first cells of its tables, without their heads. */
const firstCells = (heading: string) =>
  [...section(heading).matchAll(/^\| (.+?) \|/gm)].map(([, cell = '']) => cell).slice(1)

const topic = (name: string) => topics.find((one) => one.name === name)?.text ?? ''

/** The commands that a person types, such as `config create`; the help of groups is not one. */
function commandsOf(parent: Command, before = ''): readonly string[] {
  return parent.commands.flatMap((command) => {
    const name = `${before}${command.name()}`
    if (command.commands.length > 0) return commandsOf(command, `${name} `)
    return before !== '' && command.name() === 'help' ? [] : [name]
  })
}

/** `config create`, `list` in one cell are two commands of one group. */
function commandsIn(cell: string): readonly string[] {
  const [first = '', ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  const group = /^(?:config|vault) /.exec(first)?.[0] ?? ''
  return [first, ...others.map((name) => `${group}${name}`)]
}

describe('README.md lists', () => {
  it('every command once', () => {
    const listed = firstCells('Commands')
      .flatMap(commandsIn)
      .filter((name) => !name.includes(' -'))
    expect(listed.toSorted()).toEqual(commandsOf(program).toSorted())
  })

  it('every page once', () => {
    const listed = [...section('Pages').matchAll(/\]\(docs\/([^)]+)\)/g)].map(([, page]) => page)
    expect(listed.toSorted()).toEqual(
      readdirSync(join(repository, 'docs'))
        .filter((name) => name.endsWith('.md'))
        .toSorted(),
    )
  })

  it('every exit code once', () => {
    const listed = firstCells('Exit codes').flatMap((cell) => cell.split(', '))
    const explained = [...topic('exit-codes').matchAll(/^ +(\d+) {2}/gm)].map(([, code]) => code)
    expect(listed).toEqual(explained)
  })

  it('no variable that the topic environment does not explain', () => {
    const listed = section('Files and variables').match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []
    const explained = topic('environment')
    expect(listed.length).toBeGreaterThan(10)
    expect(listed.filter((name) => !new RegExp(`\\b${name}\\b`).test(explained))).toEqual([])
  })
})
