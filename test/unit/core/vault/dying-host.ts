import type { Host } from '../../../../src/core/ports.ts'

/** What ends the work of a process that is killed. */
export class Killed extends Error {}

/** When a process is killed: before the operation of that number (from 1) has any effect, or right after it. */
export interface Death {
  readonly operation: number
  readonly when: 'before' | 'after'
}

/**
 * The same machine as one process sees it that is killed in the middle: files and keychain do nothing for it from then
 * on. Its locks are free at once, as those of a dead process are.
 * @param done told how many operations there were, for a process that outlives its work
 */
export function dyingHost<T extends Host>(host: T, death: Death, done: { operations: number }): T {
  const mortal =
    <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const number = ++done.operations
      if (number > death.operation || (number === death.operation && death.when === 'before'))
        throw new Killed()
      const result = await work(...given)
      if (number === death.operation) throw new Killed()
      return result
    }
  const { files, keychain } = host
  return {
    ...host,
    files: {
      ...files,
      read: mortal(files.read),
      look: mortal(files.look),
      list: mortal(files.list),
      write: mortal(files.write),
      remove: mortal(files.remove),
    },
    keychain: {
      state: mortal(keychain.state),
      get: mortal(keychain.get),
      set: mortal(keychain.set),
      remove: mortal(keychain.remove),
    },
  }
}
