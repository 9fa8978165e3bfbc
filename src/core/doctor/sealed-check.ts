import { basename } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import { tokenCachePaths } from '../token-cache.ts'
import { secretPaths } from '../vault/secrets.ts'
import type { SealedFilesHost } from '../vault/sealed-files.ts'
import type { Vault } from '../vault/vault.ts'
import { counted, findingsOf, type Finding } from './check.ts'
import { editCommand } from './edit-command.ts'
import { shellWord } from '../shell-word.ts'
import type { VaultSight } from './vault-check.ts'

const name = 'sealed-files'

const damages = {
  'not-sealed': 'it is no sealed file',
  'newer-version': 'a newer entra-auth-cli sealed it',
  'other-key': 'it is sealed with another key',
  'does-not-verify': 'it was changed or cut',
} as const

/** Whether every sealed file opens. The names of those that do not, never what is in them. */
export async function sealedFileFindings(
  sight: VaultSight,
  host: SealedFilesHost,
): Promise<readonly Finding[]> {
  return findingsOf({ name }, async () => {
    const secrets = await secretPaths(host)
    const caches = await tokenCachePaths(host)
    const count = `${counted(secrets.length, 'secret')} and ${counted(caches.length, 'token cache')}`
    if (secrets.length + caches.length === 0)
      return { name, status: 'not_applicable', fact: 'nothing is sealed yet' }
    if (sight.kind === 'none') {
      return {
        name,
        status: 'failed',
        fact: `${count} are sealed, but the vault.json that says with which key is gone`,
        remedy: 'restore vault.json from a backup',
      }
    }
    if (sight.kind === 'closed')
      return { name, status: 'not_applicable', fact: `${count}; the vault does not open` }
    const { vault } = sight
    const closed = [
      ...(await Promise.all(secrets.map((path) => secretFinding(path, vault)))),
      ...(await Promise.all(caches.map((path) => cacheFinding(path, vault)))),
    ].flat()
    return closed.length > 0 ? closed : { name, status: 'ok', fact: `${count}, and all open` }
  })
}

/** A secret cannot be had again by itself, so the file is to be kept until it is replaced. */
async function secretFinding(path: string, vault: Vault): Promise<readonly Finding[]> {
  const damage = await damageOf(path, vault)
  if (damage === undefined) return []
  return [
    {
      name,
      subject: path,
      status: 'warning',
      fact: `the secret in "${path}" does not open: ${damage}`,
      remedy: sealAgain(path),
    },
  ]
}

async function cacheFinding(path: string, vault: Vault): Promise<readonly Finding[]> {
  const damage = await damageOf(path, vault)
  if (damage === undefined) return []
  return [
    {
      name,
      subject: path,
      status: 'warning',
      fact: `the token cache "${path}" does not open: ${damage}; the next sign-in replaces it`,
      remedy: `rm ${shellWord(path)}`,
    },
  ]
}

/** Why a file does not open; undefined where it does, or is gone meanwhile. */
async function damageOf(path: string, vault: Vault): Promise<string | undefined> {
  try {
    const opened = await vault.read(path)
    return opened === undefined || opened.ok ? undefined : damages[opened.damage]
  } catch (error) {
    // Of a migration that was cut off: the key of before cannot be had.
    if (error instanceof EntraAuthError && error.code !== 'interrupted') return error.message
    throw error
  }
}

/** Of a file called `<name>.<kind>.bin`; the kinds are called as the flags that set them. */
function sealAgain(path: string): string {
  const [, encoded = '', kind = ''] = /^(.+)\.([a-z-]+)\.bin$/.exec(basename(path)) ?? []
  return editCommand(decoded(encoded), `--${kind} -`)
}

/** The name is in lower case, by which a profile is found too. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
