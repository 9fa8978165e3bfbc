import { describe, expect, it } from 'vitest'
import { withTodaysName } from '../../src/commands/aliases.ts'
import { hostWith } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const former = [
  ['create-profile', 'config create'],
  ['list-profiles', 'config list'],
  ['list', 'config list'],
  ['show-profile', 'config show'],
  ['edit-profile', 'config edit'],
  ['delete-profile', 'config delete'],
  ['export-profile', 'config export'],
  ['import-profile', 'config import'],
  ['clear-cache', 'config clear-cache'],
] as const

async function outcome(words: readonly string[]) {
  const host = hostWith([{ name: 'work' }, { name: 'ci' }], { env: { NO_COLOR: '1' } })
  return { code: await runCommand(words, host), stdout: host.stdout(), stderr: host.stderr() }
}

describe('what commands were called formerly', () => {
  it.each(former)('%s is %s', async (name, today) => {
    const help = await outcome([...today.split(' '), '--help'])
    expect(help.stdout).toMatch(new RegExp(`^Usage: entra-auth-cli ${today}\\b`))
    expect(await outcome([name, '--help'])).toEqual(help)
    expect(await outcome(['help', name])).toEqual(help)
  })

  it('does what it does today', async () => {
    expect(await outcome(['list-profiles'])).toEqual({ code: 0, stdout: 'work\nci\n', stderr: '' })
    expect((await outcome(['show-profile', '--name', 'ci'])).stdout).toMatch(/^Profile: ci\n/)
  })

  it('has its errors told under its name of today', async () => {
    expect(await outcome(['list-profiles', '--bogus'])).toMatchObject({
      code: 4,
      stderr: 'error: unknown option \'--bogus\'\nhint: see "entra-auth-cli config list --help"\n',
    })
  })

  it('leaves every other word alone', () => {
    for (const words of [[], ['get-token', '-p', 'list'], ['config', 'list'], ['toString'], ['--help']])
      expect(withTodaysName(words)).toBe(words)
    expect(withTodaysName(['-h', 'list', 'list'])).toEqual(['-h', 'config', 'list', 'list'])
  })

  it('is not in the help', async () => {
    const { stdout } = await outcome(['--help'])
    for (const [name] of former) expect(stdout).not.toMatch(new RegExp(`^ +${name}\\b`, 'm'))
  })
})
