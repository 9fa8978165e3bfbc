import * as clack from '@clack/prompts'
import { EntraAuthError } from '../errors.ts'
import type { PasteUse } from './pasted-text.ts'
import { safeText } from './safe-text.ts'
import { TypedInput } from './typed-input.ts'

// The one place that asks questions. They go to stderr: stdout carries the result. Only reached where `canPrompt` said
// that somebody can answer.
const output = process.stderr

export interface Choice<T extends string = string> {
  readonly value: T
  readonly label?: string
  readonly hint?: string
}

export interface TextQuestion {
  /** Taken when the answer is empty. */
  readonly fallback?: string
  /** What stands in the line already, to be changed. */
  readonly present?: string
  readonly placeholder?: string
  /** What is wrong with an answer, or undefined. */
  readonly check?: (answer: string) => string | undefined
}

/** @param initial the choice that is marked at first */
export function choose<T extends string>(
  message: string,
  choices: readonly Choice<T>[],
  initial?: T,
): Promise<T> {
  const options = choices.map(({ value, label, hint }) => ({
    value,
    label: safeText(label ?? value),
    ...(hint ? { hint: safeText(hint) } : {}),
  }))
  return asked('nothing', (streams) =>
    clack.select({
      message: safeText(message),
      options: options as never,
      initialValue: initial,
      ...streams,
    }),
  )
}

export async function askText(message: string, question: TextQuestion = {}): Promise<string> {
  const { fallback, present, placeholder, check } = question
  const answer = await asked<string>('line', (streams) =>
    clack.text({
      message: safeText(message),
      placeholder: safeText(placeholder ?? fallback ?? ''),
      defaultValue: fallback,
      ...(present !== undefined && { initialValue: safeText(present) }),
      validate: (typed) => check?.((typed ?? '').trim() || (fallback ?? '')),
      ...streams,
    }),
  )
  return answer.trim()
}

/** What is typed shows as dots. */
export function askSecret(message: string): Promise<string> {
  return asked('line', (streams) =>
    clack.password({
      message: safeText(message),
      clearOnError: true,
      validate: (typed) => {
        if (streams.input.takeHadLines()) return 'that was more than one line: paste the secret alone'
        return typed ? undefined : 'it cannot be empty'
      },
      ...streams,
    }),
  )
}

export function confirm(message: string, initialValue: boolean, signal?: AbortSignal): Promise<boolean> {
  return asked('nothing', (streams) =>
    clack.confirm({ message: safeText(message), initialValue, signal, ...streams }),
  )
}

/** Lines to read before the next question, with a title. */
export function note(title: string, lines: readonly string[]): void {
  clack.note(lines.map((line) => safeText(line)).join('\n'), safeText(title), {
    output,
    format: (line) => line,
  })
}

/**
 * What a question gives, or undefined where the person leaves it with Escape. Ctrl-C ends everything all the same.
 * @throws EntraAuthError `interrupted`
 */
export async function unlessLeft<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof EntraAuthError && error.cause === left) return undefined
    throw error
  }
}

const left = new Error('Escape was pressed')

async function asked<T>(
  pastes: PasteUse,
  question: (streams: {
    readonly input: TypedInput
    readonly output: NodeJS.WriteStream
  }) => Promise<unknown>,
): Promise<T> {
  const input = new TypedInput(pastes, process.stdin, output)
  try {
    const answer = await question({ input, output })
    if (!clack.isCancel(answer)) return answer as T
    const cause = input.wasLeft ? left : undefined
    throw new EntraAuthError('interrupted', 'interrupted; nothing was changed', { cause })
  } finally {
    input.close()
  }
}
