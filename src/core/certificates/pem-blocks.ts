/** One `-----BEGIN …-----` block of a text. @see https://www.rfc-editor.org/rfc/rfc7468 */
export interface PemBlock {
  /** What the block says it holds, such as `CERTIFICATE` or `ENCRYPTED PRIVATE KEY`. */
  readonly label: string
  /** The block alone, with the line lengths and line ends that every reader takes. */
  readonly pem: string
  /** False where the text stops before the `-----END …-----` line: a file cut short. */
  readonly complete: boolean
}

/**
 * The blocks of a text, in its order. Text around them is passed over, as RFC 7468 section 5.2 wants it; CRLF,
 * indented lines, a block on one line and line breaks written as `\n` (as environment variables often carry them) are
 * read too. Does not look at what a block holds.
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  const lines = text.replaceAll('\\r', '').replaceAll('\\n', '\n')
  const blocks = lines.matchAll(
    /-----BEGIN ([^-\r\n]+)-----([\s\S]*?)(-----END \1-----|(?=-----BEGIN )|$(?![\s\S]))/g,
  )
  return [...blocks].map(([, label = '', body = '', end]) => ({
    label,
    pem: pemText(label, body),
    complete: end !== '',
  }))
}

/** DER bytes as a block. */
export function pemBlock(label: string, der: Buffer): PemBlock {
  return { label, pem: pemText(label, der.toString('base64')), complete: true }
}

/** The bytes a block holds. Encrypted PKCS#1 keys (RFC 1421 headers) hold no DER: these are then the encrypted bytes. */
export function blockBytes(block: PemBlock): Buffer {
  const lines = block.pem.split('\n').filter((line) => !line.startsWith('-----') && !line.includes(':'))
  return Buffer.from(lines.join(''), 'base64')
}

function pemText(label: string, body: string): string {
  const lines = body
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const headers = lines.filter((line) => line.includes(':'))
  const base64 = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .replace(/\s+/g, '')
  return [
    `-----BEGIN ${label}-----`,
    ...(headers.length > 0 ? [...headers, ''] : []),
    ...(base64.match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
    '',
  ].join('\n')
}
