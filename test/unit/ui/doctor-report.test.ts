import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src/core/doctor/check.ts'
import { doctorReport } from '../../../src/ui/doctor-report.ts'

const fields: Check = { group: 'storage', name: 'vault', status: 'ok', fact: 'opens' }
const reportOf = (checks: readonly Partial<Check>[]) => {
  const all = checks.map((check) => ({ ...fields, ...check }))
  return { ok: all.every(({ status }) => status !== 'failed'), checks: all }
}
const plain = (checks: readonly Partial<Check>[], width?: number) =>
  doctorReport(reportOf(checks), { width, paint: (_style, text) => text })

describe("the doctor's report", () => {
  it('has a mark, a name, a fact and what mends it, in groups', () => {
    expect(
      plain([
        {},
        { name: 'token-store', status: 'failed', fact: 'no space', remedy: 'df -h /' },
        { group: 'network', name: 'authority', status: 'not_applicable', fact: 'not asked' },
        { group: 'environment', name: 'place', fact: 'a container' },
        {
          group: 'profiles',
          name: 'certificate',
          subject: 'ci',
          status: 'warning',
          fact: 'it ends',
          remedy: 'make one',
        },
      ]),
    ).toBe(`Storage
  ✓ vault            opens
  ✗ token store      no space
                     → df -h /

Network
  - authority        not asked

Environment
  ✓ place            a container

Profiles
  ! ci               it ends
                     → make one

Tokens cannot be stored and read. 1 failed, 1 warning.`)
  })

  it.each([
    [[], 'Tokens can be stored and read.'],
    [[{ status: 'warning' }, { status: 'warning' }], 'Tokens can be stored and read. 2 warnings.'],
    [[{ group: 'network', status: 'failed' }], 'Tokens can be stored and read. 1 failed.'],
  ] as const)('ends with what it comes to: %j', (checks, summary) => {
    expect(plain(checks).split('\n').at(-1)).toBe(summary)
  })

  it('breaks sentences between words, and commands never', () => {
    const text = plain(
      [
        {
          fact: 'one two three four five six seven eight',
          remedy: 'look at this and that and at what is there',
        },
      ],
      52,
    )
    expect(text).toContain(`
  ✓ vault            one two three four five six
                     seven eight
                     → look at this and that and at
                       what is there
`)
    const command = 'entra-auth-cli vault migrate --to passphrase and more and more and more'
    expect(plain([{ remedy: command }], 52)).toContain(`\n                     → ${command}\n`)
  })

  it('leaves room for long names, but not for all', () => {
    const named = (subject: string) => ({ group: 'profiles', name: 'profile', subject }) as const
    expect(plain([{}, named('production-of-contoso')])).toContain('  ✓ vault                 opens\n')
    expect(plain([{}, named('x'.repeat(40))])).toContain(`  ✓ vault                    opens\n`)
    expect(plain([{}, named('x'.repeat(40))])).toContain(`  ✓ ${'x'.repeat(40)} opens\n`)
  })

  it('shows each status in its colour', () => {
    const painted = doctorReport(
      reportOf([{}, { status: 'warning' }, { status: 'failed' }, { status: 'not_applicable' }]),
      { width: undefined, paint: (style, text) => `<${String(style)}>${text}</>` },
    )
    for (const mark of ['<green>✓</>', '<yellow>!</>', '<red>✗</>', '<dim>-</>'])
      expect(painted).toContain(mark)
  })

  it('does nothing to a terminal, whatever files and servers say', () => {
    const evil = '\u001b]0;evil\u0007\u001b[31mred\u202e\nline'
    const text = plain([{ group: 'profiles', subject: evil, fact: evil, remedy: evil }], 60)
    expect(text).not.toMatch(/[\u001b\u0007\u202e]/)
    expect(text).toContain('✓ red line         red line\n                     → red line\n')
  })
})
