/** Text that is HTML already. Made by `html` and `trusted` alone, so that nothing else can pass unescaped. */
export interface Html {
  readonly html: string
}

/** Marks text of our own, such as the stylesheet, as HTML. Never for anything that came from outside. */
export function trusted(text: string): Html {
  return { html: text }
}

/** The text as it may stand in an element and in a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

type Part = string | Html | readonly Html[] | undefined

/** Builds HTML from a template; every value that is not HTML itself is escaped, undefined is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = literals.map((literal, index) => literal + write(parts[index]))
  return { html: written.join('') }
}

function write(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escapeHtml(part)
  if ('html' in part) return part.html
  return part.map(({ html }) => html).join('')
}
