import { EntraAuthError } from '../../errors.ts'
import { pascalName, type Flow } from '../flows/flow.ts'
import type { Host } from '../ports.ts'
import { TokenCache, type CacheHost } from '../token-cache.ts'
import { replaceSecrets, type Secrets } from '../vault/secrets.ts'
import { openVault } from '../vault/vault.ts'
import type { Voice } from '../voice.ts'
import { credentialFields } from './credential-record.ts'
import { checkProfileName, type Credential, type Profile } from './profile.ts'
import { readProfile } from './profile-record.ts'
import { textField, unknownFields, type ProfileField, type ProfileRecord } from './record-fields.ts'
import { changeProfiles, loadProfiles } from './profile-store.ts'

/** What a new profile is made of. Undefined fields take their defaults when it is used, and are not written. */
export interface ProfileDraft {
  readonly name: string
  /** Undefined for a managed identity, which has none; so is `clientId`. */
  readonly tenantId: string | undefined
  readonly clientId: string | undefined
  readonly scopes: readonly string[]
  readonly credential: Credential
  /** What is sealed beside it: the client secret, or the certificate's password. */
  readonly secrets: Secrets
  readonly defaultFlow: Flow | undefined
  readonly authority: string | undefined
  readonly cloud: string | undefined
  readonly graphUrl: string | undefined
  readonly caFile: string | undefined
  readonly redirectUri: string | undefined
  readonly clientCapabilities: readonly string[]
}

type CreateHost = CacheHost & Pick<Host, 'now' | 'hideFromChildren'>

/**
 * Makes a profile: its secret is sealed, the rest is written to `profiles.json`. One that is replaced loses its old
 * secrets and its cached tokens, but not before the new ones are ready to be kept.
 * @throws EntraAuthError `invalid_arguments` for bad fields, a bad name or one that is taken
 */
export async function createProfile(
  host: CreateHost,
  draft: ProfileDraft,
  options: { readonly overwrite: boolean },
  voice: Voice,
): Promise<Profile> {
  checkProfileName(draft.name)
  const record = recordOf(draft, host.now())
  const profile = checkedProfile(record)
  if (!options.overwrite) await refuseTakenName(host, draft.name)

  // Opening the vault may be slow or fail: before the lock, and before anything is changed.
  const { secrets } = draft
  const hasSecret = Object.values(secrets).some((secret) => secret !== undefined)
  const vault = hasSecret ? await openVault(host, voice) : undefined
  await changeProfiles(host, async (profiles) => {
    const old = profiles.find(draft.name)
    if (old && !options.overwrite) throw nameTaken(draft.name)
    await replaceSecrets(host, vault, draft.name, secrets)
    const createdAt = (old && textField(old, 'createdAt')) ?? record['createdAt']
    return profiles.with({ ...(old && unknownFields(old)), ...record, createdAt })
  })
  await new TokenCache(draft.name, host, voice).clear()
  return profile
}

/** @throws EntraAuthError `invalid_arguments` that names everything that is missing or wrong at once */
export function checkedProfile(record: ProfileRecord): Profile {
  try {
    return readProfile(record)
  } catch (cause) {
    if (!(cause instanceof EntraAuthError)) throw cause
    // Here it is no profile that is wrong, but what was asked for.
    throw new EntraAuthError('invalid_arguments', cause.message, {
      hint: 'nothing was written; give these anew',
      cause,
    })
  }
}

/** @throws EntraAuthError `invalid_arguments` where a profile of that name exists */
export async function refuseTakenName(
  host: Pick<Host, 'files' | 'configDirectory' | 'hideFromChildren'>,
  name: string,
): Promise<void> {
  if ((await loadProfiles(host)).find(name)) throw nameTaken(name)
}

function nameTaken(name: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `profile "${name}" exists already`, {
    hint: 'take another name, or add --overwrite to replace it',
  })
}

/** The record as it is written: the field names and values the older tool of this name wrote. */
function recordOf(draft: ProfileDraft, now: Date): ProfileRecord {
  const fields = {
    name: draft.name,
    ...writtenFields(draft),
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** How the fields of a draft are written, but for its name. What is undefined there, or empty, is undefined here. */
export function writtenFields(draft: Partial<ProfileDraft>): Partial<Record<ProfileField, unknown>> {
  return {
    tenantId: draft.tenantId,
    clientId: draft.clientId,
    scopes: draft.scopes?.length ? draft.scopes : undefined,
    ...(draft.credential && credentialFields(draft.credential)),
    defaultFlow: draft.defaultFlow && pascalName(draft.defaultFlow),
    redirectUri: draft.redirectUri,
    cloud: draft.cloud,
    authority: draft.authority,
    graphUrl: draft.graphUrl,
    caFile: draft.caFile,
    clientCapabilities: draft.clientCapabilities?.length ? draft.clientCapabilities : undefined,
  }
}
