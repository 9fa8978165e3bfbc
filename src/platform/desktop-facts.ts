import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Environment } from '../core/ports.ts'

/** What can be told about the place we run in. */
export interface DesktopFacts {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  /** Windows Subsystem for Linux. */
  readonly isWsl: boolean
  readonly isContainer: boolean
  /** Whether a program of this name can be started. */
  readonly hasProgram: (name: string) => boolean
  /** Under WSL, the path of a program of the Windows around it; undefined where it cannot be reached. */
  readonly windowsProgram: (name: string) => string | undefined
}

/** Looks at this machine. Reads a few files, starts nothing. */
export function desktopFacts(platform: NodeJS.Platform, env: Environment): DesktopFacts {
  const folders = () => (env.PATH ?? '').split(delimiter).filter(Boolean)
  return {
    platform,
    env,
    get isWsl() {
      return platform === 'linux' && (env.WSL_DISTRO_NAME !== undefined || /microsoft/i.test(release()))
    },
    get isContainer() {
      return platform === 'linux' && isContainer(env)
    },
    hasProgram: (name) => pathOf(name, folders()) !== undefined,
    windowsProgram: (name) => pathOf(name, [...folders(), ...windowsFolders]),
  }
}

/** Where Windows keeps its own programs, for a WSL that does not have them in PATH (`appendWindowsPath=false`). */
const windowsFolders = ['/mnt/c/Windows/System32', '/mnt/c/Windows/System32/WindowsPowerShell/v1.0']

function isContainer(env: Environment): boolean {
  if (env.container || existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return true
  try {
    return /\b(docker|kubepods|containerd)\b/.test(readFileSync('/proc/1/cgroup', 'utf8'))
  } catch {
    return false
  }
}

function pathOf(program: string, folders: readonly string[]): string | undefined {
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** Whether this is a CI job: `CI` is set to anything but a plain no. */
export function isCi(env: Environment): boolean {
  return Boolean(env.CI) && !['0', 'false', 'no'].includes(env.CI?.toLowerCase() ?? '')
}

/** Whether a person sits at another machine than this one. */
export function isSsh(env: Environment): boolean {
  return Boolean(env.SSH_CONNECTION || env.SSH_TTY || env.SSH_CLIENT)
}
