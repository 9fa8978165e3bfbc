/** What git and docker call a helper, by the words that it stands for. */
const names: Readonly<Record<string, readonly string[]>> = {
  'git-credential-entra-auth-cli': ['git-credential'],
  'docker-credential-entra-auth-cli': ['docker-credential'],
}

/**
 * The words that the name stands for under which this program was started, such as that of a link to it. None for its
 * own name.
 * @param file the path it was started by
 */
export function wordsOfName(file: string): readonly string[] {
  const name = /[^/\\]*$/.exec(file)?.[0].replace(/\.(?:c?js|exe)$/i, '') ?? ''
  return Object.hasOwn(names, name) ? (names[name] ?? []) : []
}
