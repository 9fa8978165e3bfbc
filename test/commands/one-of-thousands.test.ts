import { afterEach, describe, expect, it, vi } from 'vitest'
import { ProfileFile } from '../../src/core/profiles/profile-file.ts'
import { loadProfiles } from '../../src/core/profiles/profile-store.ts'
import { hostWith } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const many = Array.from({ length: 1000 }, (_, index) => ({ name: `Profile-${index}` }))

describe('what is about one profile of thousands', () => {
  afterEach(() => void vi.restoreAllMocks())

  it.each([
    ['get-token', '-p', 'profile-7', '--no-interaction'],
    ['inspect', '-p', 'profile-7'],
    ['discover', '-p', 'profile-7'],
    ['validate', '-p', 'profile-7'],
    ['config', 'show', 'profile-7'],
  ])('does not read the others: %s', async (...words) => {
    const host = hostWith(many)
    await loadProfiles(host)
    const parse = vi.spyOn(ProfileFile, 'parse')
    await runCommand(words, host)
    expect(`${host.stdout()}${host.stderr()}`).toContain('Profile-7')
    expect(parse).not.toHaveBeenCalled()
  })

  it('is asked for where none is named, without the names of them all', async () => {
    const host = hostWith(many)
    expect(await runCommand(['get-token', '--no-interaction'], host)).toBe(4)
    expect(host.stderr()).toBe(
      'error: there are several profiles, and none is named\n' +
        'hint: add -p with one of the 1000 names that "entra-auth-cli config list" shows, or set ENTRA_AUTH_CLI_PROFILE\n',
    )
  })

  it('still says which one is not there', async () => {
    const host = hostWith(many)
    await loadProfiles(host)
    expect(await runCommand(['inspect', '-p', 'Profile-'], host)).toBe(3)
    expect(host.stderr()).toBe(
      'error: there is no profile "Profile-"\nhint: did you mean "Profile-0"? "entra-auth-cli config list" shows all\n',
    )
  })
})
