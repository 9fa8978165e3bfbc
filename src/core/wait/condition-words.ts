import { EntraAuthError } from '../../errors.ts'

/** A piece of a condition. `column` counts characters from 1. */
export type ConditionWord =
  | { readonly kind: 'name' | 'text'; readonly text: string; readonly column: number }
  /** `text` is the number as it was written. */
  | { readonly kind: 'number'; readonly text: string; readonly column: number }
  | { readonly kind: 'sign'; readonly text: '(' | ')' | '==' | '!='; readonly column: number }
  | { readonly kind: 'end'; readonly text: ''; readonly column: number }

const longestCondition = 1000

const forms = {
  space: /\s+/y,
  number: /-?\d+(?:\.\d+)?(?![\w.])/y,
  name: /[A-Za-z_][\w:.-]*/y,
  sign: /==|!=|[()]/y,
  text: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy,
} as const

/**
 * The words of a condition, and its end.
 * @throws EntraAuthError `invalid_arguments` that names the column
 */
export function conditionWords(condition: string): readonly ConditionWord[] {
  if (condition.length > longestCondition) {
    throw wrongCondition(longestCondition + 1, `it is longer than ${longestCondition} characters`)
  }
  const words: ConditionWord[] = []
  let at = 0
  const take = (form: RegExp): string | undefined => {
    form.lastIndex = at
    const [found] = form.exec(condition) ?? []
    at += found?.length ?? 0
    return found
  }
  for (take(forms.space); at < condition.length; take(forms.space)) {
    const column = at + 1
    const number = take(forms.number)
    const name = number ?? take(forms.name)
    const sign = name ?? take(forms.sign)
    const text = sign ?? take(forms.text)
    if (text === undefined) throw wrongCondition(column, oddity(condition.charAt(at)))
    if (number !== undefined) words.push({ kind: 'number', text: number, column })
    else if (name !== undefined) words.push({ kind: 'name', text: name, column })
    else if (sign !== undefined) words.push({ kind: 'sign', text: sign as '(', column })
    else words.push({ kind: 'text', text: text.slice(1, -1).replace(/\\(.)/gs, '$1'), column })
  }
  return [...words, { kind: 'end', text: '', column: condition.length + 1 }]
}

function oddity(character: string): string {
  if (character === '"' || character === "'") return 'the text has no end'
  if (character === '=') return 'to compare, write =='
  return `"${character}" means nothing here`
}

/** @param fact one clause */
export function wrongCondition(column: number, fact: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `--until, column ${column}: ${fact}`, {
    hint: `write it as in --until 'roles contains "Admin" and not groups exists'; see "entra-auth-cli wait --help"`,
  })
}
