// What is left on disk after a torture: everything must open, and nothing may lie about.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const hourMilliseconds = 3_600_000

/** Opens every sealed file and reads every JSON file of a machine. @returns what is wrong, in words */
export async function faultsOf({ env, configDirectory, cacheDirectory }) {
  const { createHost, openVault, silentVoice } = await import('../../build/doors.js')
  // No variable is needed: these tortures keep the key in a file.
  const host = createHost(Object.assign(Object.create(process), { env }))
  const vault = await openVault(host, silentVoice)
  const faults = []
  for (const path of [...filesIn(configDirectory), ...filesIn(cacheDirectory)]) {
    if (path.endsWith('.json')) faults.push(...jsonFaults(path))
    if (path.endsWith('.tmp') && Date.now() - statSync(path).mtimeMs > hourMilliseconds)
      faults.push(`${path} lies about`)
    if (path.endsWith('.bin') && !/[\\/]key-[0-9a-f]+\.bin$/.test(path)) {
      const opened = await vault.read(path)
      if (opened?.ok === false) faults.push(`${path} does not open (${opened.damage})`)
    }
  }
  return faults
}

function jsonFaults(path) {
  try {
    JSON.parse(readFileSync(path, 'utf8'))
    return []
  } catch {
    return [`${path} is no JSON`]
  }
}

export function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
