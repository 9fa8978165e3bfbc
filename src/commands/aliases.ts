/**
 * How manuals of the older .NET tool, and some of ours, called what has another name now. Neither help nor completion
 * speaks of them; whoever knows them is understood.
 */
const formerNames: Readonly<Record<string, readonly string[]>> = {
  'create-profile': ['config', 'create'],
  'list-profiles': ['config', 'list'],
  list: ['config', 'list'],
  'show-profile': ['config', 'show'],
  'edit-profile': ['config', 'edit'],
  'delete-profile': ['config', 'delete'],
  'export-profile': ['config', 'export'],
  'import-profile': ['config', 'import'],
  'clear-cache': ['config', 'clear-cache'],
}

/**
 * A command line with today's name of its command in the place of a former one; any other one as it is.
 * @param words the words after the program's name; the first one that is no flag is the command
 */
export function withTodaysName(words: readonly string[]): readonly string[] {
  const index = words.findIndex((word) => !word.startsWith('-'))
  const name = words[index] ?? ''
  return Object.hasOwn(formerNames, name) ? words.toSpliced(index, 1, ...(formerNames[name] ?? [])) : words
}
