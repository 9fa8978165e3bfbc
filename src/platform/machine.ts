import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Machine, NearestFolder } from '../core/ports.ts'
import { type DesktopFacts, isCi, isSsh } from './desktop-facts.ts'
import { proxyFor } from './proxy.ts'

/** This machine, as `doctor` looks at it. Changes nothing and starts nothing. */
export function createMachine(desktop: DesktopFacts): Machine {
  const { env } = desktop
  return {
    facts: async () => ({
      nodeVersion: process.versions.node,
      architecture: process.arch,
      isWsl: desktop.isWsl,
      isContainer: desktop.isContainer,
      isSsh: isSsh(env),
      isCi: isCi(env),
    }),
    proxyFor: async (url) => {
      const proxy = proxyFor(new URL(url), env)
      return proxy && `${proxy.protocol}//${proxy.host}`
    },
    nearestFolder,
  }
}

async function nearestFolder(path: string): Promise<NearestFolder> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  const above = dirname(path)
  if (!isFolder && above !== path) return nearestFolder(above)
  return { path, isWritable: await isWritable(path), freeBytes: await freeBytes(path) }
}

/** On Windows this sees the read-only mark alone, not who may write: there only writing tells. */
function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function freeBytes(folder: string): Promise<number | undefined> {
  const space = await statfs(folder).catch(() => undefined)
  return space && space.bavail * space.bsize
}
