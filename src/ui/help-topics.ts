/** A page about what no single command's help can tell. */
export interface HelpTopic {
  readonly name: string
  /** One line for the list of topics. */
  readonly summary: string
  /** The page: lines of at most 80 characters, without a line feed at the end. */
  readonly text: () => Promise<string>
}

/** Every page, loaded only when it is read. */
export const helpTopics: readonly HelpTopic[] = [
  {
    name: 'flows',
    summary: 'the ways to a token, and which one to take',
    text: async () => (await import('./help-topics/flows.ts')).flowsTopic,
  },
  {
    name: 'scopes',
    summary: 'what a token is for, and how to write it',
    text: async () => (await import('./help-topics/scopes.ts')).scopesTopic,
  },
  {
    name: 'output',
    summary: 'the forms of a result, and what goes to stderr',
    text: async () => (await import('./help-topics/output.ts')).outputTopic,
  },
  {
    name: 'scripting',
    summary: 'tokens in scripts, pipelines and containers',
    text: async () => (await import('./help-topics/scripting.ts')).scriptingTopic,
  },
  {
    name: 'storage',
    summary: 'where profiles, secrets and tokens are, and what seals them',
    text: async () => (await import('./help-topics/storage.ts')).storageTopic,
  },
  {
    name: 'environment',
    summary: 'every variable that is read',
    text: async () => (await import('./help-topics/environment.ts')).environmentTopic,
  },
  {
    name: 'exit-codes',
    summary: 'what the exit code says, and what to do about it',
    text: async () => (await import('./help-topics/exit-codes.ts')).exitCodesTopic,
  },
]
