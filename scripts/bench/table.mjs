// Markdown tables of what was measured. Pure.
import { duration, judged, ratio } from './figures.mjs'

/** A table; a cell is text. @throws RangeError where a row has too few or too many */
export function markdownTable(head, rows) {
  for (const row of rows) {
    if (row.length !== head.length) throw new RangeError(`"${row[0]}" does not fit the table`)
  }
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/**
 * The table of programs that took turns, each compared to the first, by the clock and by processor time.
 *
 * @param title what the first column is
 * @param rows of `measure`: `{ name, wall, cpu }`
 * @param bars `{ name, most, shown, of }`: how many times the wall time of `of` (default: the first row) the row `name` may take;
 *   one for a program that is not there is left out
 * @returns `{ tables, bars: [{ what, text, met }] }`, in a second table what is wanted in comparison to another row
 */
export function processTable(title, rows, bars = []) {
  const [base] = rows
  const judgements = bars.flatMap(({ name, of = base.name, ...bar }) => {
    const row = rows.find((each) => each.name === name)
    const other = rows.find((each) => each.name === of)
    if (!row || !other) return []
    const figure = row.wall / other.wall
    return [{ name, of, what: `${name} of ${of}: ${ratio(figure)}`, figure, ...judged(figure, bar) }]
  })
  const wantedOfBase = (name) => judgements.find((each) => each.name === name && each.of === base.name)
  const cells = rows.map((row) => [
    row.name,
    duration(row.wall),
    ratio(row.wall / base.wall),
    duration(row.cpu),
    ratio(row.cpu / base.cpu),
    wantedOfBase(row.name)?.text ?? '',
  ])
  const ofOthers = judgements.filter(({ of }) => of !== base.name)
  const tables = [markdownTable([title, 'median', 'ratio', 'processor time', 'ratio', 'wanted'], cells)]
  if (ofOthers.length > 0) {
    const others = ofOthers.map(({ name, of, figure, text }) => [name, of, ratio(figure), text])
    tables.push(markdownTable(['one', 'of another', 'ratio', 'wanted'], others))
  }
  return { tables, bars: judgements.map(({ what, text, met }) => ({ what, text, met })) }
}
