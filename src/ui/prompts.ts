import * as clack from '@clack/prompts'
import { EntraAuthError } from '../errors.ts'
import { safeText } from './safe-text.ts'

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
  readonly placeholder?: string
  /** What is wrong with an answer, or undefined. */
  readonly check?: (answer: string) => string | undefined
}

export async function choose<T extends string>(message: string, choices: readonly Choice<T>[]): Promise<T> {
  const options = choices.map(({ value, label, hint }) => ({
    value,
    label: safeText(label ?? value),
    ...(hint ? { hint: safeText(hint) } : {}),
  }))
  return answered(await clack.select({ message, options: options as never, output }))
}

export async function askText(message: string, question: TextQuestion = {}): Promise<string> {
  const { fallback, placeholder, check } = question
  const answer = await clack.text({
    message,
    placeholder: placeholder ?? fallback,
    defaultValue: fallback,
    validate: (typed) => check?.((typed ?? '').trim() || (fallback ?? '')),
    output,
  })
  return answered<string>(answer).trim()
}

/** What is typed shows as dots. */
export async function askSecret(message: string): Promise<string> {
  const answer = await clack.password({
    message,
    validate: (typed) => (typed ? undefined : 'it cannot be empty'),
    output,
  })
  return answered<string>(answer)
}

export async function confirm(
  message: string,
  initialValue: boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  return answered<boolean>(await clack.confirm({ message, initialValue, output, signal }))
}

function answered<T>(answer: T | symbol): T {
  if (clack.isCancel(answer)) throw new EntraAuthError('interrupted', 'interrupted; nothing was changed')
  return answer as T
}
