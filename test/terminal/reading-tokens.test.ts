/** `inspect` and `discover` before somebody's eyes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'
import { unsignedToken } from '../support/tokens.ts'

const token = unsignedToken({
  aud: 'https://graph.microsoft.com',
  iat: Date.UTC(2026, 0, 31, 10) / 1000,
  exp: Date.UTC(2099, 0, 31, 10) / 1000,
  scp: 'User.Read Mail.Read',
  name: 'Zoë \u001b[31mred\u0007',
})

let world: World
let terminal: TmuxTerminal
beforeAll(async () => {
  world = makeWorld({ TOKEN: token })
  terminal = await TmuxTerminal.open(world)
})
afterAll(async () => {
  await terminal?.close()
  world?.remove()
})
beforeEach(() => terminal.press('C-l'))

const colour = /\u001b\[[0-9;]*[1-9][0-9;]*m/

describe('without a token', () => {
  it.each(['inspect', 'discover'])('%s answers with its usage at once and never waits', async (command) => {
    const { code, shown } = await terminal.run(`entra-auth-cli ${command}`)
    expect(code).toBe(4)
    expect(shown).toContain('error: no token was given')
    expect(shown).toContain(`hint: usage: entra-auth-cli ${command} TOKEN | -t TOKEN`)
  })
})

describe('inspect', () => {
  /** The last line with these words. */
  const colouredLine = async (words: string) => {
    const lines = (await terminal.everything({ colours: true })).split('\n')
    return lines.toReversed().find((line) => line.includes(words)) ?? ''
  }

  it('colours on a terminal, and lets no token colour for itself', async () => {
    const { code, shown } = await terminal.run('entra-auth-cli inspect "$TOKEN"')
    expect(code, shown).toBe(0)
    await terminal.keep('inspect')
    expect(await colouredLine('"User.Read Mail.Read"')).toMatch(colour)
    expect(shown).toContain(String.raw`\u001b[31mred`)
    expect(await colouredLine('Zoë')).not.toContain('\u001b[31mred')
  })

  it('colours the readable form', async () => {
    const { code, shown } = await terminal.run('entra-auth-cli inspect -o pretty "$TOKEN"')
    expect(code, shown).toBe(0)
    await terminal.keep('inspect-pretty')
    expect(await terminal.everything({ colours: true })).toMatch(colour)
    expect(shown).toContain('2099-01-31 10:00:00 UTC')
  })

  it('stays plain under NO_COLOR', async () => {
    await terminal.run('NO_COLOR=1 entra-auth-cli inspect "$TOKEN" --claims')
    expect(await colouredLine('"User.Read Mail.Read"')).not.toMatch(colour)
  })

  it('stays plain in a file', async () => {
    await terminal.run('entra-auth-cli inspect "$TOKEN" > plain.json; cat plain.json')
    expect(await colouredLine('"User.Read Mail.Read"')).not.toMatch(colour)
  })
})

describe('discover', () => {
  it('tells in a block for people', async () => {
    const { code, shown } = await terminal.run('entra-auth-cli discover "$TOKEN"')
    expect(code, shown).toBe(0)
    await terminal.keep('discover')
    expect(shown.split('\n')[0]).toBe('Token Information:')
    expect(shown).toMatch(/Audience: +https:\/\/graph\.microsoft\.com/)
    expect(shown).toMatch(/Expires: +2099-01-31 10:00:00 UTC/)
    expect(shown).toMatch(/Scopes: +User\.Read/)
  })

  it('tells programs in JSON', async () => {
    const { code, shown } = await terminal.run('entra-auth-cli discover "$TOKEN" | jq .exp')
    expect([code, shown]).toEqual([0, String(Date.UTC(2099, 0, 31, 10) / 1000)])
  })
})
