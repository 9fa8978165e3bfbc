/** A page of the sandbox as the robot sees it. */
export interface ReadPage {
  /** Its `data-page`: `sign-in`, `consent`, …; undefined for a page that is not the sandbox's. */
  readonly name: string | undefined
  readonly title: string
  /** What the page says was wrong. */
  readonly error: string | undefined
  /** The form called as the page is. */
  readonly form: ReadForm | undefined
}

export interface ReadForm {
  readonly action: string
  /** What the form would send as it stands: hidden fields and inputs already filled. */
  readonly fields: Readonly<Record<string, string>>
}

/** Reads the sandbox's own markup, whose values are all quoted and escaped. Not a reader of HTML at large. */
export function readPage(html: string): ReadPage {
  const name = /<body data-page="([^"]*)"/.exec(html)?.[1]
  return {
    name,
    title: textOf(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? 'a page without a title'),
    error: optionalText(/<p[^>]* id="error"[^>]*>([^<]*)<\/p>/.exec(html)?.[1]),
    form: name === undefined ? undefined : readForm(html, name),
  }
}

function readForm(html: string, id: string): ReadForm | undefined {
  const [, tag, content] = new RegExp(`(<form[^>]* id="${id}"[^>]*>)([^]*?)</form>`).exec(html) ?? []
  if (tag === undefined || content === undefined) return undefined
  const inputs = content.match(/<input[^>]*>/g) ?? []
  const fields = inputs.map((input) => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? ''])
  return { action: attribute(tag, 'action') ?? '', fields: Object.fromEntries(fields) }
}

function attribute(tag: string, name: string): string | undefined {
  return optionalText(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1])
}

function optionalText(escaped: string | undefined): string | undefined {
  return escaped === undefined ? undefined : textOf(escaped)
}

function textOf(escaped: string): string {
  const characters: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  }
  return escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters[entity] ?? entity).trim()
}
