// Puts what was measured into the page, between markers; the prose around them is written by hand. Pure.

const opening = (name) => `<!-- measured: ${name} -->`
const closing = (name) => `<!-- end: ${name} -->`

/**
 * The page with a section's content replaced, everything else as it is.
 * @throws Error where the page has no place for it
 */
export function replaceSection(page, name, content) {
  const begin = page.indexOf(opening(name))
  const end = page.indexOf(closing(name), begin)
  if (begin < 0 || end < 0) throw new Error(`the page has no "${opening(name)}" … "${closing(name)}"`)
  return `${page.slice(0, begin)}${opening(name)}\n\n${content.trim()}\n\n${page.slice(end)}`
}

/** What a section says, as Markdown: tables, plots, and what could not be measured. */
export function sectionMarkdown({ tables = [], plots = [], notes = [] }) {
  const images = plots.map(({ file, title }) => `![${title}](performance/${file})`)
  return [...images, ...tables, ...notes].join('\n\n')
}
