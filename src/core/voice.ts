/** How the core speaks to whoever runs it, where no sign-in is at stake. */
export interface Voice {
  warn(text: string): void
  /** A secret typed by a person, such as a passphrase; undefined where nobody can be asked. */
  askSecret(question: string): Promise<string | undefined>
}

/** Says nothing and asks nobody. */
export const silentVoice: Voice = { warn: () => {}, askSecret: async () => undefined }
