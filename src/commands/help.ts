import type { Command } from 'commander'
import { EntraAuthError } from '../errors.ts'
import { helpTopics } from '../ui/help-topics.ts'
import { defineCommand, type CommandContext } from './command.ts'

/**
 * `help`: the page of a topic. What is no topic is a command, and program.ts shows that command's own help.
 * @see isHelpTopic
 */
export function helpCommand(context: CommandContext): Command {
  return defineCommand('help')
    .usage('[command | topic]')
    .argument('[words...]', 'a command or a topic')
    .addHelpText('after', () => `\n${topicList()}`)
    .action(async ([name = '']: readonly string[]) => {
      const console = context.console()
      const topic = helpTopics.find((one) => one.name === name.toLowerCase())
      if (!topic) throw noSuchHelp(name)
      console.result(await topic.text())
    })
}

export function isHelpTopic(word: string): boolean {
  return helpTopics.some(({ name }) => name === word.toLowerCase())
}

/** The topics as a block of the program's help. */
export function topicList(): string {
  const width = Math.max(...helpTopics.map(({ name }) => name.length))
  const lines = helpTopics.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `Topics (entra-auth-cli help TOPIC):\n${lines.join('\n')}`
}

function noSuchHelp(name: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `there is no command and no topic "${name}"`, {
    hint: '"entra-auth-cli help" lists all',
  })
}
