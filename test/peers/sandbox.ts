/** The sandbox as the peers meet it: Microsoft's host names on a free port, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Directory } from '../../sandbox/directory.ts'
import { seedApps, seedDirectory, type SeedContext } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'

export const microsoftHosts = [
  'login.microsoftonline.com',
  'graph.microsoft.com',
  'graph.windows.net',
  'management.azure.com',
]

/** Azure CLI's own registration, which every tenant has from Microsoft. */
export const azureCliAppId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

/** The seed, with Azure CLI registered and permitted to reach Azure Resource Manager. */
function directoryWithAzureCli(context: SeedContext): Directory {
  const directory = seedDirectory(context)
  const desktop = directory.apps.find(({ appId }) => appId === seedApps.desktop)
  if (!desktop) throw new Error('the seed has no desktop app to model Azure CLI on')
  const azureCli = {
    ...desktop,
    appId: azureCliAppId,
    objectId: azureCliAppId,
    displayName: 'Microsoft Azure CLI',
  }
  return { ...directory, apps: [...directory.apps, azureCli] }
}

/** Starts one; closing it removes its folder too. */
export async function startPeerSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const sandbox = await startSandbox({
    folder,
    port: 0,
    hostNames: microsoftHosts,
    seed: directoryWithAzureCli,
  })
  return {
    ...sandbox,
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How many token requests of one grant the sandbox has answered. */
export function tokenRequests(sandbox: Sandbox, grantType?: string): number {
  return sandbox.requests.filter(
    (request) => request.path.endsWith('/token') && (!grantType || request.grantType === grantType),
  ).length
}
