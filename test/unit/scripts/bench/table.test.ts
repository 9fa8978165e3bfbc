import { describe, expect, it } from 'vitest'
import { markdownTable, processTable } from '../../../../scripts/bench/table.mjs'

describe('a table', () => {
  it('has a line for each row', () => {
    expect(markdownTable(['what', 'median'], [['one', '1 ms']])).toBe(
      '| what | median |\n| --- | --- |\n| one | 1 ms |',
    )
  })

  it('refuses a row that does not fit', () => {
    expect(() => markdownTable(['what', 'median'], [['one']])).toThrow('"one" does not fit')
  })
})

describe('the table of programs', () => {
  const rows = [
    { name: 'empty', wall: 20, cpu: 10 },
    { name: 'ours', wall: 30, cpu: 30 },
    { name: 'theirs', wall: 60, cpu: undefined },
  ]

  it('compares each with the first, by the clock and by processor time', () => {
    const { tables, bars } = processTable('whole process', rows)
    expect(tables).toEqual([
      [
        '| whole process | median | ratio | processor time | ratio | wanted |',
        '| --- | --- | --- | --- | --- | --- |',
        '| empty | 20.0 ms | 1.00 | 10.0 ms | 1.00 |  |',
        '| ours | 30.0 ms | 1.50 | 30.0 ms | 3.00 |  |',
        '| theirs | 60.0 ms | 3.00 | not told | not told |  |',
      ].join('\n'),
    ])
    expect(bars).toEqual([])
  })

  it('says beside the figure whether it is what is wanted', () => {
    const { tables, bars } = processTable('whole process', rows, [{ name: 'ours', most: 1.25 }])
    expect(tables[0]).toContain('| ours | 30.0 ms | 1.50 | 30.0 ms | 3.00 | ≤ 1.25: missed |')
    expect(bars).toEqual([{ what: 'ours of empty: 1.50', text: '≤ 1.25: missed', met: false }])
  })

  it('says in a table of its own how one stands to another', () => {
    const { tables, bars } = processTable('whole process', rows, [{ name: 'ours', most: 0.5, of: 'theirs' }])
    expect(tables[0]).not.toContain('met')
    expect(tables[1]?.split('\n')[2]).toBe('| ours | theirs | 0.50 | ≤ 0.5: met |')
    expect(bars).toEqual([{ what: 'ours of theirs: 0.50', text: '≤ 0.5: met', met: true }])
  })

  it('wants nothing of a program that is not there', () => {
    const wanted = [
      { name: 'nobody', most: 1 },
      { name: 'ours', most: 1, of: 'nobody' },
    ]
    expect(processTable('whole process', rows, wanted).bars).toEqual([])
  })
})
