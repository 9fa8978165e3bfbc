// Prints two times in milliseconds: of loading the vault's modules, and of opening the vault and reading a sealed file.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (path) => import(pathToFileURL(resolve('dist/src', path)).href)

const { createHost } = await load('platform/host.js')
const { silentVoice } = await load('core/voice.js')
const host = createHost(process)
const path = resolve(host.cacheDirectory, 'entra-auth-cli.job.bin')

const began = performance.now()
const { openVault } = await load('core/vault/vault.js')
const loaded = performance.now()
const opened = await (await openVault(host, silentVoice)).read(path)
const done = performance.now()
if (!opened?.ok) throw new Error(`"${path}" does not open`)
console.log(loaded - began, done - loaded)
