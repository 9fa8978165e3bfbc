import { EntraAuthError } from '../../errors.ts'
import type { ProfileOptions } from './profile-flags.ts'

/** What lines on stdin answer. */
export interface Answers {
  readonly options: ProfileOptions
  readonly secret?: string
}

/** The older tool's menu, as its manual numbers it. */
const items: Readonly<Record<string, (answer: string) => Answers>> = {
  '1': (clientId) => ({ options: { clientId } }),
  '2': (tenantId) => ({ options: { tenantId } }),
  '3': (secret) => ({ options: {}, secret }),
  '4': (scope) => ({ options: { scope: [scope] } }),
  '5': (flow) => ({ options: { flow } }),
  '6': (authority) => ({ options: { authority } }),
}

/**
 * Reads answers to the menu of `config edit` as scripts give them: the number of an item, its value on the next line,
 * again for others, then `q` or the end. Pure.
 * @throws EntraAuthError `invalid_arguments` for what is no item and for one without a value; never repeats a value
 */
export function answersOf(text: string): Answers {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  let answers: Answers = { options: {} }
  for (let index = 0; index < lines.length; index++) {
    const choice = lines[index]?.trim().toLowerCase() ?? ''
    if (choice === 'q') return answers
    if (choice !== '') {
      const item = Object.hasOwn(items, choice) ? items[choice] : undefined
      if (item === undefined) throw notAnItem(index + 1)
      const value = lines[++index]?.trim() ?? ''
      if (value === '') throw withoutValue(choice)
      const { options, secret = answers.secret } = item(value)
      answers = { options: { ...answers.options, ...options }, ...(secret !== undefined && { secret }) }
    }
  }
  return answers
}

// The line may hold a secret that stands where a number should.
function notAnItem(line: number): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `line ${line} of stdin is no item of the menu`, {
    hint: '1 client id, 2 tenant id, 3 client secret, 4 scope, 5 flow, 6 authority, each with its value on the next line, and q',
  })
}

function withoutValue(item: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `item ${item} on stdin has no value`, {
    hint: 'put the new value on the next line; nothing was changed',
  })
}
