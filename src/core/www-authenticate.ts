/** One way to prove oneself that a server names. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  /** Names in lower case, values without their quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y
const quoted = /"((?:[^"\\\p{Cc}]|\t|\\[^\p{Cc}])*)"/uy
const equals = /[ \t]*=[ \t]*/y
const spaces = /[ \t]+/y
const separator = /[ \t]*(?:,[ \t]*)+/y

/**
 * The challenges of a `WWW-Authenticate` field's value; there may be several in one line. Reads each character once, so
 * that a hostile line costs no more than its length.
 * @returns undefined where the text is no such value, or names a parameter twice
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function readChallenges(value: string): readonly Challenge[] | undefined {
  const text = value.trim()
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found ?? undefined
  }
  /** A parameter; undefined, and nothing taken, where the next word is a scheme. */
  const parameter = (): readonly [name: string, value: string] | undefined => {
    const start = at
    const name = take(token)?.[0]
    if (name !== undefined && take(equals)) {
      const string = take(quoted)?.[1]?.replace(/\\(.)/gu, '$1') ?? take(token)?.[0]
      if (string !== undefined) return [name.toLowerCase(), string]
    }
    at = start
    return undefined
  }

  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = []
  take(separator)
  while (at < text.length) {
    // An element of the list is a further parameter of the challenge before it, or begins a new one.
    let found = challenges.length > 0 ? parameter() : undefined
    if (!found) {
      const scheme = take(token)?.[0].toLowerCase()
      if (scheme === undefined) return undefined
      challenges.push({ scheme, parameters: new Map() })
      found = take(spaces) && parameter()
      if (!found) take(token68)
    }
    const parameters = challenges.at(-1)?.parameters
    if (found && parameters?.has(found[0])) return undefined
    if (found) parameters?.set(...found)
    if (at < text.length && !take(separator)) return undefined
  }
  return challenges.length === 0 ? undefined : challenges
}
