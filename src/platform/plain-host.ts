import { homedir, userInfo } from 'node:os'
import { isAbsolute, parse } from 'node:path'
import type { Environment, PlainHost, ReadyInput } from '../core/ports.ts'
import { systemClock } from './clock.ts'
import { type Directories, directoriesOf } from './directories.ts'
import { createFiles } from './files.ts'
import { createTerminal, type StreamOwner } from './terminal.ts'

/** The parts of `process` a host is made from. */
export type HostProcess = StreamOwner &
  Pick<NodeJS.Process, 'platform' | 'env' | 'cwd'> & { getuid?: () => number }

export interface PlainHostOptions {
  /** The words that start this program: a keychain that may show a dialog is asked by a child that can be killed. */
  readonly ownCommand?: readonly string[]
  /** Whether this process is the program, and its standard streams are for it alone. */
  readonly isProgram?: boolean
  /** What was taken from stdin before. */
  readonly stdin?: ReadyInput
  /** Is told what is taken from stdin before anybody reads it. */
  readonly onStdinTaken?: (taken: ReadyInput) => void
}

/**
 * The part of this machine that every command needs. Making it costs nothing, and little stands in this file and below it:
 * it is loaded at every start. The environment is taken as it is now; later changes to `process.env` are not seen.
 */
export function createPlainHost(process: HostProcess, options: PlainHostOptions = {}): PlainHost {
  const { platform } = process
  const env = snapshot(process)
  const userId = process.getuid?.()
  let directories: Directories | undefined
  const folders = () =>
    (directories ??= directoriesOf(platform, env, accountHome(platform, env), process.cwd()))
  const keychain = once(async () => {
    const { createKeychain } = await import('./keychain.ts')
    return createKeychain({ platform, env, userId: userId ?? 0, ownCommand: options.ownCommand })
  })
  return {
    platform,
    env,
    now: () => systemClock.now(),
    get configDirectory() {
      return folders().configDirectory
    },
    get cacheDirectory() {
      return folders().cacheDirectory
    },
    files: createFiles({ platform, userId }),
    keychain: {
      state: async (...given) => (await keychain()).state(...given),
      get: async (...given) => (await keychain()).get(...given),
      set: async (...given) => (await keychain()).set(...given),
      remove: async (...given) => (await keychain()).remove(...given),
    },
    terminal: createTerminal(process, { ...options, isOurs: options.isProgram }),
  }
}

/** Windows does not tell the case of names apart (`Path`), a plain object does: there each is found in capitals too. */
function snapshot({ env, platform }: Pick<HostProcess, 'env' | 'platform'>): Environment {
  const capitals =
    platform === 'win32' ? Object.entries(env).map(([name, value]) => [name.toUpperCase(), value]) : []
  return Object.freeze({ ...env, ...Object.fromEntries(capitals) })
}

/** The home folder. Node takes an empty or relative `$HOME` at its word, which would put secrets into any folder. */
function accountHome(platform: NodeJS.Platform, { HOME }: Environment): string {
  // What Node would say, without `node:os`.
  const home = platform !== 'win32' && HOME ? HOME : homedir()
  if (isAbsolute(home)) return home
  try {
    return userInfo().homedir
  } catch {
    // A user without an account, as in some containers: the root, where nobody but root can write.
    return parse(process.cwd()).root
  }
}

/** What makes something once, when it is first wanted. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
