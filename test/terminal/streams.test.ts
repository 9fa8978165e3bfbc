/** Streams that are closed, full or read only in part: no command hangs, none shows a stack trace. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { TmuxTerminal, type Ended } from '../support/tmux.ts'
import { unsignedToken } from '../support/tokens.ts'

let world: SandboxWorld
let terminal: TmuxTerminal
beforeAll(async () => {
  world = await startSandboxWorld()
  await world.createProfile('app', 'daemonWithSecret', '--client-secret-env', 'SECRET')
  const env = { TOKEN: unsignedToken({ exp: 4_102_444_800 }), SECRET: 'sandbox~daemon-secret' }
  terminal = await TmuxTerminal.open(world, { env })
})
afterAll(async () => {
  await terminal?.close()
  await world?.end()
})

const run = async (command: string): Promise<Ended> => {
  const ended = await terminal.run(command)
  expect(ended.shown, 'no stack trace').not.toMatch(/^\s+at |node:|unexpected/m)
  return ended
}

describe('a closed stdin', () => {
  it('is an empty one', async () => {
    const { code, shown } = await run('entra-auth-cli inspect <&-')
    expect(code).toBe(1)
    expect(shown).toContain('error: invalid token: stdin is empty')
  })

  it('does not matter where nothing is read', async () => {
    const { code, shown } = await run(
      'entra-auth-cli get-token -p app --force <&- > token.txt; wc -l < token.txt',
    )
    expect([code, shown.split('\n').at(-1)]).toEqual([0, '1'])
  })
})

describe('a question that nobody can answer', () => {
  it.each([
    ['config create', 'entra-auth-cli config create', '--name'],
    ['config delete', 'entra-auth-cli config delete app', '--force'],
    ['get-token', 'entra-auth-cli get-token', '-p with one of app, other'],
  ])('fails %s at once, and tells what to add', async (_name, command, flag) => {
    if (command.endsWith('get-token')) await world.createProfile('other', 'desktop')
    for (const redirect of ['<&-', '< /dev/null']) {
      const { code, shown } = await run(`${command} ${redirect}`)
      expect(code).toBe(4)
      expect(shown).toContain(flag)
    }
  })
})

describe('a closed stdout', () => {
  it('neither hangs a command nor makes it crash', async () => {
    const { code } = await run('entra-auth-cli inspect "$TOKEN" >&-')
    expect(code).toBe(0)
  })
})

describe('a closed stderr', () => {
  it('does not cost the result', async () => {
    const { code, shown } = await run('entra-auth-cli get-token -p app 2>&- | wc -l')
    expect([code, shown]).toEqual([0, '1'])
  })

  it('does not cost the exit code', async () => {
    expect((await run('entra-auth-cli inspect nonsense 2>&-')).code).toBe(1)
  })
})

describe('a reader that has seen enough', () => {
  it('ends it quietly', async () => {
    const { code, shown } = await run('entra-auth-cli inspect "$TOKEN" | head -c 5; echo " ${PIPESTATUS[0]}"')
    expect([code, shown]).toEqual([0, '{\n  " 0'])
  })
})

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  const full = 'cannot write "standard output": no space left on the device'
  it.each([
    ['inspect', 'entra-auth-cli inspect "$TOKEN"'],
    ['discover', 'entra-auth-cli discover "$TOKEN"'],
    ['get-token', 'entra-auth-cli get-token -p app --silent'],
    ['config list', 'entra-auth-cli config list'],
    ['the help', 'entra-auth-cli --help'],
  ])('fails %s in words', async (_name, command) => {
    const { code, shown } = await run(`${command} > /dev/full`)
    expect(code).toBe(1)
    expect(shown).toBe(`error: ${full}\nhint: free some space, then try again`)
  })

  it('under stderr alone costs nothing', async () => {
    const { code, shown } = await run('entra-auth-cli get-token -p app 2> /dev/full | wc -l')
    expect([code, shown]).toEqual([0, '1'])
  })

  it('is of no interest to a command that prints nothing', async () => {
    const { code, shown } = await run('entra-auth-cli discover "$TOKEN" --quiet > /dev/full')
    expect([code, shown]).toEqual([0, ''])
  })
})
