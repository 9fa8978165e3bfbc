import type { Host } from '../ports.ts'
import { textField, type ProfileRecord } from '../profiles/record-fields.ts'
import { readSecret, type Secrets } from '../vault/secrets.ts'
import type { VaultHost } from '../vault/vault.ts'
import type { Voice } from '../voice.ts'
import type { SharedProfile } from './shared-profile.ts'

/**
 * Records with the secrets that are sealed beside them: client secrets and certificates' passwords, never a token.
 * @throws EntraAuthError `store_unavailable` where one is kept and cannot be opened
 */
export async function withSecrets(
  records: readonly ProfileRecord[],
  host: VaultHost & Pick<Host, 'files'>,
  voice: Voice,
): Promise<readonly SharedProfile[]> {
  const profiles: SharedProfile[] = []
  for (const record of records) profiles.push({ record, secrets: await secretsOf(record, host, voice) })
  return profiles
}

async function secretsOf(record: ProfileRecord, host: VaultHost, voice: Voice): Promise<Secrets> {
  const name = textField(record, 'name') ?? ''
  return {
    'client-secret': await readSecret(host, name, 'client-secret', voice),
    'certificate-password': await readSecret(host, name, 'certificate-password', voice),
  }
}
