/** What children of these tests do that no command does: the build packs it into build/doors.js for them. */
export { createHost } from '../../src/platform/host.ts'
export { openVault } from '../../src/core/vault/vault.ts'
export { TokenCache } from '../../src/core/token-cache.ts'
export { readSecret, writeSecret } from '../../src/core/vault/secrets.ts'
export { changeProfiles } from '../../src/core/profiles/profile-store.ts'
export { silentVoice } from '../../src/core/voice.ts'
