import { derElement, derKind } from './der.ts'
import { pemBlock, pemBlocks, type PemBlock } from './pem-blocks.ts'

/** A file as its content shows it, whatever its name: a PFX still closed, or blocks (none: nothing we know). */
export type CertificateFile =
  | { readonly kind: 'pfx'; readonly bytes: Buffer }
  | { readonly kind: 'blocks'; readonly blocks: readonly PemBlock[] }

/**
 * Tells PFX, DER and PEM apart by content. Base64 of any of them is read too (an environment variable can carry
 * nothing else), and so is PEM in UTF-16, as Windows PowerShell redirects it. Opens nothing and checks nothing.
 */
export function certificateFile(content: Buffer): CertificateFile {
  return derFile(content) ?? textFile(content) ?? base64File(content) ?? { kind: 'blocks', blocks: [] }
}

function derFile(content: Buffer): CertificateFile | undefined {
  const kind = derKind(content)
  if (kind === undefined) return undefined
  // A line break or padding after the last byte harms nobody, but the strict readers would refuse it.
  const bytes = content.subarray(0, derElement(content, 0)?.end)
  return kind === 'PFX' ? { kind: 'pfx', bytes } : { kind: 'blocks', blocks: [pemBlock(kind, bytes)] }
}

function textFile(content: Buffer): CertificateFile | undefined {
  const utf16 = content[0] === 0xff && content[1] === 0xfe
  const blocks = pemBlocks(content.toString(utf16 ? 'utf16le' : 'latin1'))
  return blocks.length === 0 ? undefined : { kind: 'blocks', blocks }
}

function base64File(content: Buffer): CertificateFile | undefined {
  const text = content.toString('latin1')
  if (!/^[A-Za-z0-9+/=_\s-]+$/.test(text)) return undefined
  const decoded = Buffer.from(text, 'base64')
  return derFile(decoded) ?? textFile(decoded)
}
