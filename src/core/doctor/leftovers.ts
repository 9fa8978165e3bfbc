import { join } from 'node:path'
import type { Host } from '../ports.ts'
import { keyFileIds, keyFilePath } from '../vault/slots.ts'
import { sealedFiles, type SealedFilesHost } from '../vault/sealed-files.ts'
import { secureFolder } from '../vault/vault-file.ts'
import { spanText } from '../span-text.ts'
import { counted, findingsOf, type Finding } from './check.ts'
import { shellWord } from '../shell-word.ts'
import { activePlace, type VaultSight } from './vault-check.ts'

type LeftoversHost = SealedFilesHost & Pick<Host, 'now' | 'platform'>

const temporaryFile = /\.(\d+)\.[0-9a-f]{12}\.tmp$/
const lockFile = /\.(lock|creating|migrating|acquiring)$/
/** A writer is done within milliseconds. */
const longWrite = 60_000
/** A holder that is well shows itself every five seconds. */
const longSilence = 60_000

/** What writers that were killed left behind. It holds nothing that can be read. */
export async function temporaryFileFindings(host: LeftoversHost): Promise<readonly Finding[]> {
  const name = 'temporary-files'
  return findingsOf({ name }, async () => {
    const left: Finding[] = []
    for (const path of await filesLike(temporaryFile, host)) {
      const facts = await host.files.look(path)
      if (!facts) continue
      const age = host.now().getTime() - facts.modified.getTime()
      if (age < longWrite) continue
      const writer = temporaryFile.exec(path)?.[1] ?? '?'
      left.push({
        name,
        subject: path,
        status: 'warning',
        fact: `process ${writer} was killed ${spanText(age)} ago while it wrote "${path}"`,
        remedy: `rm ${shellWord(path)}`,
      })
    }
    return left.length > 0 ? left : { name, status: 'ok', fact: 'none were left by writers that were killed' }
  })
}

/** Who holds which lock. One whose holder is gone hinders nobody. */
export async function lockFindings(host: LeftoversHost): Promise<readonly Finding[]> {
  const name = 'locks'
  return findingsOf({ name }, async () => {
    const held: Finding[] = []
    for (const path of await filesLike(lockFile, host)) {
      const holder = await host.files.lockHolder(path)
      if (!holder) continue
      const who = holder.pid === undefined ? 'a process' : `process ${holder.pid}`
      const seen = `last seen ${spanText(holder.silentMilliseconds)} ago`
      if (!holder.isAlive) {
        const fact = `"${path}" was left by ${who}, which is gone (${seen}); the next to need it takes it over`
        held.push({ name, subject: path, status: 'ok', fact })
      } else if (holder.silentMilliseconds > longSilence) {
        const remedy = holder.pid === undefined ? `rm ${shellWord(path)}` : endProcess(holder.pid, host)
        const fact = `${who} holds "${path}" and does not move (${seen}); others wait for it`
        held.push({ name, subject: path, status: 'warning', fact, remedy })
      } else held.push({ name, subject: path, status: 'ok', fact: `${who} holds "${path}" (${seen})` })
    }
    return held.length > 0 ? held : { name, status: 'ok', fact: 'none are held' }
  })
}

/** One that was stopped does not hear the gentler signal, and whatever it was at survives this one. */
function endProcess(pid: number, { platform }: LeftoversHost): string {
  return platform === 'win32' ? `taskkill /F /PID ${pid}` : `kill -KILL ${pid}`
}

/** Key files that no slot names: weaker than what is used now, and of no use. */
export async function keyFileFindings(sight: VaultSight, host: LeftoversHost): Promise<readonly Finding[]> {
  const name = 'key-files'
  return findingsOf({ name }, async () => {
    if (sight.kind !== 'open') return []
    const named = new Set(sight.file.slots.map(({ keyId }) => keyId))
    const inUse = new Set((await sealedFiles(host)).map(({ keyId }) => keyId))
    const paths = (await keyFileIds(host))
      .filter((keyId) => !named.has(keyId) && !inUse.has(keyId))
      .map((keyId) => keyFilePath(host, keyId))
    if (paths.length === 0) return []
    return {
      name,
      status: 'warning',
      fact: `"${secureFolder(host)}" holds ${counted(paths.length, 'key file')} of no use any more`,
      remedy:
        activePlace(sight) === 'explicit'
          ? `rm ${paths.map(shellWord).join(' ')}`
          : 'entra-auth-cli vault rekey',
    }
  })
}

async function filesLike(pattern: RegExp, host: LeftoversHost): Promise<readonly string[]> {
  const folders = [host.configDirectory, secureFolder(host), host.cacheDirectory]
  const paths = await Promise.all(
    folders.map(async (folder) => (await host.files.list(folder)).map((name) => join(folder, name))),
  )
  return paths.flat().filter((path) => pattern.test(path) && isOurs(path, host))
}

/** The cache folder may be shared with other programs. */
function isOurs(path: string, host: LeftoversHost): boolean {
  return (
    !path.startsWith(host.cacheDirectory) || path.startsWith(join(host.cacheDirectory, 'entra-auth-cli.'))
  )
}
