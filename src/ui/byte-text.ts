/** Text that grows by millions of small pieces of UTF-8, none of which becomes a string of its own. */
export class ByteText {
  #bytes: Buffer
  #length = 0

  /** @param size how many bytes are expected; it grows where there are more */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size)
  }

  /** Adds a piece of bytes. */
  add(source: Buffer, start = 0, end = source.length): void {
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

  /** Adds a line feed, and an indent of spaces. */
  addLine(spaces: number): void {
    this.#makeRoom(1 + spaces)
    this.#bytes[this.#length++] = 0x0a
    for (const end = this.#length + spaces; this.#length < end; this.#length++)
      this.#bytes[this.#length] = 0x20
  }

  text(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + count)
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** A call of `copy` costs more than so many bytes. */
const longestLoop = 32
