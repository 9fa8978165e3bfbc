import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createHost } from '../../../src/platform/host.ts'

afterEach(() => vi.unstubAllEnvs())

describe('the folders of a host', () => {
  it.runIf(process.platform !== 'win32').each(['', 'relative'])(
    "lie in the account's home where HOME is %j, never in the working folder",
    (home) => {
      for (const name of ['XDG_CONFIG_HOME', 'ENTRA_AUTH_CLI_CONFIG_DIR', 'ENTRA_AUTH_CLI_CACHE_DIR'])
        vi.stubEnv(name, undefined)
      vi.stubEnv('HOME', home)
      const { configDirectory, cacheDirectory } = createHost(process)
      expect(configDirectory).toBe(join(userInfo().homedir, '.config', 'entra-auth-cli'))
      expect(cacheDirectory).toBe(join(userInfo().homedir, '.msal', 'cache'))
    },
  )
})
