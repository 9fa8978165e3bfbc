/** What a command may have left behind. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './session/environment.ts'

/** Locks, markers and temporary files under the world's home, which no command that has ended may leave. */
export function leftFiles(world: World): readonly string[] {
  return readdirSync(world.home, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(?:tmp|lock|acquiring|break)$/.test(path),
  )
}

/**
 * Command lines of the world's processes, known by their HOME, but for its shells and their terminals. Linux only.
 */
export function runningPrograms(world: World): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        if (!environment.includes(`HOME=${world.home}`)) return []
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
        return /^(?:tmux|bash|.*\/bash)(?:$|:)/.test(words[0] ?? '') ? [] : [words.join(' ')]
      } catch {
        // It ended while we looked.
        return []
      }
    })
    .filter((line) => line !== '')
}

/** Every file under the world's home. */
export function filesOf(world: World): readonly string[] {
  return readdirSync(world.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
