import type { Command } from './browser-rules.ts'
import { type DesktopFacts, isSsh } from './desktop-facts.ts'

/** One way to a clipboard: a program that reads the text from its stdin, or a request to the terminal. */
export type ClipboardWay = ({ readonly kind: 'program' } & Command) | { readonly kind: 'terminal' }

/**
 * The ways to try, in order. Over SSH the clipboard a person looks at is that of the terminal, so it comes first there.
 * @param hasTerminal whether an OSC 52 sequence could reach a terminal
 */
export function clipboardWays(facts: DesktopFacts, hasTerminal: boolean): readonly ClipboardWay[] {
  const terminal: ClipboardWay[] = hasTerminal ? [{ kind: 'terminal' }] : []
  const programs = clipboardPrograms(facts)
    .filter(({ program }) => facts.platform !== 'linux' || facts.hasProgram(program))
    .map(({ program, arguments: given }) => ({ kind: 'program' as const, program, arguments: given }))
  return isSsh(facts.env) ? [...terminal, ...programs] : [...programs, ...terminal]
}

function clipboardPrograms({ platform, env, isWsl }: DesktopFacts): readonly Command[] {
  if (platform === 'darwin') return [{ program: 'pbcopy', arguments: [] }]
  if (platform === 'win32') return [{ program: 'clip.exe', arguments: [] }]
  return [
    ...(isWsl ? [{ program: 'clip.exe', arguments: [] }] : []),
    ...(env.WAYLAND_DISPLAY ? [{ program: 'wl-copy', arguments: [] }] : []),
    ...(env.DISPLAY
      ? [
          { program: 'xclip', arguments: ['-selection', 'clipboard'] },
          { program: 'xsel', arguments: ['--clipboard', '--input'] },
        ]
      : []),
  ]
}

/** Asks the terminal to put text on its clipboard. Not every terminal does, and none says so. */
export function osc52(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
}
