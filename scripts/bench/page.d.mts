export function replaceSection(page: string, name: string, content: string): string

export function sectionMarkdown(section: {
  readonly tables?: readonly string[]
  readonly plots?: readonly { readonly file: string; readonly title: string }[]
  readonly notes?: readonly string[]
}): string
