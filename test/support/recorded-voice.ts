import type { Voice } from '../../src/core/voice.ts'

export interface RecordedVoice extends Voice {
  readonly warnings: string[]
  readonly questions: string[]
}

/** Keeps what is said, and answers questions in order; then nobody answers any more. */
export function recordedVoice(...answers: readonly string[]): RecordedVoice {
  const warnings: string[] = []
  const questions: string[] = []
  return {
    attended: answers.length > 0,
    warnings,
    questions,
    warn: (text) => void warnings.push(text),
    askSecret: async (question) => {
      questions.push(question)
      return answers[questions.length - 1]
    },
  }
}
