/** What the built program is when it makes a keychain call for another process of its own. */
import { expect, it } from 'vitest'
import { loadedBy, packagesIn } from '../support/loaded-modules.ts'
import { isRunByNode } from '../support/session/environment.ts'

it.runIf(isRunByNode)(
  'loads little but what it needs for that, and ends where it is asked nothing',
  async () => {
    const result = await loadedBy(['__keychain'], {}, '')
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const files = result.modules.filter((module) => /\/(?:src|dist)\//.test(module))
    expect(files.filter((file) => file.endsWith('/keychain-child.ts'))).toHaveLength(1)
    const others = /\/(?:commands\/program|core\/acquire|platform\/(?:keychain|http|lock|file-writer))\.ts$/
    expect(files.filter((file) => others.test(file))).toEqual([])
    // Its base64url, in the file that is loaded at every start.
    expect(packagesIn(result.modules)).toEqual(['jose'])
  },
)
