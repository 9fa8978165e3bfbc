/** The stand-ins take what Microsoft's own library sends, so that they demand what the real endpoints do and no more. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { HttpRequest } from '../../../../src/core/ports.ts'
import {
  appService,
  appServiceEnv,
  arcEnv,
  assigned,
  azureArc,
  cloudShell,
  cloudShellEnv,
  imds,
  machineLearning,
  machineLearningEnv,
  serviceFabric,
  serviceFabricEnv,
  vaultApi,
  type StandIn,
} from '../../../support/managed-identity/stand-ins.ts'

const run = promisify(execFile)

/** MSAL keeps the first endpoint it found for the life of a process, so each request needs one of its own. */
const program = `
  import { ManagedIdentityApplication } from '@azure/msal-node'
  const [identity, resource] = JSON.parse(process.argv[1])
  const report = (method) => async (url, options) => {
    process.stdout.write(JSON.stringify({ method, url, headers: options.headers, body: options.body }))
    process.exit(0)
  }
  const networkClient = { sendGetRequestAsync: report('GET'), sendPostRequestAsync: report('POST') }
  const application = new ManagedIdentityApplication({
    managedIdentityIdParams: identity,
    system: { networkClient, disableInternalRetries: true },
  })
  await application.acquireToken({ resource })
`

async function requestOfMsal(env: object, identity: object): Promise<HttpRequest> {
  const words = ['--input-type=module', '-e', program, JSON.stringify([identity, vaultApi])]
  const { stdout } = await run(process.execPath, words, { env: { PATH: process.env['PATH'], ...env } })
  return JSON.parse(stdout) as HttpRequest
}

const by = {
  system: {},
  clientId: { userAssignedClientId: assigned.clientId },
  objectId: { userAssignedObjectId: assigned.objectId },
  resourceId: { userAssignedResourceId: assigned.resourceId },
}

it.each<[string, StandIn, object, keyof typeof by, number]>([
  ['the metadata service', imds(), {}, 'system', 200],
  ['the metadata service', imds(), {}, 'clientId', 200],
  ['the metadata service', imds(), {}, 'objectId', 200],
  ['the metadata service', imds(), {}, 'resourceId', 200],
  ['App Service', appService(), appServiceEnv, 'system', 200],
  ['App Service', appService(), appServiceEnv, 'resourceId', 200],
  ['Machine Learning', machineLearning(), machineLearningEnv, 'system', 200],
  ['Cloud Shell', cloudShell(), cloudShellEnv, 'system', 200],
  ['Service Fabric', serviceFabric(), serviceFabricEnv, 'system', 200],
  ['Azure Arc, which challenges it', azureArc(), arcEnv, 'system', 401],
  ['Azure Arc, which challenges it', azureArc(), arcEnv, 'resourceId', 401],
])('%s (%#)', async (_place, standIn, env, identity, status) => {
  expect(standIn(await requestOfMsal(env, by[identity]))).toMatchObject({ status })
})
