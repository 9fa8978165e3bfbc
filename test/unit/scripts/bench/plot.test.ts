import { describe, expect, it } from 'vitest'
import { barPlot, curvePlot, type Bar } from '../../../../scripts/bench/plot.mjs'

const bars = (rows: readonly Bar[]) => barPlot({ title: 'Times & <sizes>', rows })
const attributes = (svg: string, element: string, name: string) =>
  [...svg.matchAll(new RegExp(`<${element}\\b[^>]*? ${name}="([^"]*)"`, 'g'))].map(([, value]) => value)
const widths = (svg: string) =>
  [...svg.matchAll(/<rect class="(?:bar|ours)"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))

describe('a plot of bars', () => {
  const rows: readonly [Bar, Bar] = [
    { name: 'empty', value: 20, label: '20 ms' },
    { name: 'ours', value: 40, label: '40 ms', isOurs: true },
  ]

  it('draws them in proportion, from zero', () => {
    const [empty = 0, ours = 0] = widths(bars(rows))
    expect(ours / empty).toBeCloseTo(2, 1)
  })

  it('says in words what it shows, for those who do not see it', () => {
    const svg = bars(rows)
    expect(svg).toContain('role="img" aria-labelledby="title desc"')
    expect(svg).toContain('<title id="title">Times &amp; &lt;sizes&gt;</title>')
    expect(svg).toContain('<desc id="desc">empty: 20 ms; ours: 40 ms</desc>')
  })

  it('lets ours stand out', () => {
    expect(attributes(bars(rows), 'rect', 'class').slice(1)).toEqual(['bar', 'ours'])
  })

  it('keeps everything within its frame, also a mark beyond the bars', () => {
    const svg = bars([{ ...rows[0], most: 100 }, { name: 'a heading' }, rows[1]])
    const [, width = 0] = /viewBox="0 0 (\d+) /.exec(svg) ?? []
    const right = [...attributes(svg, 'line', 'x2'), ...attributes(svg, 'text', 'x')].map(Number)
    expect(Math.max(...right)).toBeLessThan(Number(width))
    expect(svg).toContain('wanted at most')
  })

  it('loads nothing, and follows dark pages', () => {
    expect(bars(rows)).toContain('@media (prefers-color-scheme: dark)')
    expect(bars(rows).replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import/)
  })
})

describe('a plot of curves', () => {
  const plot = (points: readonly (readonly [number, number])[]) =>
    curvePlot({
      title: 'Ratio',
      across: 'profiles',
      series: [{ name: 'get-token', points }],
      bar: { value: 1.1, text: 'wanted at most' },
    })
  const heights = (svg: string) => attributes(svg, 'circle', 'cy').map(Number)
  const places = (svg: string) => attributes(svg, 'circle', 'cx').map(Number)

  it('goes to the right by powers of ten, and up from zero', () => {
    const svg = plot([
      [1, 1],
      [10, 1],
      [100, 2],
    ])
    const [one = 0, ten = 0, hundred = 0] = places(svg)
    expect(ten - one).toBeCloseTo(hundred - ten, 0)
    const [low = 0, , high = 0] = heights(svg)
    const zero = Math.max(...attributes(svg, 'line', 'y1').map(Number).slice(0, -2))
    expect((zero - high) / (zero - low)).toBeCloseTo(2, 1)
  })

  it('says in words what it shows', () => {
    const svg = plot([
      [1, 1],
      [5000, 1.04],
    ])
    expect(svg).toContain('<desc id="desc">get-token: 1: 1.00, 5000: 1.04</desc>')
  })

  it('writes no number over another', () => {
    const svg = plot([
      [1, 1],
      [9000, 1],
      [10_000, 1],
    ])
    expect(svg).toContain('>10,000<')
    expect(svg).not.toContain('>9,000<')
  })

  it('can be of one point', () => expect(plot([[1, 1]])).not.toContain('NaN'))
})
