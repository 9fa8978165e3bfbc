import { type ChildProcess, spawn } from 'node:child_process'
import type { Environment } from '../core/ports.ts'
import { browserCommands, type Command, isOpenable, windowsBrowserCommands } from './browser-rules.ts'
import { childEnvironment, isSecretVariable } from './child-environment.ts'
import { type DesktopFacts, desktopFacts } from './desktop-facts.ts'

/** How long a launcher is watched: one that fails does so at once, one that works may run as long as its browser. */
const watchMilliseconds = 1_500

export interface BrowserOptions {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  readonly watchMilliseconds?: number
  /** Default: those of this machine. */
  readonly facts?: DesktopFacts
  /** Which variables the browser does not get to see. Default: those with our own secrets. */
  readonly isHidden?: (variable: string) => boolean
  /** Opens an address in the default browser of this desktop. */
  readonly openDefault?: (url: string) => Promise<ChildProcess>
}

/**
 * Opens an address in the commands of `BROWSER` or the default browser. Never waits for the browser to end, and never
 * lets it write to our streams.
 * @returns false when every launcher failed at once, or the address is neither https nor this machine's
 */
export async function openBrowser(address: string, options: BrowserOptions): Promise<boolean> {
  if (!isOpenable(address)) return false
  // As browsers write it: without blanks, line breaks and the typographic quotes that end a text in PowerShell.
  const url = new URL(address).href
  const { env, platform, openDefault = openWithPackage, isHidden = isSecretVariable } = options
  const patience = options.watchMilliseconds ?? watchMilliseconds
  const commands = env.BROWSER
    ? browserCommands(env.BROWSER, url, platform)
    : windowsBrowserCommands(url, options.facts ?? desktopFacts(platform, env))
  for (const command of commands) {
    if (await watch(async () => launch(command, childEnvironment(env, isHidden)), patience)) return true
  }
  return env.BROWSER ? false : watch(() => withoutSecrets(isHidden, () => openDefault(url)), patience)
}

function launch(command: Command, env: Environment): ChildProcess {
  return spawn(command.program, command.arguments, {
    cwd: command.directory,
    env,
    stdio: 'ignore',
    detached: true,
    windowsHide: true,
  })
}

async function openWithPackage(url: string): Promise<ChildProcess> {
  const { default: open } = await import('open')
  return open(url)
}

/** The package `open` knows every desktop, but hands its launcher our own environment: our secrets leave it meanwhile. */
async function withoutSecrets<T>(
  isHidden: (variable: string) => boolean,
  start: () => Promise<T>,
): Promise<T> {
  const hidden = Object.entries(process.env).filter(([name]) => isHidden(name))
  for (const [name] of hidden) delete process.env[name]
  try {
    return await start()
  } finally {
    for (const [name, value] of hidden) process.env[name] = value
  }
}

/** Whether a launcher started and did not fail while it was watched. */
async function watch(start: () => Promise<ChildProcess>, milliseconds: number): Promise<boolean> {
  try {
    const child = await start()
    child.unref()
    if (child.exitCode !== null) return child.exitCode === 0
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), milliseconds)
      const decide = (worked: boolean) => {
        clearTimeout(timer)
        resolve(worked)
      }
      child.once('error', () => decide(false))
      child.once('exit', (code) => decide(code === 0))
    })
  } catch {
    return false
  }
}
