import type { Host } from '../ports.ts'
import { secureFolder } from '../vault/vault-file.ts'
import type { Voice } from '../voice.ts'
import type { Finding } from './check.ts'
import { keychainFinding } from './keychain-check.ts'
import { keyFileFindings, lockFindings, temporaryFileFindings } from './leftovers.ts'
import { permissionFindings } from './permissions.ts'
import { sealedFileFindings } from './sealed-check.ts'
import { spaceFinding, storeFindings } from './store-check.ts'
import { activePlace, lookAtVault, migrationFinding, vaultFinding, type VaultSight } from './vault-check.ts'

/**
 * Whether secrets and tokens can be stored and read. Makes neither a vault nor a folder.
 * @returns the findings, and the vault for those who look at the profiles
 */
export async function checkStorage(
  host: Host,
  fix: boolean,
  voice: Voice,
): Promise<{ readonly findings: readonly Finding[]; readonly sight: VaultSight }> {
  // Before the vault is opened, for a key file that others can read does not open.
  const permissions = await permissionFindings(host, fix)
  // Before anything is written, for a writer takes over the locks of the dead.
  const locks = await lockFindings(host)
  const sight = await lookAtVault(host, voice)
  const place = activePlace(sight)
  const isNeeded = place === 'keychain'
  // After the vault was opened: a person may have unlocked it for that.
  const keychain = await host.keychain.state({ start: isNeeded })
  const folder = secureFolder(host)
  const findings = [
    vaultFinding(sight, keychain, host),
    ...migrationFinding(sight),
    await keychainFinding(host, keychain, {
      role: isNeeded ? 'needed' : place === 'key-file' ? 'better' : 'unused',
      attended: voice.attended,
    }),
    ...(await storeFindings(
      { name: 'secret-store', folder, variable: 'ENTRA_AUTH_CLI_CONFIG_DIR' },
      sight,
      host,
    )),
    ...(await storeFindings(
      { name: 'token-store', folder: host.cacheDirectory, variable: 'ENTRA_AUTH_CLI_CACHE_DIR' },
      sight,
      host,
    )),
    ...(await sealedFileFindings(sight, host)),
    ...permissions,
    ...(await keyFileFindings(sight, host)),
    // After the writing, which sweeps away what is old: what is still there then does not go by itself soon.
    ...(await temporaryFileFindings(host)),
    ...locks,
    ...(await spaceFinding(host.cacheDirectory, host)),
  ]
  return { findings, sight }
}
