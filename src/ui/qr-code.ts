import type { PictureSpace } from './picture-space.ts'

/** What stands above and below the picture, and must not be scrolled away by it. */
const otherRows = 8

/**
 * An address as a QR code of block characters, to be scanned with a phone; undefined where it does not fit. Light
 * modules are drawn, dark ones are left out.
 * @see https://www.iso.org/standard/83389.html
 */
export async function qrCode(address: string, space: PictureSpace): Promise<readonly string[] | undefined> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(address, { ecc: 'L', border: 1 }).split('\n')
  const width = Math.max(...lines.map((line) => line.length))
  const fits = width + 4 <= space.columns && lines.length + otherRows <= space.rows
  return fits ? lines : undefined
}
