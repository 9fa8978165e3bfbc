import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { TmuxTerminal } from '../support/tmux.ts'

describe('config delete on a terminal', () => {
  let world: SandboxWorld
  let terminal: TmuxTerminal
  beforeAll(async () => {
    world = await startSandboxWorld()
    await world.createProfile('old', 'desktop')
    terminal = await TmuxTerminal.open(world)
  })
  afterAll(async () => {
    await terminal?.close()
    await world?.end()
  })

  const names = async () => (await terminal.run('entra-auth-cli config list 2> /dev/null | cat')).shown

  it('deletes nothing on a bare Enter', async () => {
    await terminal.start('entra-auth-cli config delete old')
    await terminal.shows(/Are you sure you want to delete profile 'old'\?/)
    await terminal.keep('delete-question')
    await terminal.press('Enter')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(0)
    expect(shown).toMatch(/Nothing was deleted\.$/)
    expect(await names()).toBe('old')
  })

  it('deletes nothing on Ctrl-C', async () => {
    await terminal.start('entra-auth-cli config delete old')
    await terminal.shows(/Are you sure/)
    await terminal.press('C-c')
    expect((await terminal.ended()).code).toBe(130)
    expect(await names()).toBe('old')
  })

  it('names all of several, and deletes them on a yes', async () => {
    await world.createProfile('first', 'desktop')
    await world.createProfile('second', 'desktop')
    await terminal.start('entra-auth-cli config delete first SECOND')
    await terminal.shows(/delete the 2 profiles first, second\?/)
    await terminal.keep('delete-several')
    await terminal.press('Left', 'Enter')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'first' deleted successfully\n✓ Profile 'second' deleted successfully$/)
    expect(await names()).toBe('old')
  })

  it('takes no paste for a yes', async () => {
    await terminal.start('entra-auth-cli config delete old')
    await terminal.shows(/Are you sure/)
    await terminal.paste('yes\ny\n')
    await terminal.press('Enter')
    expect((await terminal.ended()).shown).toMatch(/Nothing was deleted\.$/)
    expect(await names()).toBe('old')
  })

  it('deletes on a yes', async () => {
    await terminal.start('entra-auth-cli config delete OLD')
    await terminal.shows(/delete profile 'old'\?/)
    await terminal.press('y')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'old' deleted successfully$/)
    expect(await names()).toBe('')
  })
})
