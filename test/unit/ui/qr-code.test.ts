import { describe, expect, it } from 'vitest'
import { pictureSpace } from '../../../src/ui/picture-space.ts'
import { qrCode } from '../../../src/ui/qr-code.ts'

const address = 'https://login.microsoftonline.com/device'

describe('a QR code', () => {
  it('is drawn in block characters, one line for two rows, with a rim all around', async () => {
    const lines = (await qrCode(address, { columns: 80, rows: 24 })) ?? []
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1)
    expect(lines.join('')).toMatch(/^[█▀▄ ]+$/)
    expect(lines.length * 2).toBeGreaterThanOrEqual(lines[0]?.length ?? Infinity)
    expect(lines.every((line) => line.startsWith('█') || line.startsWith('▀'))).toBe(true)
  })

  it.each([
    ['a usual terminal', 80, 24, true],
    ['one that is too low', 80, 20, false],
    ['one that is too narrow', 30, 50, false],
  ])('in %s', async (_terminal, columns, rows, shown) => {
    expect((await qrCode(address, { columns, rows })) !== undefined).toBe(shown)
  })
})

describe('a terminal can show it', () => {
  const terminal = { isTerminal: true, columns: 80, rows: 24 }
  it.each<[string, typeof terminal, Record<string, string>, boolean]>([
    ['with a UTF-8 locale', terminal, { LANG: 'en_US.UTF-8' }, true],
    ['in the order of POSIX', terminal, { LC_ALL: 'C', LC_CTYPE: 'C.utf8', LANG: 'C.utf8' }, false],
    ['by LC_CTYPE', terminal, { LC_CTYPE: 'C.utf8' }, true],
    ['with no locale', terminal, {}, false],
    ['in Windows Terminal', terminal, { WT_SESSION: 'x' }, true],
    ['as TERM=dumb', terminal, { LANG: 'C.UTF-8', TERM: 'dumb' }, false],
    ['in a pipe', { ...terminal, isTerminal: false }, { LANG: 'C.UTF-8' }, false],
    ['without a size', { ...terminal, rows: 0 }, { LANG: 'C.UTF-8' }, false],
  ])('%s', (_how, stream, env, can) => {
    expect(pictureSpace(stream, env)).toEqual(can ? { columns: 80, rows: 24 } : undefined)
  })
})
