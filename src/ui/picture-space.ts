import type { Environment, OutputStream } from '../core/ports.ts'

/** In characters. */
export interface PictureSpace {
  readonly columns: number
  readonly rows: number
}

/**
 * The size of a terminal that can show block characters; undefined where nobody looks, or its characters are not
 * known to be Unicode.
 */
export function pictureSpace(
  { isTerminal, columns, rows }: Pick<OutputStream, 'isTerminal' | 'columns' | 'rows'>,
  env: Environment,
): PictureSpace | undefined {
  if (!isTerminal || !columns || !rows || env['TERM'] === 'dumb' || !isUnicode(env)) return undefined
  return { columns, rows }
}

/** Windows Terminal and VS Code always are; elsewhere the locale says so. */
function isUnicode(env: Environment): boolean {
  if (env['WT_SESSION'] || env['TERM_PROGRAM'] === 'vscode') return true
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return /utf-?8/i.test(locale)
}
