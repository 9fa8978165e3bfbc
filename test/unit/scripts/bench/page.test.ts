import { describe, expect, it } from 'vitest'
import { replaceSection, sectionMarkdown } from '../../../../scripts/bench/page.mjs'

const page = `# Performance

By hand.

<!-- measured: commands -->

old

<!-- end: commands -->

<!-- measured: peers -->
<!-- end: peers -->

After.
`

describe('a section', () => {
  it('is replaced, and nothing around it', () => {
    expect(replaceSection(page, 'commands', 'new\n')).toBe(page.replace('old', 'new'))
  })

  it('is filled where nothing was', () => {
    const filled = page.replace('<!-- measured: peers -->\n', '<!-- measured: peers -->\n\nnew\n\n')
    expect(replaceSection(page, 'peers', 'new')).toBe(filled)
    expect(replaceSection(filled, 'peers', 'new')).toBe(filled)
  })

  it('has a place in the page', () => {
    expect(() => replaceSection(page, 'nodes', 'new')).toThrow('no "<!-- measured: nodes -->"')
  })

  it('keeps what only looks like a replacement pattern', () => {
    expect(replaceSection(page, 'commands', "$& $' $1")).toContain("\n\n$& $' $1\n\n")
  })

  it('is the plots, the tables and the notes', () => {
    const plots = [{ file: 'peers.svg', title: 'ours beside others' }]
    expect(sectionMarkdown({ plots, tables: ['| a |'], notes: ['Without m365.'] })).toBe(
      '![ours beside others](performance/peers.svg)\n\n| a |\n\nWithout m365.',
    )
  })
})
