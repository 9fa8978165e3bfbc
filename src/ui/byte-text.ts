/** Text that grows by millions of small pieces, few of which become a string of their own. */
export class ByteText {
  #bytes: Buffer
  #length = 0

  /** @param size how many bytes are expected; it grows where there are more */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  /** In bytes of UTF-8. */
  get length(): number {
    return this.#length
  }

  /** Adds a piece of UTF-8. */
  addBytes(source: Buffer, start = 0, end = source.length): void {
    this.#makeRoom(end - start)
    if (end - start > longestLoop) {
      this.#length += source.copy(this.#bytes, this.#length, start, end)
      return
    }
    const bytes = this.#bytes
    let length = this.#length
    for (let at = start; at < end; at++) bytes[length++] = source[at] as number
    this.#length = length
  }

  add(text: string): void {
    this.#makeRoom(3 * text.length)
    if (text.length > longestLoop || !this.#addAscii(text)) {
      this.#length += this.#bytes.write(text, this.#length)
    }
  }

  /** Adds a line feed, and an indent of spaces. */
  addLine(spaces: number): void {
    this.#makeRoom(1 + spaces)
    const bytes = this.#bytes
    let length = this.#length
    bytes[length++] = lineFeed
    for (const end = length + spaces; length < end; length++) bytes[length] = 0x20
    this.#length = length
  }

  text(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }

  /** Takes out the lines that are complete, each with its line feed. */
  takeLines(): string {
    const end = this.#bytes.subarray(0, this.#length).lastIndexOf(lineFeed) + 1
    const lines = this.#bytes.toString('utf8', 0, end)
    this.#bytes.copyWithin(0, end, this.#length)
    this.#length -= end
    return lines
  }

  /** @returns false where the text is something else; then nothing is added */
  #addAscii(text: string): boolean {
    const bytes = this.#bytes
    const length = this.#length
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      bytes[length + at] = code
    }
    this.#length = length + text.length
    return true
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + count)
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

const lineFeed = 0x0a
/** A call of Node's own function costs more than so many bytes. */
const longestLoop = 32
