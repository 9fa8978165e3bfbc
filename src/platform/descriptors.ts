import { fstatSync, statSync } from 'node:fs'

/** What a standard stream is connected to. A `device` is none that a person sits at, such as `/dev/null`. */
export type DescriptorKind = 'file' | 'pipe' | 'socket' | 'device' | 'terminal'

/**
 * Finds it without opening Node's stream, which costs more than many a command.
 * @returns undefined where it is something else or nothing at all, and on Windows, where only Node can tell
 */
export function kindOfDescriptor(descriptor: number): DescriptorKind | undefined {
  if (process.platform === 'win32') return undefined
  try {
    const stats = fstatSync(descriptor)
    if (stats.isFIFO()) return 'pipe'
    if (stats.isFile()) return 'file'
    if (stats.isSocket()) return 'socket'
    if (!stats.isCharacterDevice()) return undefined
    // Whoever throws our messages away, as many scripts do, need not wait for `node:tty`, which brings the network's modules.
    if (stats.rdev === statSync('/dev/null').rdev) return 'device'
    return process.getBuiltinModule('node:tty').isatty(descriptor) ? 'terminal' : 'device'
  } catch {
    return undefined
  }
}
