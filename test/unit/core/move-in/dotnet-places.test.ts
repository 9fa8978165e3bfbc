import { describe, expect, it } from 'vitest'
import { dotnetPlaces, dotnetSecretFile, revealed } from '../../../../src/core/move-in/dotnet-places.ts'

describe('where the older tool kept its things', () => {
  it('on Linux: under the configuration folder, and where its manuals say', () => {
    const { profileFiles, profileFolders, secretFolders } = dotnetPlaces({
      platform: 'linux',
      env: { HOME: '/home/a' },
    })
    expect(profileFiles).toEqual([
      '/home/a/.config/entra-auth-cli/profiles.json',
      '/home/a/.entra-auth-cli/profiles.json',
    ])
    expect(profileFolders).toContain('/home/a/.entra-auth-cli/profiles')
    expect(secretFolders).toEqual([
      '/home/a/.config/azadtool/secure',
      '/home/a/.config/entra-auth-cli/secure',
    ])
  })

  it('on Linux also under XDG_CONFIG_HOME, if that is absolute', () => {
    const env = { HOME: '/home/a', XDG_CONFIG_HOME: '/xdg' }
    expect(dotnetPlaces({ platform: 'linux', env }).secretFolders).toContain('/xdg/azadtool/secure')
    const relative = { HOME: '/home/a', XDG_CONFIG_HOME: 'xdg' }
    expect(dotnetPlaces({ platform: 'linux', env: relative }).secretFolders.join()).not.toContain('xdg')
  })

  it('on macOS also under Application Support', () => {
    const { profileFiles, profileFolders } = dotnetPlaces({ platform: 'darwin', env: { HOME: '/Users/a' } })
    const folder = '/Users/a/Library/Application Support/entra-auth-cli'
    expect(profileFiles).toContain(`${folder}/profiles.json`)
    expect(profileFolders).toContain(`${folder}/profiles`)
  })

  it('on Windows: by its variables', () => {
    const env = { USERPROFILE: String.raw`C:\Users\a`, LOCALAPPDATA: String.raw`D:\Local` }
    expect(dotnetPlaces({ platform: 'win32', env })).toEqual({
      profileFiles: [
        String.raw`C:\Users\a\AppData\Roaming\entra-auth-cli\profiles.json`,
        String.raw`C:\Users\a\.entra-auth-cli\profiles.json`,
      ],
      profileFolders: [String.raw`D:\Local\EntraAuthCli\profiles`],
      secretFolders: [String.raw`C:\Users\a\AppData\Roaming\entra-auth-cli\secure`],
      tokenFiles: [String.raw`C:\Users\a\AppData\Roaming\entra-auth-cli\last-token.txt`],
    })
  })

  it('is nowhere without a home', () => {
    expect(Object.values(dotnetPlaces({ platform: 'linux', env: {} })).flat()).toEqual([])
  })
})

describe('a secret of the older tool on Linux', () => {
  it.each([
    ['profile:myprofile:secret', 'dc8ec787124a436ee5ed94b4f504ab57742b56cf2ab62f17835cab1f0a4442d6.dat'],
    [
      'profile:myprofile:cert-password',
      '8d4ba858d783a884b178cbb0dc34446cd54bacba3e6b90939073edad5dd62af7.dat',
    ],
    ['token-cache:public:myprofile', 'a8c654f6e43d07a1d25bee8ad71991f2f89d9ce01f339a7a5ba2b6e614e2bf1d.dat'],
    ['token-cache:graph-discovery', '2ec0445e0a3dab7bb1cd9ddf61eebb2f021fe4e48acb09214f317c309924cbd5.dat'],
  ])('is in a file whose name is a digest: %s', (key, file) => {
    expect(dotnetSecretFile(key)).toBe(file)
  })

  it('is read', () => {
    expect(revealed(Buffer.from('d999c9d8cfded4dccbc6dfcf', 'hex'))).toBe('s3cret~value')
  })

  it.each([
    ['nothing', ''],
    ['no UTF-8', '55'],
    ['control characters', 'a0a0'],
  ])('is none: %s', (_what, hex) => {
    expect(revealed(Buffer.from(hex, 'hex'))).toBeUndefined()
  })
})
