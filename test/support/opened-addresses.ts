/** A browser that opens nothing: it tells the test which addresses a program wanted shown. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { quote, type World } from './session/environment.ts'

export interface OpenedAddresses {
  /** For `BROWSER`. */
  readonly command: string
  /** How many were opened so far. */
  count(): number
  /** The next one that was not asked for yet, as soon as it is opened. */
  next(): Promise<string>
}

/** Makes one in the world's folder. */
export function rememberAddresses(world: World): OpenedAddresses {
  const command = join(world.root, 'browser')
  const list = join(world.root, 'opened-addresses')
  writeFileSync(list, '')
  writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$1" >> ${quote(list)}\n`, { mode: 0o755 })
  const opened = () => readFileSync(list, 'utf8').split('\n').slice(0, -1)
  let taken = 0
  return {
    command,
    count: () => opened().length,
    next: async () => {
      const address = await eventually(() => {
        const found = opened()[taken]
        if (found === undefined) throw new Error('no browser was opened')
        return found
      })
      taken++
      return address
    },
  }
}
