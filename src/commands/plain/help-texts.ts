import type { Command } from 'commander'
import type { Host } from '../../core/ports.ts'
import type { CommandContext } from '../command.ts'

/**
 * The help of every command as it stands in a pipe, by the command's words; that of the program by ''. The build puts
 * what this gives in the place of this module, so that no definition is loaded to show a help.
 */
export async function helpTexts(): Promise<Readonly<Record<string, string>>> {
  const { run, wholeProgram } = await import('../program.ts')
  // Definitions keep their context for when they run, which these never do.
  const all = ['', ...namesBelow(await wholeProgram({} as CommandContext))]
  const names = all.filter((name) => name !== tellsItself)
  const texts = names.map(async (name) => {
    let text = ''
    const words = [...name.split(' '), '--help'].filter(Boolean)
    const host = hostThatHears((piece) => (text += piece))
    const code = await run(words, host, {
      signal: new AbortController().signal,
      traceTo: () => {},
      runSandbox: async () => 1,
    })
    if (code !== 0) throw new Error(`the help of "${name}" ends with ${code}`)
    return [name, text] as const
  })
  return Object.fromEntries(await Promise.all(texts))
}

/** A program of its own. */
const tellsItself = 'sandbox'

function namesBelow(command: Command, parent = ''): readonly string[] {
  return command.commands.flatMap((child) => {
    const name = `${parent}${child.name()}`
    return [name, ...namesBelow(child, `${name} `)]
  })
}

/** As much of a host as a help needs: nobody looks, and nothing is set. */
function hostThatHears(hear: (text: string) => void): Host {
  const stream = { isTerminal: false, columns: undefined, rows: undefined, write: hear }
  return { env: {}, terminal: { stdout: stream, stderr: { ...stream, write: () => {} } } } as unknown as Host
}
