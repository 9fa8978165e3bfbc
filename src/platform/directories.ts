import { posix, win32 } from 'node:path'
import type { Environment } from '../core/ports.ts'

/** The two folders everything is kept in. Absolute. */
export interface Directories {
  /** Profiles and sealed secrets. */
  readonly configDirectory: string
  /** Sealed token caches: what a sign-out may delete. */
  readonly cacheDirectory: string
}

/**
 * Finds the folders of a user from the environment alone; does not look whether they exist.
 * An `$XDG_CONFIG_HOME` that is not absolute is ignored.
 * @param home the home folder where `$HOME` says nothing
 * @param workingDirectory what a relative `$ENTRA_AUTH_CLI_…_DIR` is relative to
 * @see https://specifications.freedesktop.org/basedir-spec/latest/#variables
 */
export function directoriesOf(
  platform: NodeJS.Platform,
  env: Environment,
  home: string,
  workingDirectory: string,
): Directories {
  const { join, resolve, isAbsolute } = platform === 'win32' ? win32 : posix
  const given = (value: string | undefined) => (value ? resolve(workingDirectory, value) : undefined)
  const absolute = (value: string | undefined) => (value && isAbsolute(value) ? value : undefined)
  const homeFolder = absolute(platform === 'win32' ? env.USERPROFILE : env.HOME) ?? home
  const config =
    platform === 'win32'
      ? (absolute(env.APPDATA) ?? join(homeFolder, 'AppData', 'Roaming'))
      : (absolute(env.XDG_CONFIG_HOME) ?? join(homeFolder, '.config'))
  const cache =
    platform === 'win32' ? (absolute(env.LOCALAPPDATA) ?? join(homeFolder, 'AppData', 'Local')) : homeFolder
  return {
    configDirectory: given(env.ENTRA_AUTH_CLI_CONFIG_DIR) ?? join(config, 'entra-auth-cli'),
    cacheDirectory: given(env.ENTRA_AUTH_CLI_CACHE_DIR) ?? join(cache, '.msal', 'cache'),
  }
}
