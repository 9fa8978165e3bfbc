/** What the built program is when it makes a keychain call for another process of its own. */
import { expect, it } from 'vitest'
import { loadedBy, packagesIn } from '../support/loaded-modules.ts'

it('loads little but what it needs for that, and ends where it is asked nothing', async () => {
  const result = await loadedBy(['__keychain'], {}, '')
  expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' })
  const own = result.modules.flatMap((module) => /\/src\/(.*)$/.exec(module)?.[1] ?? [])
  expect(own.toSorted()).toEqual([
    'main.ts',
    'platform/keychain-child.ts',
    'platform/keychain-messages.ts',
    'platform/keyring-binding.ts',
    'platform/own-command.ts',
  ])
  expect(packagesIn(result.modules)).toEqual([])
})
