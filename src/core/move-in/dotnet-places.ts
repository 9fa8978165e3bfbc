import { createHash } from 'node:crypto'
import { posix, win32 } from 'node:path'
import type { Host } from '../ports.ts'

/** Where the older .NET tool of this name kept its things, by its program and by its manuals. Absolute paths. */
export interface DotnetPlaces {
  /** Files that hold profiles. The first may be the file this tool reads anyway. */
  readonly profileFiles: readonly string[]
  /** Folders with one file a profile. */
  readonly profileFolders: readonly string[]
  /** Folders of secrets, in files called by `dotnetSecretFile`. */
  readonly secretFolders: readonly string[]
  /** Files that may hold a token in plain text. */
  readonly tokenFiles: readonly string[]
}

/** Finds these places from the environment alone; none where it names no home. Does not look whether they exist. */
export function dotnetPlaces({ platform, env }: Pick<Host, 'platform' | 'env'>): DotnetPlaces {
  const home = env['HOME'] || env['USERPROFILE']
  if (!home) return { profileFiles: [], profileFolders: [], secretFolders: [], tokenFiles: [] }
  return platform === 'win32' ? onWindows(home, env) : onUnix(home, platform, env)
}

function onWindows(home: string, env: Host['env']): DotnetPlaces {
  const { join } = win32
  const roaming = join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'entra-auth-cli')
  const local = env['LOCALAPPDATA'] || join(home, 'AppData', 'Local')
  return {
    profileFiles: [join(roaming, 'profiles.json'), join(home, '.entra-auth-cli', 'profiles.json')],
    profileFolders: [join(local, 'EntraAuthCli', 'profiles')],
    secretFolders: [join(roaming, 'secure')],
    tokenFiles: [join(roaming, 'last-token.txt')],
  }
}

function onUnix(home: string, platform: NodeJS.Platform, env: Host['env']): DotnetPlaces {
  const { join, isAbsolute } = posix
  const xdg = env['XDG_CONFIG_HOME']
  const configs = [
    ...(xdg && isAbsolute(xdg) ? [xdg] : []),
    join(home, '.config'),
    // Where newer .NET runtimes have the folder of applications' data on macOS.
    ...(platform === 'darwin' ? [join(home, 'Library', 'Application Support')] : []),
  ]
  const folders = [...new Set(configs)].map((config) => join(config, 'entra-auth-cli'))
  const manual = join(home, '.entra-auth-cli')
  return {
    profileFiles: [...folders, manual].map((folder) => join(folder, 'profiles.json')),
    profileFolders: [manual, ...folders].map((folder) => join(folder, 'profiles')),
    // Its program wrote to a folder with the name it had before; its manuals name the other.
    secretFolders: [...new Set(configs)].flatMap((config) => [
      join(config, 'azadtool', 'secure'),
      join(config, 'entra-auth-cli', 'secure'),
    ]),
    tokenFiles: folders.map((folder) => join(folder, 'last-token.txt')),
  }
}

/** The name of the file in which it kept the value of a key such as `profile:work:secret`. */
export function dotnetSecretFile(key: string): string {
  return `${createHash('sha256').update(key).digest('hex')}.dat`
}

/**
 * Undoes what the older tool did to a secret on Linux: every byte XOR 0xAA, which hides it from nobody.
 * @returns undefined for what cannot have been one
 */
export function revealed(content: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content.map((byte) => byte ^ 0xaa))
    // eslint-disable-next-line no-control-regex
    return text === '' || /[\u0000-\u001f\u007f-\u009f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
