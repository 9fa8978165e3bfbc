import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PasteReader } from '../../../src/ui/pasted-text.ts'

const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`

describe('what a terminal sends', () => {
  it.each<[string, string, string]>([
    ['keys', 'abc\r', 'abc\r'],
    ['arrow keys', '\u001b[A\u001b[B', '\u001b[A\u001b[B'],
    ['a lone Escape', '\u001b', '\u001b'],
    ['a paste', pasted('secret'), 'secret'],
    ['a paste with a line break at its end', pasted('secret\r\n'), 'secret'],
    ['a paste of several lines', pasted(' a \r b\nc'), 'a   b c'],
    ['a paste with keys around it', `x${pasted('y')}\r`, 'xy\r'],
    ['two pastes', pasted('a\n') + pasted('b\n'), 'ab'],
    ['a paste with control sequences', pasted('a\u001b[31mb\u0003c\u0015'), 'abc'],
    ['a paste with a tab', pasted('a\tb'), 'a b'],
    ['an empty paste', pasted(''), ''],
  ])('that is %s', (_what, sent, keys) => {
    expect(new PasteReader('line').read(sent)).toBe(keys)
  })

  it('is no key where nothing but keys is wanted', () => {
    expect(new PasteReader('nothing').read(`a${pasted('yes\n')}b`)).toBe('ab')
  })

  it('tells of several lines, not of one with its line break', () => {
    const reader = new PasteReader('line')
    reader.read(pasted('one\n'))
    expect(reader.hadLines).toBe(false)
    reader.read(pasted('one\rtwo'))
    expect(reader.hadLines).toBe(true)
  })

  it('means the same however it is cut into pieces', () => {
    const part = fc.oneof(
      fc.constantFrom('a', '\r', '\u001b[A', 'ž'),
      fc.constantFrom('s3cret', 'a\nb', '\n', '\u001b[1m').map(pasted),
    )
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(40)), (parts, cuts) => {
        const sent = parts.join('')
        const whole = new PasteReader('line').read(sent)
        const reader = new PasteReader('line')
        let rest = sent
        let keys = ''
        for (const cut of [...cuts, rest.length]) {
          // A lone Escape at the end of a piece is the key: terminals send a sequence's first two bytes together.
          const length = rest.slice(0, cut).endsWith('\u001b') ? cut + 1 : cut
          keys += reader.read(rest.slice(0, length))
          rest = rest.slice(length)
        }
        expect(keys + reader.read(rest)).toBe(whole)
      }),
    )
  })
})
