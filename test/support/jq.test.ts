import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const program = join(import.meta.dirname, 'jq.mjs')

function jq(words: string[], input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...words], {
    input,
    encoding: 'utf8',
  })
  return { stdout, stderr, status }
}

describe('the jq that stands in where none is installed', () => {
  it.each([
    ['a number', ['.exp'], '{"exp":1701435600}', '1701435600\n'],
    [
      'raw text',
      ['-r', '.payload.aud'],
      '{"payload":{"aud":"https://graph.microsoft.com"}}',
      'https://graph.microsoft.com\n',
    ],
    ['text as JSON', ['.aud'], '{"aud":"x"}', '"x"\n'],
    ['null for what is not there', ['-r', '.exp'], '{}', 'null\n'],
    ['nothing for no input', ['.exp'], '', ''],
    ['compact objects', ['-c', '.'], '{"a": [1, 2]}', '{"a":[1,2]}\n'],
  ])('prints %s', (_name, words, input, stdout) => {
    expect(jq(words, input)).toEqual({ stdout, stderr: '', status: 0 })
  })

  it.each([
    ['2 for text that is no JSON', ['.'], 'not json', 2],
    ['3 for a filter that does not compile', ['.a |'], '{}', 3],
    ['5 for a filter that does not fit the value', ['.a.b'], '{"a":"text"}', 5],
    ['1 for null with --exit-status', ['-e', '.a'], '{}', 1],
    ['0 for a value with --exit-status', ['-re', '.a'], '{"a":1}', 0],
  ])('ends with %s', (_name, words, input, status) => {
    expect(jq(words, input).status).toBe(status)
  })

  it('reads files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jq-'))
    writeFileSync(join(folder, 'a.json'), '{"a":1}')
    expect(jq(['.a', join(folder, 'a.json')]).stdout).toBe('1\n')
    rmSync(folder, { recursive: true })
  })
})
