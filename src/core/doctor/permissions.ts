import { join } from 'node:path'
import type { FileFacts, Host } from '../ports.ts'
import { profilesPath } from '../profiles/profile-store.ts'
import { tokenCachePaths } from '../token-cache.ts'
import { secureFolder, vaultPath } from '../vault/vault-file.ts'
import { findingsOf, type Finding } from './check.ts'
import { shellWord } from '../shell-word.ts'

type PermissionsHost = Pick<Host, 'files' | 'configDirectory' | 'cacheDirectory' | 'platform'>

const name = 'permissions'

/**
 * Whether anybody else may read or write what is kept, and whether it is the user's own.
 * @param fix takes every right from others; what belongs to another user is left as it is
 */
export async function permissionFindings(host: PermissionsHost, fix: boolean): Promise<readonly Finding[]> {
  if (host.platform === 'win32')
    return [
      {
        name,
        status: 'not_applicable',
        fact: 'Windows keeps no such modes; the folders are in your user profile',
      },
    ]
  return findingsOf({ name }, async () => {
    const paths = await ourPaths(host)
    const seen = await Promise.all(paths.map(async (path) => ({ path, facts: await host.files.look(path) })))
    const there = seen.flatMap(({ path, facts }) => (facts ? [{ path, facts }] : []))
    const findings: Finding[] = []
    for (const { path, facts } of there) findings.push(...(await findingOf(path, facts, fix, host)))
    if (findings.some(({ status }) => status !== 'ok')) return findings
    if (there.length === 0) return { name, status: 'not_applicable', fact: 'nothing is kept yet' }
    const fact = `nobody else may read or write what is kept (${there.length} files and folders)`
    return [...findings, { name, status: 'ok', fact }]
  })
}

async function ourPaths(host: PermissionsHost): Promise<readonly string[]> {
  const secure = secureFolder(host)
  const sealed = (await host.files.list(secure)).filter((file) => file.endsWith('.bin'))
  return [
    host.configDirectory,
    profilesPath(host),
    vaultPath(host),
    secure,
    ...sealed.map((file) => join(secure, file)),
    host.cacheDirectory,
    ...(await tokenCachePaths(host)),
  ]
}

async function findingOf(
  path: string,
  facts: FileFacts,
  fix: boolean,
  host: PermissionsHost,
): Promise<readonly Finding[]> {
  const subject = path
  if (!facts.isOurs) {
    return [
      {
        name,
        subject,
        status: 'warning',
        fact: `"${path}" belongs to another user`,
        remedy: `sudo chown "$(id -u)" ${shellWord(path)}`,
      },
    ]
  }
  if (facts.othersMay === 'nothing') return []
  const what = `"${path}" could be ${facts.othersMay === 'read' ? 'read' : 'written'} by others`
  if (!fix) {
    return [
      {
        name,
        subject,
        status: 'warning',
        fact: what.replace(' could be ', ' can be '),
        remedy: 'entra-auth-cli doctor --fix',
      },
    ]
  }
  await host.files.makePrivate(path)
  // A Windows drive under WSL takes a new mode without a word and keeps the old one.
  if ((await host.files.look(path))?.othersMay === 'nothing')
    return [{ name, subject, status: 'ok', fact: `${what}, and is private now` }]
  return [
    {
      name,
      subject,
      status: 'warning',
      fact: `${what.replace(' could be ', ' can be ')}, and its file system keeps no modes`,
      remedy: 'name folders on another file system in ENTRA_AUTH_CLI_CONFIG_DIR and ENTRA_AUTH_CLI_CACHE_DIR',
    },
  ]
}
