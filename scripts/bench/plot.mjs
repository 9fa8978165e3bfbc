// Plots as SVG: they follow the colours of the reader's page, use its fonts, and say in words what they show. Pure.

/** `ours` stands out, the rest stays grey; a series is told by its dashes and its label too, not by colour alone. */
const style = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
    .heading { font-size: 15px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12px }
    .page { fill: #ffffff }
    .line { stroke: #d1d9e0; stroke-width: 1 }
    .bar { fill: #8c959f }
    .ours { fill: #0969da }
    .wanted { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3 }
    .edge { stroke: #ffffff; stroke-width: 5 }
    .curve { fill: none; stroke-width: 2 }
    .s0 { stroke: #0969da } .s1 { stroke: #bc4c00 } .s2 { stroke: #1a7f37 } .s3 { stroke: #8250df }
    .d0 { fill: #0969da } .d1 { fill: #bc4c00 } .d2 { fill: #1a7f37 } .d3 { fill: #8250df }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .quiet { fill: #9198a1 }
      .page { fill: #0d1117 }
      .line { stroke: #3d444d }
      .bar { fill: #656c76 }
      .ours { fill: #4493f8 }
      .wanted { stroke: #f0f6fc }
      .edge { stroke: #0d1117 }
      .s0 { stroke: #4493f8 } .s1 { stroke: #f0883e } .s2 { stroke: #3fb950 } .s3 { stroke: #a371f7 }
      .d0 { fill: #4493f8 } .d1 { fill: #f0883e } .d2 { fill: #3fb950 } .d3 { fill: #a371f7 }
    }`

const dashes = ['', '6 4', '2 3', '10 4 2 4']
const width = 760
const digitWidth = 7.2

/**
 * Lying bars from zero, the longest across the plot.
 *
 * @param title what is shown, with the unit
 * @param rows from top to bottom `{ name, value, label, isOurs, most }`; `most` draws a line up to where it may reach, and
 *   a row without a value is a heading of those below it
 * @returns the SVG
 */
export function barPlot({ title, rows }) {
  const bars = rows.filter(({ value }) => value !== undefined)
  const left = 24 + digitWidth * Math.max(...bars.map(({ name }) => name.length))
  const right = width - 24 - digitWidth * Math.max(...bars.map(({ label }) => label.length))
  const longest = Math.max(...bars.flatMap(({ value, most = 0 }) => [value, most])) || 1
  const across = (value) => left + ((right - left) * value) / longest
  const rowHeight = 26
  const top = 48
  const drawn = rows.map(({ name, value, label, isOurs, most }, index) => {
    const y = top + index * rowHeight
    if (value === undefined) return text(16, y + 17, name, 'heading')
    return [
      text(left - 8, y + 15, name, '', 'end'),
      `<rect class="${isOurs ? 'ours' : 'bar'}" x="${left}" y="${y + 2}" width="${number(across(value) - left)}" height="18" rx="2"/>`,
      ...(most === undefined ? [] : wantedMark(across(most), y)),
      text(Math.max(across(value), most === undefined ? 0 : across(most)) + 8, y + 15, label, 'quiet'),
    ].join('\n  ')
  })
  const told = bars.map(({ name, label }) => `${name}: ${label}`).join('; ')
  const hasBars = bars.some(({ most }) => most !== undefined)
  const height = top + rows.length * rowHeight + (hasBars ? 30 : 12)
  const key = hasBars
    ? [
        line(left, height - 20, left + 22, height - 20, 'wanted'),
        text(left + 30, height - 15, 'wanted at most', 'quiet'),
      ]
    : []
  return svg({ title, told, height, drawn: [...drawn, ...key] })
}

/**
 * Curves over a logarithmic count, from zero upwards.
 *
 * @param title what goes upwards
 * @param across what goes to the right
 * @param series `{ name, points: [[count, value], …] }`, counts from 1 on; at most four
 * @param bar `{ value, text }` a line across, and what it means
 * @returns the SVG
 */
export function curvePlot({ title, across, series, bar }) {
  const points = series.flatMap((each) => each.points)
  const most = Math.max(...points.map(([, value]) => value), bar?.value ?? 0)
  const step = niceStep(most)
  const highest = Math.ceil((most * 1.05) / step) * step
  const furthest = Math.max(...points.map(([at]) => at))
  const height = 380
  const frame = { left: 56, right: width - 40, top: 56, bottom: height - 96 }
  const x = (at) =>
    frame.left + ((frame.right - frame.left) * Math.log10(at)) / Math.log10(Math.max(furthest, 10))
  const y = (value) => frame.bottom - ((frame.bottom - frame.top) * value) / highest
  const steps = Array.from({ length: Math.round(highest / step) + 1 }, (_, index) => index * step)
  const counts = [...new Set(points.map(([at]) => at))].toSorted((one, other) => one - other)
  const drawn = [
    ...steps.flatMap((value) => [
      line(frame.left, y(value), frame.right, y(value), 'line'),
      text(frame.left - 8, y(value) + 4, shortNumber(value), 'quiet', 'end'),
    ]),
    ...legible(counts, x).map((at) => text(x(at), frame.bottom + 20, shownCount(at), 'quiet', 'middle')),
    text((frame.left + frame.right) / 2, frame.bottom + 40, across, 'quiet', 'middle'),
    ...(bar
      ? [
          line(frame.left, y(bar.value), frame.right, y(bar.value), 'wanted'),
          text(frame.left + 6, y(bar.value) - 6, bar.text, 'quiet'),
        ]
      : []),
    ...series.flatMap(({ name, points: own }, index) => [
      `<polyline class="curve s${index}" stroke-dasharray="${dashes[index]}" points="${own.map(([at, value]) => `${number(x(at))},${number(y(value))}`).join(' ')}"/>`,
      ...own.map(
        ([at, value]) => `<circle class="d${index}" cx="${number(x(at))}" cy="${number(y(value))}" r="3"/>`,
      ),
      ...keyOf(name, index, height),
    ]),
  ]
  const told = series
    .map(
      ({ name, points: own }) =>
        `${name}: ${own.map(([at, value]) => `${at}: ${value.toFixed(2)}`).join(', ')}`,
    )
    .join('; ')
  return svg({ title, told, height, drawn })
}

/** Without those that the next one would be written over. */
function legible(counts, x) {
  return counts.filter((at, index) => {
    const next = counts[index + 1]
    const needed = (digitWidth * (shownCount(at).length + shownCount(next ?? 0).length)) / 2 + 8
    return next === undefined || x(next) - x(at) >= needed
  })
}

const shownCount = (at) => at.toLocaleString('en-US')

/** Seen on a bar and beside one. */
const wantedMark = (x, y) => [line(x, y, x, y + 22, 'edge'), line(x, y - 1, x, y + 23, 'wanted')]

/** Two in a row below the plot. */
function keyOf(name, index, height) {
  const x = 56 + (index % 2) * 350
  const y = height - 34 + Math.floor(index / 2) * 20
  return [
    `<path class="curve s${index}" stroke-dasharray="${dashes[index]}" d="M${x} ${y}h34"/>`,
    text(x + 42, y + 4, name),
  ]
}

function svg({ title, told, height, drawn }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
  <title id="title">${escaped(title)}</title>
  <desc id="desc">${escaped(told)}</desc>
  <style>${style}
  </style>
  <rect class="page" width="${width}" height="${height}"/>
  ${text(16, 28, title, 'heading')}
  ${drawn.join('\n  ')}
</svg>
`
}

function text(x, y, content, kind = '', anchor = 'start') {
  const named = kind === '' ? '' : ` class="${kind}"`
  const placed = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
  return `<text x="${number(x)}" y="${number(y)}"${named}${placed}>${escaped(content)}</text>`
}

const line = (x1, y1, x2, y2, kind) =>
  `<line class="${kind}" x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"/>`

const number = (value) => String(Math.round(value * 10) / 10)

const shortNumber = (value) => String(Math.round(value * 100) / 100)

/** 1, 2 or 5 of a power of ten, so that four to eight of it reach the top. */
function niceStep(most) {
  const power = 10 ** Math.floor(Math.log10((most || 1) / 4))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => most / step <= 8)
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (content) => content.replace(/[&<>"]/g, (character) => entities[character])
