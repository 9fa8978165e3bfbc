// The manual page, made of the definitions that make the help: nothing is said twice. `commands` is commander's whole
// tree, `topics` are the pages of `help TOPIC`.
//
// Its language is that of man(7), which groff and mandoc read.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'

/**
 * Writes the page. The same source makes the same page where SOURCE_DATE_EPOCH is set, as builds that are to be
 * reproduced set it.
 * @param {string} path such as `dist/man/entra-auth-cli.1`
 */
export async function writeManPage(path) {
  await bundle({ input: { manual: 'src/commands/manual.ts' }, folder: 'build', format: 'es' })
  const { manual } = await import(pathToFileURL(resolve('build/manual.js')).href)
  const { SOURCE_DATE_EPOCH: seconds } = process.env
  const date = (seconds ? new Date(Number(seconds) * 1000) : new Date()).toISOString().slice(0, 10)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, manPage({ ...(await manual()), date }))
}

/**
 * @param {{ program: import('commander').Command, topics: readonly { name: string, text: string }[], version: string,
 *   date: string }} source `date` as 2026-01-31
 * @returns {string} the page in roff
 */
function manPage({ program, topics, version, date }) {
  const name = program.name()
  const lines = [
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 ${date} "${name} ${version}"`,
    // A flag that is broken at a dash, or stretched, cannot be copied.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(asPhrase(program.description()))}`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    escaped(program.description()),
    ...optionLines(program),
    '.SH COMMANDS',
    ...visibleChildren(program).flatMap((command) => commandLines(command, name)),
    ...topics.flatMap(topicLines),
    '.SH SEE ALSO',
    `.B ${escaped(name)} help`,
    'lists all commands and topics,',
    `.B ${escaped(name)} \\fIcommand\\fB \\-\\-help`,
    'shows the help of one.',
  ]
  return `${lines.join('\n')}\n`
}

function commandLines(command, parent) {
  const name = `${parent} ${command.name()}`
  const own = [
    `.SS ${escaped(`${name} ${usageOf(command)}`.trim())}`,
    escaped(sentence(command.description())),
    ...argumentLines(command),
    ...optionLines(command),
    ...notesOf(command).flatMap(noteLines),
  ]
  return [...own, ...visibleChildren(command).flatMap((child) => commandLines(child, name))]
}

function usageOf(command) {
  return command.usage().replace(/^\[options\]\s*\[command\]$/, 'COMMAND')
}

function visibleChildren(command) {
  return command.commands.filter((child) => child.name() !== 'help' && !child._hidden)
}

function argumentLines(command) {
  const help = command.createHelp()
  return help
    .visibleArguments(command)
    .flatMap((argument) => tagged(help.argumentTerm(argument), help.argumentDescription(argument)))
}

/** The flags under their headings; that there is help needs no repeating. */
function optionLines(command) {
  const help = command.createHelp()
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help')
  let heading = 'Options:'
  return options.flatMap((option) => {
    const own = option.helpGroupHeading ?? 'Options:'
    const isNew = own !== heading
    heading = own
    const lines = tagged(help.optionTerm(option), help.optionDescription(option))
    return isNew ? ['.PP', `.I ${escaped(own)}`, ...lines] : lines
  })
}

function tagged(term, description) {
  return ['.TP', `.B ${escaped(term)}`, escaped(sentence(description))]
}

/** The paragraphs behind the flags, as the help shows them. */
function notesOf(command) {
  const written = []
  const { writeOut } = command.configureOutput()
  command.configureOutput({ writeOut: (text) => written.push(text) })
  command.outputHelp()
  command.configureOutput({ writeOut })
  return paragraphsOf(written.slice(1).join(''))
}

function paragraphsOf(text) {
  return text
    .trim()
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph !== '')
}

/** Running text is filled anew; what has indented lines keeps them. */
function noteLines(paragraph) {
  const lines = paragraph.split('\n')
  if (!lines.some((line) => line.startsWith(' '))) return ['.PP', ...lines.map(escaped)]
  return ['.PP', '.nf', ...lines.map(escaped), '.fi']
}

function topicLines({ name, text }) {
  const [title = name, ...paragraphs] = paragraphsOf(text)
  // A section begins with a paragraph anyway.
  const [, ...lines] = paragraphs.flatMap(noteLines)
  return [`.SH ${escaped(title.replace(/:.*/, '').toUpperCase())}`, ...lines]
}

/** `Gets tokens, with profiles.` becomes `gets tokens, with profiles`, as whatis lists it. */
function asPhrase(text) {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '')
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.:!?]$/.test(text) ? '' : '.'}`
}

/** Text that roff takes for no request and no escape, and in which a dash can be copied as what it was. */
function escaped(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
    .replaceAll('…', '...')
    .replaceAll('“', '"')
    .replaceAll('”', '"')
}
