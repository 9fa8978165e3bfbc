import { describe, expect, it } from 'vitest'
import { directoriesOf } from '../../../src/platform/directories.ts'

describe('folders of a user', () => {
  it.each([
    ['Linux', 'linux', {}, '/home/ann/.config/entra-auth-cli', '/home/ann/.msal/cache'],
    ['macOS', 'darwin', {}, '/home/ann/.config/entra-auth-cli', '/home/ann/.msal/cache'],
    ['HOME before the account', 'linux', { HOME: '/h' }, '/h/.config/entra-auth-cli', '/h/.msal/cache'],
    ['an empty HOME', 'linux', { HOME: '' }, '/home/ann/.config/entra-auth-cli', '/home/ann/.msal/cache'],
    ['XDG', 'linux', { XDG_CONFIG_HOME: '/x' }, '/x/entra-auth-cli', '/home/ann/.msal/cache'],
    [
      'a relative XDG counts as none',
      'linux',
      { XDG_CONFIG_HOME: 'x' },
      '/home/ann/.config/entra-auth-cli',
      '/home/ann/.msal/cache',
    ],
    [
      'our own variables first',
      'linux',
      { ENTRA_AUTH_CLI_CONFIG_DIR: '/c', ENTRA_AUTH_CLI_CACHE_DIR: '/d/e', XDG_CONFIG_HOME: '/x' },
      '/c',
      '/d/e',
    ],
    [
      'our own variables, relative to the working folder',
      'linux',
      { ENTRA_AUTH_CLI_CONFIG_DIR: 'c', ENTRA_AUTH_CLI_CACHE_DIR: '../d' },
      '/srv/c',
      '/d',
    ],
  ] as const)('%s', (_, platform, env, configDirectory, cacheDirectory) => {
    expect(directoriesOf(platform, env, '/home/ann', '/srv')).toEqual({ configDirectory, cacheDirectory })
  })

  it.each([
    [
      'roaming and local',
      { APPDATA: 'C:\\Users\\Ann\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\Ann\\AppData\\Local' },
    ],
    ['neither set', {}],
    ['XDG means nothing there', { XDG_CONFIG_HOME: 'C:\\x' }],
  ])('Windows: %s', (_, env) => {
    expect(directoriesOf('win32', env, 'C:\\Users\\Ann', 'C:\\')).toEqual({
      configDirectory: 'C:\\Users\\Ann\\AppData\\Roaming\\entra-auth-cli',
      cacheDirectory: 'C:\\Users\\Ann\\AppData\\Local\\.msal\\cache',
    })
  })
})
