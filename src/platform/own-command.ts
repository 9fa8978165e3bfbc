/** The first word of a command line that makes a process of ours the keychain's child. For us alone, not for people. */
export const keychainWord = '__keychain'

/**
 * The words that start this program again.
 * @param mainFile the file it was started from, `process.argv[1]`; in a single-file executable it is the executable
 *   itself or a file inside it, which is no file for anybody else
 */
export function ownCommand(execPath: string, mainFile: string): readonly string[] {
  return mainFile === execPath || isInsideExecutable(mainFile) ? [execPath] : [execPath, mainFile]
}

/** Where a program compiled by bun believes itself to lie. @see https://bun.com/docs/bundler/executables */
function isInsideExecutable(path: string): boolean {
  return path.startsWith('/$bunfs/') || /^[a-z]:[\\/]~bun[\\/]/i.test(path)
}
