import { EntraAuthError } from '../../errors.ts'
import { parseFlow } from '../flows/flow.ts'
import type { Host } from '../ports.ts'
import { TokenCache, type CacheHost } from '../token-cache.ts'
import { secretKinds, secretPath, type Secrets } from '../vault/secrets.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import type { Voice } from '../voice.ts'
import { checkedProfile } from './create-profile.ts'
import { credentialFields, fieldsOfCredentials } from './credential-record.ts'
import { checkProfileName, profileFileName, type Credential, type Profile } from './profile.ts'
import type { ProfileFile } from './profile-file.ts'
import { readProfile } from './profile-record.ts'
import { loadProfiles, profilesLock, profilesPath, recordNamed } from './profile-store.ts'
import { textField, valueOf, withFields, type ProfileField, type ProfileRecord } from './record-fields.ts'

/** Fields of a record with their new values; undefined takes one away. */
export type FieldChanges = Readonly<Partial<Record<ProfileField, unknown>>>

/** What is to be different of a profile. Whatever it does not name stays as it is. */
export interface ProfileEdit {
  /** The new name; its secrets and cached tokens move with it. */
  readonly rename?: string
  readonly fields: FieldChanges
  /** Every secret it has from then on; undefined leaves those it has. */
  readonly secrets?: Secrets
}

export interface EditedProfile {
  readonly profile: Profile
  /** False where it was so already, and nothing was written. */
  readonly isChanged: boolean
  /** Whether a secret it had is gone and no other of its kind took its place. */
  readonly lostSecret: boolean
  /** Whether cached tokens are gone: they were got by another app or with another credential. */
  readonly signedOut: boolean
}

type EditHost = CacheHost & Pick<Host, 'now' | 'hideFromChildren'>

/** What changing the credential changes in a record: all that told of the old one goes. */
export function credentialChanges(credential: Credential, record: ProfileRecord): FieldChanges {
  const isManaged = credential.kind === 'managed-identity'
  const flow = flowOf(record)
  const isForOther = flow !== undefined && (flow === 'managed-identity') !== isManaged
  return {
    ...Object.fromEntries(fieldsOfCredentials.map((field) => [field, undefined])),
    ...credentialFields(credential),
    // An app's client id beside a managed identity would be taken for the identity's.
    ...(isManaged && { tenantId: undefined, clientId: undefined }),
    ...(isForOther && { defaultFlow: undefined }),
  }
}

function flowOf(record: ProfileRecord): string | undefined {
  try {
    return parseFlow(textField(record, 'defaultFlow') ?? '')
  } catch {
    return undefined
  }
}

/** The record after an edit. Unknown fields stay, and so does the time it was made. */
export function editedRecord(record: ProfileRecord, edit: ProfileEdit, now: Date): ProfileRecord {
  const rename = edit.rename === undefined ? {} : { name: edit.rename }
  return withFields(record, { ...edit.fields, ...rename, updatedAt: now.toISOString() })
}

/**
 * Changes a profile as it is at that moment, so that edits of different fields by several processes are all kept. Its
 * secrets and tokens follow it; those that belonged to another credential or app are removed.
 * @param seen the record that a person looked at when they chose; a field they changed that is another one by now is an
 *   error. Without it what is asked for wins.
 * @throws EntraAuthError `profile_not_found`; `invalid_arguments` for what would be no usable profile, and for a name
 *   that is taken; `general` where it was changed meanwhile. Then nothing was changed.
 */
export async function editProfile(
  host: EditHost,
  name: string,
  edit: ProfileEdit,
  voice: Voice,
  seen?: ProfileRecord,
): Promise<EditedProfile> {
  planned(await loadProfiles(host), name, edit, host.now(), seen)
  // Opening the vault may be slow or fail: before the lock, and before anything is changed.
  const vault = (await needsVault(host, name, edit)) ? await openVault(host, voice) : undefined
  const { plan, lostSecret } = await host.files.locked(profilesLock(host), async () => {
    const profiles = await loadProfiles(host)
    const plan = planned(profiles, name, edit, host.now(), seen)
    if (!plan.isChanged) return { plan, lostSecret: false }
    return { plan, lostSecret: await writeAll(host, vault, profiles, plan, edit.secrets) }
  })
  const signedOut = await followTokens(host, plan, voice, vault)
  return { profile: plan.profile, isChanged: plan.isChanged, lostSecret, signedOut }
}

interface Plan {
  readonly old: ProfileRecord
  readonly changed: ProfileRecord
  readonly oldName: string
  readonly profile: Profile
  readonly isChanged: boolean
  readonly keepsTokens: boolean
}

function planned(
  profiles: ProfileFile,
  name: string,
  edit: ProfileEdit,
  now: Date,
  seen: ProfileRecord | undefined,
): Plan {
  const old = recordNamed(profiles, name)
  const oldName = textField(old, 'name') ?? name
  refuseNamesakes(profiles, oldName)
  if (edit.rename !== undefined) refuseName(profiles, edit.rename, old)
  if (seen) refuseOvertaken(seen, old, edit.fields, oldName)
  const changed = editedRecord(old, edit, now)
  return {
    old,
    changed,
    oldName,
    profile: checkedProfile(changed),
    isChanged: edit.secrets !== undefined || !isSame(old, changed),
    keepsTokens: edit.secrets === undefined && isSameApp(old, changed),
  }
}

