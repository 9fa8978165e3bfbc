import { isAgentAtWork, isRedactionOn } from '../core/agent-environment.ts'
import { findAccessToken } from '../core/find-access-token.ts'
import type { Host } from '../core/ports.ts'
import { readProfile } from '../core/profiles/profile-record.ts'
import { chooseRecord, findProfile } from '../core/profiles/profile-store.ts'
import type { ProfileRecord } from '../core/profiles/record-fields.ts'
import { parseScopes } from '../core/scopes.ts'
import { TokenCache } from '../core/token-cache.ts'
import { tokenRequest } from '../core/token-request.ts'
import { silentVoice } from '../core/voice.ts'
import { EntraAuthError } from '../errors.ts'

/**
 * What scripts call all day: `get-token -p NAME`, into a pipe, answered from the cache. It is answered here with a tenth
 * of the program. Whatever is not as plain as that, wrong or not cached is undefined, and the whole command answers as
 * if nobody had tried: this says nothing, asks nobody and changes nothing.
 */
export async function plainToken(words: readonly string[], host: Host): Promise<string | undefined> {
  const plain = readPlainWords(words)
  if (!plain || !canBePlain(plain, host)) return undefined
  try {
    const record = await recordNamedBy(
      plain.profile ?? (host.env['ENTRA_AUTH_CLI_PROFILE'] || undefined),
      host,
    )
    if (!record) return undefined
    const profile = readProfile(record)
    const scopes = parseScopes(plain.scopes)
    // Commas alone are an error, not the profile's own scopes.
    if (plain.scopes.length > 0 && scopes.length === 0) return undefined
    const request = tokenRequest(profile, {
      ...(scopes.length > 0 && { scopes }),
      // At five minutes the whole command warns.
      minimumLifetimeSeconds: 301,
    })
    const cached = await new TokenCache(profile.name, host, { ...silentVoice, warn: giveUp }).read()
    return findAccessToken(cached, request, host.now())?.token
  } catch {
    // A defect too: the whole command meets it again, and says it as it says defects.
    return undefined
  }
}

async function recordNamedBy(name: string | undefined, host: Host): Promise<ProfileRecord | undefined> {
  const found = await findProfile(name ?? 'default', host)
  return 'record' in found ? found.record : chooseRecord(found.profiles, name)
}

/** A command line that asks for nothing but a token. */
interface PlainWords {
  readonly profile: string | undefined
  readonly scopes: readonly string[]
  readonly silent: boolean
}

/** @returns undefined for any other command line; whether it is a good one is not for here to say */
export function readPlainWords(words: readonly string[]): PlainWords | undefined {
  const [command, ...flags] = words
  if (command !== 'get-token') return undefined
  let profile: string | undefined
  let silent = false
  const scopes: string[] = []
  for (let index = 0; index < flags.length; index++) {
    const flag = flags[index]
    if (flag === '-q' || flag === '--silent') silent = true
    else if (flag !== '--no-interaction') {
      const value = flags[++index]
      if (!value?.trim() || value.startsWith('-')) return undefined
      if (flag === '-p' || flag === '--profile') profile = value
      else if (flag === '-s' || flag === '--scope') scopes.push(value)
      else return undefined
    }
  }
  return { profile, scopes, silent }
}

/** Not where somebody watches or a token is not to be shown, nor where a person could be asked for what opens the vault. */
function canBePlain({ silent }: PlainWords, { terminal, env }: Host): boolean {
  if (isRedactionOn(env) || (!silent && isAgentAtWork(env))) return false
  return !terminal.stdout.isTerminal && (silent || !terminal.stderr.isTerminal)
}

/** A warning is for the whole command to give. */
function giveUp(text: string): never {
  throw new EntraAuthError('general', text)
}
