import type { Environment, Terminal } from '../core/ports.ts'
import type { Voice } from '../core/voice.ts'
import { canPrompt } from './can-prompt.ts'
import type { Console } from './console.ts'

/** Speaks for the core where no sign-in is at stake: warnings, and secrets that only a person knows. */
export function consoleVoice(console: Console, terminal: Terminal, env: Environment): Voice {
  return {
    attended: canPrompt(terminal, env),
    silent: console.silent,
    warn: (text) => console.warn(text),
    askSecret: async (question) =>
      canPrompt(terminal, env) ? (await import('./prompts.ts')).askSecret(question) : undefined,
  }
}
