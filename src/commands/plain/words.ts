/** A command line that asks for nothing unusual. */
export interface PlainWords {
  /** The values of each flag that was given, by the flag's own spelling. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly switches: ReadonlySet<string>
  /** What is no flag. */
  readonly others: readonly string[]
}

/**
 * Reads the words behind a command's name as far as they are plain: each flag is one of those, stands alone and has its
 * value behind it. Whether it is a good command line is not for here to say.
 * @param spellings every way to write a flag, and the one spelling it counts as
 * @returns undefined for any other command line
 */
export function readPlainWords(
  words: readonly string[],
  spellings: {
    readonly switches: Readonly<Record<string, string>>
    readonly valued: Readonly<Record<string, string>>
  },
): PlainWords | undefined {
  const values = new Map<string, string[]>()
  const switches = new Set<string>()
  const others: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const flag = spellings.valued[word]
    if (flag !== undefined) {
      const value = words[++index]
      if (!value?.trim() || value.startsWith('-')) return undefined
      values.set(flag, [...(values.get(flag) ?? []), value])
    } else if (spellings.switches[word] !== undefined) switches.add(spellings.switches[word])
    else if (word === '' || word.startsWith('-')) return undefined
    else others.push(word)
  }
  return { values, switches, others }
}
