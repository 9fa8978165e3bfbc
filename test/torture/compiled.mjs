// The built program's own modules, for children that do with them what commands do.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (path) => import(pathToFileURL(resolve('dist/src', path)).href)

export const { createHost } = await load('platform/host.js')
export const { openVault } = await load('core/vault/vault.js')
export const { TokenCache } = await load('core/token-cache.js')
export const { readSecret, writeSecret } = await load('core/vault/secrets.js')
export const { changeProfiles } = await load('core/profiles/profile-store.js')
export const { silentVoice } = await load('core/voice.js')
