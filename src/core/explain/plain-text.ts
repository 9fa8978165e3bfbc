/** Each round undoes one wrapping: an address inside an address inside JSON is as deep as it gets. */
const rounds = 3

/**
 * A text without what carried it: percent-encoding, the escapes of JSON, the entities of HTML, each once or several
 * times over. What is no valid encoding stays as it is. Takes time in proportion to the text.
 */
export function plainText(text: string): string {
  let plain = text
  for (let round = 0; round < rounds; round++) {
    const next = withoutEntities(withoutEscapes(withoutPercents(plain)))
    if (next === plain) return plain
    plain = next
  }
  return plain
}

// Throws nothing: an exception for each of many broken bytes would cost seconds.
const utf8 = new TextDecoder()

function withoutPercents(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    const bytes = Uint8Array.from(encoded.slice(1).split('%'), (hex) => parseInt(hex, 16))
    const decoded = utf8.decode(bytes)
    if (!decoded.includes('\ufffd')) return decoded
    // Bytes of another character set; what is ASCII is the same in all of them.
    return encoded.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  })
}

/** The backslashes before a letter are counted up to eight, as in JSON inside JSON inside JSON. */
function withoutEscapes(text: string): string {
  return text.replace(
    /\\{1,8}(?:u([0-9a-f]{4})|([nrt])|(["'/]))/gi,
    (_, hex: string | undefined, control: string | undefined, mark: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16))
      return mark ?? (control?.toLowerCase() === 't' ? ' ' : '\n')
    },
  )
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
}

function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|apos|gt|lt|nbsp|quot));/gi,
    (found, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? found
      const point = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : found
    },
  )
}
