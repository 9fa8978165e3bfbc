import { networkInterfaces } from 'node:os'
import type { Host } from '../core/ports.ts'
import { browserObstacle } from './browser-rules.ts'
import { childEnvironment, HiddenVariables } from './child-environment.ts'
import { systemClock } from './clock.ts'
import { desktopFacts } from './desktop-facts.ts'
import { createPlainHost, type HostProcess, once, type PlainHostOptions } from './plain-host.ts'

export interface HostOptions extends PlainHostOptions {
  /** Told one line about each HTTP attempt, for `--verbose`: no headers and bodies but the ids of the request. */
  readonly trace?: (line: string) => void
}

/**
 * This machine as the domain sees it. Making it costs nothing: keychain, HTTP, browser and clipboard are loaded when
 * they are first used. The environment is taken as it is now; later changes to `process.env` are not seen.
 */
export function createHost(process: HostProcess, options: HostOptions = {}): Host {
  const plain = createPlainHost(process, options)
  const { platform, env } = plain
  const userId = process.getuid?.()
  const facts = desktopFacts(platform, env)
  const hidden = new HiddenVariables()
  const environment = () => childEnvironment(env, hidden.has)
  const machine = once(async () => (await import('./machine.ts')).createMachine(facts))
  const http = once(async () => {
    const { createHttpClient } = await import('./http.ts')
    return createHttpClient({ env, trace: options.trace })
  })
  return {
    platform,
    env,
    now: plain.now,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    get configDirectory() {
      return plain.configDirectory
    },
    get cacheDirectory() {
      return plain.cacheDirectory
    },
    files: plain.files,
    keychain: plain.keychain,
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
    terminal: plain.terminal,
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
