import { homedir, networkInterfaces, userInfo } from 'node:os'
import { isAbsolute, parse } from 'node:path'
import type { Environment, Host } from '../core/ports.ts'
import { browserObstacle } from './browser-rules.ts'
import { childEnvironment, HiddenVariables } from './child-environment.ts'
import { systemClock } from './clock.ts'
import { desktopFacts } from './desktop-facts.ts'
import { type Directories, directoriesOf } from './directories.ts'
import { createFiles } from './files.ts'
import { createTerminal, type StreamOwner } from './terminal.ts'

/** The parts of `process` a host is made from. */
export type HostProcess = StreamOwner &
  Pick<NodeJS.Process, 'platform' | 'env' | 'cwd'> & { getuid?: () => number }

export interface HostOptions {
  /** Told one line about each HTTP attempt, for `--verbose`: no headers and bodies but the ids of the request. */
  readonly trace?: (line: string) => void
  /** The words that start this program: a keychain that may show a dialog is asked by a child that can be killed. */
  readonly ownCommand?: readonly string[]
  /** Whether this process is the program, and its standard streams are for it alone. */
  readonly isProgram?: boolean
}

/**
 * This machine as the domain sees it. Making it costs nothing: keychain, HTTP, browser and clipboard are loaded when
 * they are first used. The environment is taken as it is now; later changes to `process.env` are not seen.
 */
export function createHost(process: HostProcess, options: HostOptions = {}): Host {
  const { platform } = process
  const env = snapshot(process)
  const userId = process.getuid?.()
  const facts = desktopFacts(platform, env)
  const hidden = new HiddenVariables()
  const environment = () => childEnvironment(env, hidden.has)
  let directories: Directories | undefined
  const folders = () => (directories ??= directoriesOf(platform, env, accountHome(), process.cwd()))
  const keychain = once(async () => {
    const { createKeychain } = await import('./keychain.ts')
    return createKeychain({ platform, env, userId: userId ?? 0, ownCommand: options.ownCommand })
  })
  const machine = once(async () => (await import('./machine.ts')).createMachine(facts))
  const http = once(async () => {
    const { createHttpClient } = await import('./http.ts')
    return createHttpClient({ env, trace: options.trace })
  })
  return {
    platform,
    env,
    now: () => systemClock.now(),
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
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
    http: {
      send: async (request) => (await http()).send(request),
      open: async (request) => (await http()).open(request),
      connectAhead: async (to) => (await http()).connectAhead(to),
    },
    redirects: { open: async (wanted) => (await import('./redirect-listener.ts')).openRedirect(wanted) },
    tokenServer: {
      open: async (wanted) =>
        (await import('./token-server.ts')).openTokenServer(wanted, { platform, userId }),
      containerAddress: async () =>
        (await import('./container-address.ts')).containerAddress(platform, networkInterfaces()),
    },
    desktop: {
      browserObstacle: () => browserObstacle(facts),
      openBrowser: async (url) =>
        (await import('./browser.ts')).openBrowser(url, { platform, env, isHidden: hidden.has }),
      copy: async (text) =>
        (await import('./clipboard.ts')).copyToClipboard(text, { ...facts, env: environment() }),
    },
    terminal: createTerminal(process, { isOurs: options.isProgram }),
    machine: {
      facts: async () => (await machine()).facts(),
      proxyFor: async (url) => (await machine()).proxyFor(url),
      nearestFolder: async (path) => (await machine()).nearestFolder(path),
    },
    commands: {
      run: async (commandLine, how) => {
        const { createCommandRunner } = await import('./command-runner.ts')
        return createCommandRunner({ platform, environment }).run(commandLine, how)
      },
    },
    programs: {
      run: async (words, variables) =>
        (await import('./program-runner.ts')).runProgram(words, { ...environment(), ...variables }),
    },
    hideFromChildren: (variables) => hidden.add(variables),
  }
}

/** Windows does not tell the case of names apart (`Path`), a plain object does: there each is found in capitals too. */
function snapshot({ env, platform }: Pick<HostProcess, 'env' | 'platform'>): Environment {
  const capitals =
    platform === 'win32' ? Object.entries(env).map(([name, value]) => [name.toUpperCase(), value]) : []
  return Object.freeze({ ...env, ...Object.fromEntries(capitals) })
}

/** The home folder. Node takes an empty or relative `$HOME` at its word, which would put secrets into any folder. */
function accountHome(): string {
  const home = homedir()
  if (isAbsolute(home)) return home
  try {
    return userInfo().homedir
  } catch {
    // A user without an account, as in some containers: the root, where nobody but root can write.
    return parse(process.cwd()).root
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
