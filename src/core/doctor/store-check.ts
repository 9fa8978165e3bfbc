import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Host } from '../ports.ts'
import type { VaultSight } from './vault-check.ts'
import { findingsOf, type Finding } from './check.ts'
import { shellWord } from '../shell-word.ts'

/** Where sealed files go, and how to name another place for them. */
interface Store {
  readonly name: 'secret-store' | 'token-store'
  readonly folder: string
  readonly variable: string
}

type StoreHost = Pick<Host, 'files' | 'machine'>

const little = 50_000_000

/**
 * Whether sealed files can be written to a folder and read again: a throw-away one goes there and back. A folder that is
 * not there yet is not made; it is looked whether it could be.
 */
export async function storeFindings(
  store: Store,
  sight: VaultSight,
  host: StoreHost,
): Promise<readonly Finding[]> {
  const { name, folder } = store
  return findingsOf({ name }, async () => {
    const facts = await host.files.look(folder)
    if (facts === undefined) return placeFinding(store, host)
    // A link to a folder is one, as far as files in it are concerned.
    if (facts.kind !== 'folder' && facts.kind !== 'link')
      return { name, status: 'failed', fact: `"${folder}" is not a folder`, remedy: otherPlace(store) }
    if (sight.kind === 'none') return placeFinding(store, host)
    if (sight.kind === 'closed')
      return { name, status: 'not_applicable', fact: 'not tried, for the vault does not open' }
    return roundTrip(store, sight.vault, host)
  })
}

async function roundTrip(
  { name, folder }: Store,
  vault: Extract<VaultSight, { kind: 'open' }>['vault'],
  host: StoreHost,
): Promise<Finding> {
  const path = join(folder, `doctor-${randomBytes(6).toString('hex')}.bin`)
  const content = randomBytes(64)
  try {
    await vault.write(path, content)
    const opened = await vault.read(path)
    if (opened?.ok && opened.content.equals(content))
      return { name, status: 'ok', fact: `a throw-away file was sealed in "${folder}" and opened again` }
    return {
      name,
      status: 'failed',
      fact: `a throw-away file sealed in "${folder}" does not open again (${opened && !opened.ok ? opened.damage : 'it is gone'})`,
      remedy: 'check the disk, and what else writes to that folder',
    }
  } finally {
    await host.files.remove(path)
  }
}

async function placeFinding(store: Store, host: StoreHost): Promise<Finding> {
  const { name, folder } = store
  const { path, isWritable } = await host.machine.nearestFolder(folder)
  if (isWritable)
    return {
      name,
      status: 'ok',
      fact: path === folder ? `"${folder}" can be written to` : `"${folder}" can be made`,
    }
  return {
    name,
    status: 'failed',
    fact:
      path === folder
        ? `"${folder}" cannot be written to`
        : `"${folder}" cannot be made: "${path}" cannot be written to`,
    remedy: otherPlace(store),
  }
}

function otherPlace({ variable }: Store): string {
  return `export ${variable}=FOLDER, with one that can be written to`
}

/** Whether there is room left. */
export async function spaceFinding(folder: string, host: StoreHost): Promise<readonly Finding[]> {
  const { path, freeBytes } = await host.machine.nearestFolder(folder)
  if (freeBytes === undefined) return []
  const fact = `${sizeText(freeBytes)} free where "${folder}" is`
  return [
    freeBytes < little
      ? { name: 'free-space', status: 'warning', fact, remedy: `df -h ${shellWord(path)}` }
      : { name: 'free-space', status: 'ok', fact },
  ]
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${Math.floor(bytes / 1e3)} kB`
}
