import { posix } from 'node:path'
import { type DesktopFacts, isCi, isSsh } from './desktop-facts.ts'

/**
 * Why no browser that could come back to us can be opened, as one clause, or undefined if one can. Errs towards a reason:
 * a launcher that is installed reports success on a machine without a display.
 */
export function browserObstacle(facts: DesktopFacts): string | undefined {
  const { env, platform } = facts
  if (isCi(env)) return 'this is a CI job (CI is set)'
  if (env.BROWSER === 'none') return 'BROWSER is set to "none"'
  if (env.BROWSER) return undefined
  // Even with a forwarded display: the redirect goes to the machine the browser runs on.
  if (isSsh(env)) return 'this is an SSH session'
  if (platform === 'darwin' || platform === 'win32') return undefined
  if (facts.isContainer) return 'this is a container'
  if (windowsBrowserCommands('', facts).length > 0) return undefined
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display (DISPLAY is not set)'
  if (!facts.hasProgram('xdg-open')) return 'xdg-open is not installed'
  return undefined
}

/** A program and its arguments; no shell is involved. */
export interface Command {
  readonly program: string
  readonly arguments: readonly string[]
  /** The folder to start it in; undefined: ours. */
  readonly directory?: string
}

/**
 * The commands that open an address in the default browser of the Windows around a WSL, to be tried in order; none
 * elsewhere. The browser there reaches a port here by `localhost`, as WSL forwards it. `cmd.exe /c start` is not among
 * them: it would act on `&` and `%` in an address.
 * @see https://learn.microsoft.com/windows/wsl/networking
 */
export function windowsBrowserCommands(url: string, facts: DesktopFacts): Command[] {
  if (!facts.isWsl || facts.isContainer) return []
  const ofWindows = (name: string, words: readonly string[]): Command[] => {
    const program = facts.windowsProgram(name)
    // From a folder that Windows does not see as one of a drive, its programs may refuse to start.
    return program === undefined ? [] : [{ program, arguments: words, directory: posix.dirname(program) }]
  }
  const script = `Start-Process '${url.replaceAll("'", "''")}'`
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  return [
    ...(facts.hasProgram('wslview') ? [{ program: 'wslview', arguments: [url] }] : []),
    ...ofWindows('powershell.exe', ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]),
    ...ofWindows('rundll32.exe', ['url.dll,FileProtocolHandler', url]),
  ]
}

/**
 * The commands in `BROWSER`, to be tried in order: separated by colons (not on Windows), `%s` stands for the address,
 * which is appended where it is missing. Quotes keep words with spaces together.
 * @see https://www.catb.org/~esr/BROWSER/
 */
export function browserCommands(
  value: string | undefined,
  url: string,
  platform: NodeJS.Platform,
): Command[] {
  const entries = platform === 'win32' ? [value ?? ''] : (value ?? '').split(':')
  return entries.flatMap((entry) => {
    const [program, ...words] = splitWords(entry)
    if (!program) return []
    const placed = words.some((word) => word.includes('%s'))
    return [
      { program, arguments: placed ? words.map((word) => word.replaceAll('%s', url)) : [...words, url] },
    ]
  })
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

/** Whether an address may be handed to a program that opens whatever it is given. */
export function isOpenable(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  )
}
