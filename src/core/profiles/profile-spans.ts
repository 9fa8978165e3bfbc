/** From the first byte of a record in its file to the one after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [braceOpen, braceClose, bracketOpen, bracketClose] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * Where the records of a file of profiles are: the objects of an array that is the whole document or its `profiles`. For
 * text that was parsed; of any other it says nothing of use.
 */
export function recordSpans(text: Uint8Array): readonly Span[] {
  const spans: Span[] = []
  let depth = 0
  let start = 0
  /** How deep the array of the records is, once it is open; 0 before and after. */
  let listDepth = 0
  let key = ''
  for (let index = 0; index < text.length; index++) {
    const byte = text[index]
    if (byte === quote) {
      const from = index + 1
      index = endOfString(text, from)
      if (depth === 1 && listDepth === 0) key = Buffer.from(text.subarray(from, index)).toString('latin1')
    } else if (byte === braceOpen || byte === bracketOpen) {
      if (byte === bracketOpen && (depth === 0 || (depth === 1 && key === 'profiles'))) listDepth = depth + 1
      if (depth === listDepth && listDepth > 0 && byte === braceOpen) start = index
      depth++
    } else if (byte === braceClose || byte === bracketClose) {
      depth--
      if (depth === listDepth && listDepth > 0 && byte === braceClose) spans.push({ start, end: index + 1 })
      if (depth < listDepth) listDepth = 0
    } else if (byte === comma && depth === 1) {
      key = ''
    }
  }
  return spans
}

function endOfString(text: Uint8Array, from: number): number {
  let index = from
  while (index < text.length && text[index] !== quote) index += text[index] === backslash ? 2 : 1
  return index
}
