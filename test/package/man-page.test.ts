import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manual } from '../../src/commands/manual.ts'
import { helpTopics } from '../../src/ui/help-topics.ts'

const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-man-'))
const file = join(folder, 'entra-auth-cli.1')
let shown: string
beforeAll(() => {
  const source = "import { writeManPage } from './scripts/man-page.mjs'; await writeManPage(process.argv[1])"
  const { status, stderr } = output(process.execPath, ['--input-type=module', '-e', source, file])
  if (status !== 0) throw new Error(stderr)
  shown = output('man', ['--warnings', '--local-file', file]).stdout
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function output(program: string, words: readonly string[]) {
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', MANWIDTH: '100', SOURCE_DATE_EPOCH: '1769853600' }
  const { error, status, stdout, stderr } = spawnSync(program, words, { env, encoding: 'utf8' })
  if (error) throw new Error(`${program} is missing: install the packages man-db, groff-base and mandoc`)
  return { status, stdout, stderr }
}

describe('the manual page', () => {
  it('is shown by man without a warning', () => {
    expect(output('man', ['--warnings', '--local-file', file])).toMatchObject({ status: 0, stderr: '' })
  })

  it('is found to be good by mandoc', () => {
    expect(output('mandoc', ['-T', 'lint', '-W', 'warning', file])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
  })

  it.each([
    '2026-01-31',
    'entra-auth-cli - gets, keeps, renews',
    'entra-auth-cli get-token',
    'entra-auth-cli config create',
    '-p, --profile <name>',
    'Form of the result (text, json or yaml).',
    "$ entra-auth-cli discover -p ci -s '*api*' -o json | jq -r '.[].application_id'",
    '%APPDATA%\\entra-auth-cli',
    'ENTRA_AUTH_CLI_KEY_FILE',
  ])('says %s', (text) => {
    expect(shown.replaceAll('‐', '-')).toContain(text)
  })

  it('has every topic and every command of the help', async () => {
    for (const { name } of helpTopics) expect(shown.toLowerCase()).toContain(name.replace('-', ' '))
    const { program } = await manual()
    const names = program.commands.map((command) => command.name()).filter((name) => name !== 'help')
    for (const name of names) expect(shown).toMatch(new RegExp(`^ +entra-auth-cli ${name}\\b`, 'm'))
  })

  it('shows nothing that is hidden', () => {
    expect(shown).not.toContain('--show-url')
    expect(shown).not.toContain('__complete')
    expect(shown).not.toContain('list-profiles')
  })
})
