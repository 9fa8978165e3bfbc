/**
 * One word of a command that a person copies into a POSIX shell (PowerShell reads these quotes too). What comes from a
 * file, such as a profile's name, must not become a command of its own.
 */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
