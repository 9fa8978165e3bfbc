import { isAgentAtWork, isRedactionOn } from '../../core/agent-environment.ts'
import { findAccessToken } from '../../core/find-access-token.ts'
import type { PlainHost } from '../../core/ports.ts'
import { readProfile } from '../../core/profiles/profile-record.ts'
import { chooseRecord, findProfile } from '../../core/profiles/profile-store.ts'
import type { ProfileRecord } from '../../core/profiles/record-fields.ts'
import { parseScopes } from '../../core/scopes.ts'
import { TokenCache } from '../../core/token-cache.ts'
import { tokenRequest } from '../../core/token-request.ts'
import { vaultPath } from '../../core/vault/vault-file.ts'
import { silentVoice } from '../../core/voice.ts'
import { EntraAuthError } from '../../errors.ts'
import type { PlainCommand } from './answer.ts'
import { readPlainWords } from './words.ts'

/** What scripts call all day: `get-token -p NAME`, into a pipe, answered from the cache. */
export const plainGetToken: PlainCommand = async (words, host) => {
  const plain = readPlainWords(words, spellings)
  const isSilent = plain?.switches.has('--silent') === true
  if (!plain || plain.others.length > 0 || !canBePlain(isSilent, host) || !(await isKeyAtHand(host)))
    return undefined
  const given = plain.values.get('--profile')?.at(-1) ?? (host.env['ENTRA_AUTH_CLI_PROFILE'] || undefined)
  const record = await recordNamedBy(given, host)
  if (!record) return undefined
  const profile = readProfile(record)
  const written = plain.values.get('--scope') ?? []
  const scopes = parseScopes(written)
  // Commas alone are an error, not the profile's own scopes.
  if (written.length > 0 && scopes.length === 0) return undefined
  const request = tokenRequest(profile, {
    ...(scopes.length > 0 && { scopes }),
    // At five minutes the whole command warns.
    minimumLifetimeSeconds: 301,
  })
  const cached = await new TokenCache(profile.name, host, { ...silentVoice, warn: giveUp }).read()
  const found = findAccessToken(cached, request, host.now())
  return found && { text: `${found.token}\n`, exitCode: 0 }
}

const spellings = {
  switches: { '-q': '--silent', '--silent': '--silent', '--no-interaction': '--no-interaction' },
  valued: { '-p': '--profile', '--profile': '--profile', '-s': '--scope', '--scope': '--scope' },
}

async function recordNamedBy(name: string | undefined, host: PlainHost): Promise<ProfileRecord | undefined> {
  // Nothing is started here, from which variables were to be hidden.
  const { files, configDirectory } = host
  const found = await findProfile(name ?? 'default', { files, configDirectory, hideFromChildren: () => {} })
  return 'record' in found ? found.record : chooseRecord(found.profiles, name)
}

/** Not where somebody watches or a token is not to be shown, nor where a person could be asked for what opens the vault. */
function canBePlain(isSilent: boolean, { terminal, env }: PlainHost): boolean {
  if (isRedactionOn(env) || (!isSilent && isAgentAtWork(env))) return false
  return !terminal.stdout.isTerminal && (isSilent || !terminal.stderr.isTerminal)
}

/**
 * Whether what opens the vault can be had once more by the whole command: a descriptor or a pipe is read once. And nobody
 * waits for a passphrase's derivation twice.
 */
async function isKeyAtHand(host: PlainHost): Promise<boolean> {
  const { env, files } = host
  if (
    env['ENTRA_AUTH_CLI_KEY_FD'] ||
    env['ENTRA_AUTH_CLI_PASSPHRASE'] ||
    env['ENTRA_AUTH_CLI_PASSPHRASE_FILE']
  )
    return false
  // Who reads without a vault would make one.
  if ((await files.look(vaultPath(host))) === undefined) return false
  const keyFile = env['ENTRA_AUTH_CLI_KEY_FILE'] || undefined
  return keyFile === undefined || (await files.look(keyFile))?.kind === 'file'
}

/** A warning is for the whole command to give. */
function giveUp(text: string): never {
  throw new EntraAuthError('general', text)
}
