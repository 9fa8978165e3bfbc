/** How the core speaks to whoever runs it, where no sign-in is at stake. */
export interface Voice {
  /** Whether a person is there to answer, also a dialog of the desktop. */
  readonly attended: boolean
  /** Whether stderr is to stay empty, also of what others write to it. Default: no. */
  readonly silent?: boolean
  warn(text: string): void
  /** A secret typed by a person, such as a passphrase; undefined where nobody can be asked. */
  askSecret(question: string): Promise<string | undefined>
}

/** Says nothing and asks nobody. */
export const silentVoice: Voice = {
  attended: false,
  warn: () => {},
  askSecret: async () => undefined,
}