/** Two that share their secrets and tokens cannot be changed apart. */
function refuseNamesakes(profiles: ProfileFile, name: string): void {
  const [one, other] = profiles.namesakes(name).map((record) => textField(record, 'name'))
  if (other === undefined) return
  throw new EntraAuthError('invalid_arguments', `there are two profiles, "${one}" and "${other}"`, {
    hint: `names that differ only in case are one; delete one with "entra-auth-cli config delete ${other}", or rename it in profiles.json`,
  })
}

function refuseName(profiles: ProfileFile, name: string, own: ProfileRecord): void {
  checkProfileName(name)
  const taken = profiles.find(name)
  if (taken === undefined || taken === own) return
  throw new EntraAuthError('invalid_arguments', `profile "${textField(taken, 'name')}" exists already`, {
    hint: 'take another name',
  })
}

function refuseOvertaken(seen: ProfileRecord, now: ProfileRecord, fields: FieldChanges, name: string): void {
  const overtaken = (Object.keys(fields) as readonly ProfileField[]).filter((field) => {
    const present = JSON.stringify(valueOf(now, field))
    return present !== JSON.stringify(valueOf(seen, field)) && present !== JSON.stringify(fields[field])
  })
  if (overtaken.length === 0) return
  const facts = overtaken.map(
    (field) => `${field} is ${JSON.stringify(valueOf(now, field)) ?? 'gone'} by now`,
  )
  throw new EntraAuthError('general', `"${name}" changed meanwhile: ${facts.join(', ')}`, {
    hint: 'look at what it is now, then change it again',
  })
}

function isSame(old: ProfileRecord, changed: ProfileRecord): boolean {
  const [one, other] = [old, changed].map((record) =>
    JSON.stringify(withFields(record, { updatedAt: undefined })),
  )
  return one === other
}

/** Whether the tokens of one are tokens of the other: the same app, proving itself in the same way. */
function isSameApp(old: ProfileRecord, changed: ProfileRecord): boolean {
  try {
    const [one, other] = [readProfile(old), readProfile(changed)].map(
      ({ tenantId, clientId, authority, credential }) =>
        JSON.stringify({ tenantId, clientId, authority, credential }),
    )
    return one === other
  } catch (error) {
    if (error instanceof EntraAuthError) return false
    throw error
  }
}

async function needsVault(host: EditHost, name: string, { rename, secrets }: ProfileEdit): Promise<boolean> {
  if (Object.values(secrets ?? {}).some((secret) => secret !== undefined)) return true
  if (rename === undefined || profileFileName(rename) === profileFileName(name) || secrets) return false
  const looks = secretKinds.map((kind) => host.files.look(secretPath(host, name, kind)))
  return (await Promise.all(looks)).some((entry) => entry !== undefined)
}

/**
 * Writes secrets and the record; if anything fails, all is as before. Only under the lock of the profiles.
 * @returns whether a secret is gone and none took its place
 */
async function writeAll(
  host: EditHost,
  vault: Vault | undefined,
  profiles: ProfileFile,
  { old, changed, oldName, profile }: Plan,
  secrets: Secrets | undefined,
): Promise<boolean> {
  const before = new Map<string, Buffer | undefined>()
  const replace = async (path: string, secret: string | Buffer | undefined) => {
    before.set(path, await host.files.read(path))
    await (secret === undefined ? host.files.remove(path) : vault?.write(path, secret))
  }
  const isMoved = profileFileName(oldName) !== profileFileName(profile.name)
  let lostSecret = false
  try {
    for (const kind of secretKinds) {
      const [from, to] = [secretPath(host, oldName, kind), secretPath(host, profile.name, kind)]
      const hadOne = (await host.files.look(from)) !== undefined
      const secret = secrets ? secrets[kind] : isMoved ? await openedSecret(vault, from) : undefined
      if (secrets || isMoved) await replace(to, secret)
      if (isMoved && hadOne) await replace(from, undefined)
      lostSecret ||= secrets !== undefined && hadOne && secret === undefined
    }
    await host.files.write(profilesPath(host), profiles.replacing(old, changed).toText())
    return lostSecret
  } catch (error) {
    for (const [path, content] of before)
      await (content === undefined ? host.files.remove(path) : host.files.write(path, content))
    throw error
  }
}

/** A sealed file opens under no other name than its own, so what moves is sealed anew. */
async function openedSecret(vault: Vault | undefined, path: string): Promise<Buffer | undefined> {
  const opened = await vault?.read(path)
  if (opened === undefined) return undefined
  if (opened.ok) return opened.content
  throw new EntraAuthError('store_unavailable', `"${path}" does not open (${opened.damage})`, {
    hint: 'give the secret anew in the same command; nothing was changed',
  })
}

/** @returns whether there were tokens, and they are gone */
async function followTokens(host: EditHost, plan: Plan, voice: Voice, vault?: Vault): Promise<boolean> {
  const { oldName, profile, keepsTokens, isChanged } = plan
  if (!isChanged) return false
  const from = new TokenCache(oldName, host, voice, vault)
  if (!keepsTokens) return from.clear()
  if (profileFileName(oldName) === profileFileName(profile.name)) return false
  const tokens = await from.read()
  // What an earlier profile of the new name left behind is nobody's now.
  const to = new TokenCache(profile.name, host, voice, vault)
  await to.clear()
  if (tokens.msalText !== '') await to.change(() => tokens)
  await from.clear()
  return false
}
