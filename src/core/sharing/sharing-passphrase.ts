/** About what four words or twelve random characters are worth, counted in characters. */
const enoughCharacters = 12

/**
 * Why a passphrase is weak, as one clause; undefined where nothing speaks against it. A file that travels can be guessed at
 * for years, so length counts more than odd characters.
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function passphraseWeakness(passphrase: string): string | undefined {
  const characters = Array.from(passphrase)
  if (characters.length < enoughCharacters) return `it has only ${characters.length} characters`
  return new Set(characters).size < 6 ? 'it repeats itself' : undefined
}
