/** Hosts with profiles, as `profiles.json` would hold them. */
import { configDirectory, memoryHost, type MemoryHost, type MemoryHostOptions } from './memory-host.ts'

export const tenantId = '11111111-1111-4111-8111-111111111111'
export const clientId = '22222222-2222-4222-8222-222222222222'
export const profilesPath = `${configDirectory}/profiles.json`
export const vaultPath = `${configDirectory}/vault.json`

/** A record as the file holds it; the fields given replace or add to those of a public client called `work`. */
export function recordOf(fields: object = {}): Record<string, unknown> {
  return { name: 'work', tenantId, clientId, scopes: ['https://graph.microsoft.com/User.Read'], ...fields }
}

/** An app with its secret in `AZURE_CLIENT_SECRET`. */
export const daemon = {
  name: 'ci',
  authMethod: 'ClientSecret',
  scopes: ['https://graph.microsoft.com/.default'],
}

export function hostWith(records: readonly object[], options: MemoryHostOptions = {}): MemoryHost {
  return memoryHost({
    stdin: '',
    ...options,
    files: { [profilesPath]: JSON.stringify({ profiles: records.map(recordOf) }), ...options.files },
  })
}
