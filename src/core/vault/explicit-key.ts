import { join } from 'node:path'
import { EntraAuthError } from '../../errors.ts'
import type { Environment, Host } from '../ports.ts'
import { vaultKey, type VaultKey } from './envelope.ts'

/** The names under which the vault's key may be handed over. They never reach a process we start. */
const variables = [
  'ENTRA_AUTH_CLI_KEY',
  'ENTRA_AUTH_CLI_KEY_FILE',
  'ENTRA_AUTH_CLI_KEY_FD',
  'CREDENTIALS_DIRECTORY',
] as const

/** What a hint says when such a key is missing. */
export const explicitKeyHint = `set ${variables[0]} (64 hex digits, or base64 of 32 bytes), ${variables[1]} or ${variables[2]}`

// A pipe or a descriptor can be read once, and one command opens the vault several times.
const handedOver = new WeakMap<Environment, Promise<VaultKey | undefined>>()

/**
 * The vault's key as handed over from outside: by value, by file, by descriptor, or as a systemd credential
 * (https://systemd.io/CREDENTIALS). Undefined where none is. It is read once for each environment.
 * @throws EntraAuthError `store_unavailable` where one is named but is no key
 */
export function explicitKey(host: Pick<Host, 'env' | 'files'>): Promise<VaultKey | undefined> {
  const key = handedOver.get(host.env) ?? readExplicitKey(host)
  handedOver.set(host.env, key)
  return key
}

async function readExplicitKey(host: Pick<Host, 'env' | 'files'>): Promise<VaultKey | undefined> {
  const [byValue, byFile, byDescriptor, credentials] = variables.map((name) => host.env[name] || undefined)
  if (byValue !== undefined) return parseKey(Buffer.from(byValue), variables[0])
  if (byFile !== undefined) return parseKey(await host.files.readInput(byFile), variables[1])
  if (byDescriptor !== undefined) {
    if (!/^\d+$/.test(byDescriptor)) throw noKey(variables[2])
    return parseKey(await host.files.readInput(Number(byDescriptor)), variables[2])
  }
  if (credentials !== undefined) {
    const content = await host.files.read(join(credentials, 'entra-auth-cli-key'))
    return content && parseKey(content, 'the systemd credential "entra-auth-cli-key"')
  }
  return undefined
}

/** Reads 64 hex digits, base64 (either alphabet) of 32 bytes, or 32 bytes as they are. */
function parseKey(content: Buffer, source: string): VaultKey {
  const text = content.toString('latin1').trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return vaultKey(Buffer.from(text, 'hex'))
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return vaultKey(Buffer.from(text, 'base64'))
  if (content.length === 32) return vaultKey(Buffer.from(content))
  throw noKey(source)
}

function noKey(source: string): EntraAuthError {
  return new EntraAuthError('store_unavailable', `${source} holds no key`, {
    hint: 'a key is 64 hex digits or base64 of 32 bytes; make one with "openssl rand -hex 32"',
  })
}
