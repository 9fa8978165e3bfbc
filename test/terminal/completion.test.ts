import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'

// Real shells, in which somebody types the beginning of a word and presses Tab.

const hostileName = 'a b;$(touch pwned)'
const names = ['work', 'workshop', 'naïve', hostileName]

let world: World
beforeAll(() => {
  world = makeWorld()
  const folder = join(world.home, '.config/entra-auth-cli')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const profiles = names.map((name) => ({ name, tenantId: `${name.length}.example` }))
  writeFileSync(join(folder, 'profiles.json'), JSON.stringify({ profiles }), { mode: 0o600 })
  writeFileSync(join(world.workFolder, 'token.txt'), 'eyJ')
})
afterAll(() => world.remove())

interface Shell {
  readonly name: string
  /** Starts it without anybody's settings, with a prompt that can be waited for. */
  readonly start: string
  /** As `completion --help` says. */
  readonly install: string
  readonly completesFiles: boolean
  /** Whether it shows descriptions beside the candidates. */
  readonly describes: boolean
}

const bashPrompt = "PS1='ready> '"
const shells: readonly Shell[] = [
  {
    name: 'bash',
    start: `${bashPrompt} bash --noprofile --norc`,
    install: 'eval "$(entra-auth-cli completion bash)"',
    completesFiles: true,
    describes: false,
  },
  {
    name: 'zsh',
    start: "PS1='ready> ' zsh -f",
    install: 'eval "$(entra-auth-cli completion zsh)"',
    completesFiles: true,
    describes: true,
  },
  {
    name: 'fish',
    start: 'fish --no-config --private -C \'function fish_prompt; echo -n "ready> "; end\'',
    install: 'entra-auth-cli completion fish | source',
    completesFiles: true,
    describes: true,
  },
  {
    name: 'bash, as the older manuals have it',
    start: `${bashPrompt} bash --noprofile --norc`,
    install: 'complete -C entra-auth-cli entra-auth-cli',
    completesFiles: false,
    describes: false,
  },
]

/** A terminal in which the shell runs and completes. The caller closes it. */
async function terminalWith({ start, install }: Shell): Promise<TmuxTerminal> {
  const terminal = await TmuxTerminal.open(world)
  try {
    await terminal.start(start)
    await terminal.shows(/^ready>$/m)
    await terminal.type(`${install}; echo installed`)
    await terminal.press('Enter')
    await terminal.shows(/^installed\n+ready>$/m)
    return terminal
  } catch (error) {
    await terminal.close()
    throw error
  }
}

describe.each(shells)('$name', (shell) => {
  let terminal: TmuxTerminal
  beforeAll(async () => (terminal = await terminalWith(shell)))
  afterAll(() => terminal?.close())
  // An empty line for the next one, whatever happened.
  afterEach(() => terminal.press('C-e', 'C-u'))

  async function completed(typed: string): Promise<string> {
    await terminal.type(typed)
    await terminal.press('Tab')
    // A space follows what is whole.
    await terminal.type('.')
    return terminal.shows(new RegExp(`^ready> ${typed}.* \\.$`, 'm'))
  }

  it.each([
    ['entra-auth-cli conf', 'entra-auth-cli config'],
    ['entra-auth-cli config sh', 'entra-auth-cli config show'],
    ['entra-auth-cli config show works', 'entra-auth-cli config show workshop'],
    ['entra-auth-cli get-token -p works', 'entra-auth-cli get-token -p workshop'],
    ['entra-auth-cli get-token -p n', 'entra-auth-cli get-token -p naïve'],
    ['entra-auth-cli get-token --profile=works', 'entra-auth-cli get-token --profile=workshop'],
    ['entra-auth-cli get-token --no-inter', 'entra-auth-cli get-token --no-interaction'],
    ['entra-auth-cli get-token --flow=dev', 'entra-auth-cli get-token --flow=device-code'],
    ['entra-auth-cli vault migrate --to key-', 'entra-auth-cli vault migrate --to key-file'],
    ['entra-auth-cli help exit', 'entra-auth-cli help exit-codes'],
  ])('makes "%s" a whole word: "%s"', async (typed, whole) => {
    expect(await completed(typed)).toContain(`ready> ${whole} .`)
  })

  it.each(shell.completesFiles ? ['entra-auth-cli inspect -f tok', 'entra-auth-cli inspect --file=tok'] : [])(
    'completes the name of a file: %s',
    async (typed) => {
      expect(await completed(typed)).toContain(`ready> ${typed}en.txt .`)
    },
  )

  it.each(shell.describes ? ['entra-auth-cli get-token --no-'] : [])(
    'says what may follow "%s"',
    async (typed) => {
      await terminal.type(typed)
      await terminal.press('Tab')
      const shown = await terminal.shows(/--no-interaction .*never ask anybody/)
      expect(shown).toMatch(/--no-cache .*do not keep the new token/)
      await terminal.keep(`completion-${shell.name}`)
      await terminal.press('C-c')
    },
  )

  it('quotes the name of a profile that would run a command', async () => {
    await terminal.type('entra-auth-cli config show a')
    await terminal.press('Tab')
    await terminal.shows(/pwned\\?\)/)
    await terminal.press('Enter')
    expect(await terminal.shows(/^Profile: .+$/m)).toContain(`Profile: ${hostileName}\n`)
    expect(readdirSync(world.workFolder)).toEqual(['token.txt'])
  })
})
