/** What is longer stands out of its column: padding a thousand others to it would take more memory than there is. */
const widestColumn = 100

/** How wide a column is in which texts stand one below the other, in characters. */
export function columnWidth(texts: readonly string[]): number {
  return texts.reduce((width, text) => (text.length > widestColumn ? width : Math.max(width, text.length)), 0)
}
