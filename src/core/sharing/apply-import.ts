import { EntraAuthError } from '../../errors.ts'
import type { Host } from '../ports.ts'
import type { ProfileFile } from '../profiles/profile-file.ts'
import { loadProfiles, profilesLock, profilesPath } from '../profiles/profile-store.ts'
import { profileKey } from '../profiles/profile.ts'
import { textField, type ProfileRecord } from '../profiles/record-fields.ts'
import { TokenCache, type CacheHost } from '../token-cache.ts'
import { secretPath, type SecretKind } from '../vault/secrets.ts'
import { openVault, type Vault } from '../vault/vault.ts'
import type { Voice } from '../voice.ts'
import {
  nameOf,
  planImport,
  replacing,
  type ImportPlan,
  type ImportStep,
  type Resolution,
} from './plan-import.ts'
import type { SharedProfile } from './shared-profile.ts'

type ImportHost = CacheHost & Pick<Host, 'now' | 'hideFromChildren'>
type Resolve = (name: string) => Resolution | undefined

/** What an import would do now. Writes nothing. */
export async function previewImport(
  host: Pick<ImportHost, 'files' | 'configDirectory' | 'hideFromChildren'>,
  incoming: readonly SharedProfile[],
  resolve: Resolve,
): Promise<ImportPlan> {
  return planned(await loadProfiles(host), host, incoming, resolve)
}

/**
 * Imports profiles, all of them or none: secrets are sealed first, then the profiles are written as one, and what was
 * sealed is taken back where that fails. The cached tokens of a profile that changed go.
 * @returns what was done
 * @throws EntraAuthError `invalid_arguments` naming every profile that exists and for which nobody said what to do
 */
export async function applyImport(
  host: ImportHost,
  incoming: readonly SharedProfile[],
  resolve: Resolve,
  voice: Voice,
): Promise<readonly ImportStep[]> {
  // Opening the vault may be slow or fail: before the lock, and before anything is changed.
  const hasSecret = incoming.some(({ secrets }) =>
    Object.values(secrets).some((secret) => secret !== undefined),
  )
  const vault = hasSecret ? await openVault(host, voice) : undefined
  const steps = await host.files.locked(profilesLock(host), async () => {
    const profiles = await loadProfiles(host)
    const plan = await planned(profiles, host, incoming, resolve)
    if (plan.conflicts.length > 0) throw namesTaken(plan.conflicts)
    const changing = plan.steps.filter(isChange)
    if (changing.length > 0) await writeAll(host, vault, profiles, changing)
    return plan.steps
  })
  for (const { name } of steps.filter(isChange)) await new TokenCache(name, host, voice).clear()
  return steps
}

type Change = Extract<ImportStep, { kind: 'add' | 'replace' }>

export function isChange(step: ImportStep): step is Change {
  return step.kind === 'add' || step.kind === 'replace'
}

async function planned(
  profiles: ProfileFile,
  host: Pick<ImportHost, 'files' | 'configDirectory'>,
  incoming: readonly SharedProfile[],
  resolve: Resolve,
): Promise<ImportPlan> {
  const names = new Map(profiles.records.map((record) => [profileKey(nameOf(record)), nameOf(record)]))
  const kept = new Map<string, readonly SecretKind[]>()
  for (const { record } of incoming) {
    const name = names.get(profileKey(nameOf(record)))
    if (name !== undefined) kept.set(name, await keptSecrets(host, name))
  }
  const present = { records: profiles.records, keptSecrets: (name: string) => kept.get(name) ?? [] }
  return planImport(present, incoming, resolve)
}

const kinds = ['client-secret', 'certificate-password'] as const satisfies readonly SecretKind[]

async function keptSecrets(
  host: Pick<ImportHost, 'files' | 'configDirectory'>,
  name: string,
): Promise<readonly SecretKind[]> {
  const looks = kinds.map(async (kind) =>
    (await host.files.look(secretPath(host, name, kind))) ? [kind] : [],
  )
  return (await Promise.all(looks)).flat()
}

/** Only under the lock of the profiles. */
async function writeAll(
  host: ImportHost,
  vault: Vault | undefined,
  profiles: ProfileFile,
  changes: readonly Change[],
): Promise<void> {
  const before = new Map<string, Buffer | undefined>()
  try {
    for (const change of changes) await sealSecrets(host, vault, change, before)
    const now = host.now().toISOString()
    const records = changes.map((change) => writtenRecord(change, profiles, now))
    await host.files.write(profilesPath(host), profiles.withAll(records).toText())
  } catch (error) {
    for (const [path, content] of before) {
      await (content === undefined ? host.files.remove(path) : host.files.write(path, content))
    }
    throw error
  }
}

/** @param before is told what a file held, to put it back */
async function sealSecrets(
  host: ImportHost,
  vault: Vault | undefined,
  { name, profile, fates }: Change,
  before: Map<string, Buffer | undefined>,
): Promise<void> {
  for (const kind of kinds) {
    if (fates[kind] === 'kept') continue
    const path = secretPath(host, name, kind)
    before.set(path, await host.files.read(path))
    const secret = profile.secrets[kind]
    // Also where there should be none: what a deleted profile left behind is not the secret of a new one.
    await (secret === undefined ? host.files.remove(path) : vault?.write(path, secret))
  }
}

function writtenRecord(change: Change, profiles: ProfileFile, now: string): ProfileRecord {
  const { record } = change.profile
  if (change.kind === 'add') return { ...record, createdAt: now, updatedAt: now }
  const old = profiles.find(change.name)
  const createdAt = (old && textField(old, 'createdAt')) ?? now
  return { ...replacing(change.old, record), createdAt, updatedAt: now }
}

function namesTaken(names: readonly string[]): EntraAuthError {
  const quoted = names.map((name) => `"${name}"`).join(', ')
  const fact = names.length === 1 ? `profile ${quoted} exists already` : `profiles ${quoted} exist already`
  return new EntraAuthError('invalid_arguments', fact, {
    hint: 'nothing was changed; add --overwrite, --skip or --rename, or see with --dry-run what would change',
  })
}
