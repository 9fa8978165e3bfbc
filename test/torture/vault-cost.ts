/** Prints two times in milliseconds: of loading the vault's modules, and of opening the vault and reading a sealed file. */
import { resolve } from 'node:path'
import { silentVoice } from '../../src/core/voice.ts'
import { createHost } from '../../src/platform/host.ts'

async function measure(): Promise<string> {
  const host = createHost(process)
  const path = resolve(host.cacheDirectory, 'entra-auth-cli.job.bin')
  const began = performance.now()
  const { openVault } = await import('../../src/core/vault/vault.ts')
  const loaded = performance.now()
  const opened = await (await openVault(host, silentVoice)).read(path)
  const done = performance.now()
  if (!opened?.ok) throw new Error(`"${path}" does not open`)
  return `${loaded - began} ${done - loaded}\n`
}

void measure().then((times) => process.stdout.write(times))
