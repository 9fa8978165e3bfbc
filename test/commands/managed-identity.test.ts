import { beforeEach, describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../src/core/ports.ts'
import { EntraAuthError } from '../../src/errors.ts'
import {
  appService,
  appServiceEnv,
  arcEnv,
  arcKey,
  assigned,
  azureArc,
  cloudShell,
  cloudShellEnv,
  imds,
  imdsOrigin,
  machineLearning,
  machineLearningEnv,
  serviceFabric,
  serviceFabricEnv,
  vaultApi,
  type StandIn,
} from '../support/managed-identity/stand-ins.ts'
import { cacheDirectory, type MemoryHost, type MemoryHostOptions } from '../support/memory-host.ts'
import { hostWith } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const own = { name: 'vm', authMethod: 'ManagedIdentity', scopes: [`${vaultApi}/.default`] }
const bare = { tenantId: undefined, clientId: undefined }
const by = {
  system: {},
  'client id': { managedIdentityClientId: assigned.clientId },
  'object id': { managedIdentityObjectId: assigned.objectId },
  'resource id': { managedIdentityResourceId: assigned.resourceId },
} as const

let asked: HttpRequest[]
beforeEach(() => {
  asked = []
})

/** A machine with one profile of a managed identity, and what answers there. */
function machine(answer: StandIn, fields: object = {}, options: MemoryHostOptions = {}): MemoryHost {
  const http = (request: HttpRequest) => {
    asked.push(request)
    return answer(request)
  }
  return hostWith([{ ...bare, ...own, ...fields }], { http, ...options })
}

const linuxKey = { [arcKey.path]: arcKey.content }
const getToken = (host: MemoryHost, ...flags: string[]) =>
  runCommand(['get-token', '-p', 'vm', '--no-interaction', ...flags], host)

describe('a token of the managed identity', () => {
  it.each<[string, StandIn, object, MemoryHostOptions, string]>([
    ['a virtual machine', imds(), by.system, {}, 'imds.system'],
    ['a virtual machine', imds(), by['client id'], {}, 'imds.clientId'],
    ['a virtual machine', imds(), by['object id'], {}, 'imds.objectId'],
    ['a virtual machine', imds(), by['resource id'], {}, 'imds.resourceId'],
    ['App Service', appService(), by.system, { env: appServiceEnv }, 'app-service.system'],
    ['App Service', appService(), by['client id'], { env: appServiceEnv }, 'app-service.clientId'],
    ['App Service', appService(), by['object id'], { env: appServiceEnv }, 'app-service.objectId'],
    ['App Service', appService(), by['resource id'], { env: appServiceEnv }, 'app-service.resourceId'],
    ['Machine Learning', machineLearning(), by.system, { env: machineLearningEnv }, 'msi.clientId'],
    ['Machine Learning', machineLearning(), by['client id'], { env: machineLearningEnv }, 'msi.clientId'],
    [
      'Functions on Linux Consumption',
      machineLearning('system'),
      by.system,
      { env: { ...machineLearningEnv, DEFAULT_IDENTITY_CLIENT_ID: '' } },
      'msi.system',
    ],
    ['Cloud Shell', cloudShell(), by.system, { env: cloudShellEnv }, 'cloud-shell.user'],
    ['Service Fabric', serviceFabric(), by.system, { env: serviceFabricEnv }, 'service-fabric.system'],
    ['Azure Arc', azureArc(), by.system, { env: arcEnv, files: linuxKey }, 'arc.system'],
    ['Azure Arc', azureArc(), by['client id'], { env: arcEnv, files: linuxKey }, 'arc.clientId'],
    ['Azure Arc', azureArc(), by['object id'], { env: arcEnv, files: linuxKey }, 'arc.objectId'],
    ['Azure Arc', azureArc(), by['resource id'], { env: arcEnv, files: linuxKey }, 'arc.resourceId'],
    [
      'Azure Arc on Linux, which sets no variables',
      azureArc(),
      by.system,
      { files: { ...linuxKey, '/opt/azcmagent/bin/himds': 'program' } },
      'arc.system',
    ],
  ])('is had on %s (%#)', async (_place, answer, fields, options, token) => {
    const host = machine(answer, fields, options)
    expect(await getToken(host, '--json')).toBe(0)
    expect(JSON.parse(host.stdout())).toMatchObject({
      accessToken: token,
      tokenType: 'Bearer',
      expiresOn: '2026-01-31T11:00:00Z',
      scopes: [`${vaultApi}/.default`],
    })
  })

  it('is had on Azure Arc on Windows, with its own folder of keys', async () => {
    const key = 'C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens\\4f2a.key'
    const host = machine(
      azureArc({ challenge: `Basic realm=${key}` }),
      {},
      {
        env: { ...arcEnv, ProgramData: 'C:\\ProgramData', ProgramFiles: 'C:\\Program Files' },
        platform: 'win32',
        files: { [key]: arcKey.content },
      },
    )
    expect(await getToken(host)).toBe(0)
    expect(host.stdout()).toBe('arc.system\n')
  })

  it('comes with the thumbprint by which Service Fabric is known, and to the metadata service in two seconds', async () => {
    await getToken(machine(serviceFabric(), {}, { env: serviceFabricEnv }))
    await getToken(machine(imds()))
    expect(asked.map((request) => request.serverThumbprint)).toEqual(['a'.repeat(40), undefined])
    expect(asked.map((request) => request.connectMilliseconds)).toEqual([2000, 2000])
  })

  it('may be had over plain HTTP from a private address where App Service says so, and nobody else', async () => {
    await getToken(machine(appService(), {}, { env: appServiceEnv }))
    await getToken(machine(machineLearning(), {}, { env: machineLearningEnv }))
    await getToken(machine(serviceFabric(), {}, { env: serviceFabricEnv }))
    await getToken(machine(imds()))
    expect(asked.map((request) => request.mayBePrivate)).toEqual([true, true, undefined, undefined])
  })

  it('is kept, and the next call asks nobody', async () => {
    const host = machine(imds())
    await getToken(host)
    expect(await getToken(host)).toBe(0)
    expect(asked).toHaveLength(1)
    expect(host.stdout()).toBe('imds.system\nimds.system\n')
    expect(await getToken(host, '--force')).toBe(0)
    expect(asked).toHaveLength(2)
  })

  it('is another one when the profile names another identity', async () => {
    const host = machine(imds())
    await getToken(host)
    const files = Object.fromEntries([...host.fileMap].filter(([path]) => !path.endsWith('profiles.json')))
    const changed = machine(imds(), by['client id'], { files, keychain: host.keychain })
    expect([...changed.fileMap.keys()]).toContain(`${cacheDirectory}/entra-auth-cli.vm.bin`)
    expect(await getToken(changed)).toBe(0)
    expect(changed.stdout()).toBe('imds.clientId\n')
  })

  it('that lives a day is renewed at its half', async () => {
    const day = 24 * 3600
    const start = new Date('2026-01-31T10:00:00Z')
    const body = { access_token: 'long', token_type: 'Bearer', expires_on: start.getTime() / 1000 + day }
    const host = machine(() => ({ status: 200, headers: {}, body: JSON.stringify(body) }))
    await getToken(host)
    host.setNow(new Date(start.getTime() + 11 * 3_600_000))
    await getToken(host)
    expect(asked).toHaveLength(1)
    host.setNow(new Date(start.getTime() + 13 * 3_600_000))
    await getToken(host)
    expect(asked).toHaveLength(2)
  })

  it('tells no tenant, which no endpoint tells', async () => {
    const host = machine(imds())
    await getToken(host, '-o', 'json')
    await getToken(host, '-o', 'json')
    for (const text of host
      .stdout()
      .split(/(?<=^\})\n/m)
      .filter(Boolean)) {
      expect(JSON.parse(text)).not.toHaveProperty('tenant_id', expect.anything())
    }
  })

  it('by refresh is a new one', async () => {
    const host = machine(imds())
    await getToken(host)
    expect(await runCommand(['refresh', '-p', 'vm'], host)).toBe(0)
    expect(asked).toHaveLength(2)
  })
})

describe('the metadata service that updates itself', () => {
  const answers = (...statuses: number[]): StandIn => {
    const left = [...statuses]
    return (request) => {
      const status = left.shift()
      return status === undefined ? imds()(request) : { status, headers: {}, body: '' }
    }
  }

  it.each([
    ['404', answers(404, 404), 3, 3000],
    ['410', answers(410, 410, 410), 4, 30_000],
  ])('is asked again after %s', async (_status, answer, times, waited) => {
    const host = machine(answer)
    const before = host.now()
    expect(await getToken(host)).toBe(0)
    expect(asked).toHaveLength(times)
    expect(host.now().getTime() - before.getTime()).toBe(waited)
  })

  it('is not waited for where another cloud answers with a page', async () => {
    const page: HttpResponse = { status: 404, headers: {}, body: '<html>not found</html>' }
    const host = machine(() => page)
    expect(await getToken(host)).toBe(5)
    expect(asked).toHaveLength(1)
    expect(host.stderr()).toContain(
      "error: what answers at http://169.254.169.254 is no identity endpoint of Azure's (status 404)\n",
    )
  })
})

describe('what goes wrong', () => {
  const refused = new EntraAuthError('network', '169.254.169.254 cannot be reached (EHOSTUNREACH)')
  const late = new EntraAuthError('timeout', '169.254.169.254 took no connection within 2 s')
  const thrown =
    (error: Error): StandIn =>
    () => {
      throw error
    }
  const says =
    (status: number, body: object | string): StandIn =>
    () => ({ status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) })

  it.each<[string, StandIn, object, MemoryHostOptions, number, string, string]>([
    [
      'nobody is there',
      thrown(refused),
      {},
      {},
      5,
      'no managed identity answers at http://169.254.169.254: 169.254.169.254 cannot be reached (EHOSTUNREACH)',
      'it works only on an Azure machine or service that has one; elsewhere use another credential',
    ],
    [
      'nobody takes the connection',
      thrown(late),
      {},
      {},
      5,
      'no managed identity answers at http://169.254.169.254: 169.254.169.254 took no connection within 2 s',
      'it works only on an Azure machine or service that has one; elsewhere use another credential',
    ],
    [
      'nobody is where the variables lead',
      thrown(refused),
      {},
      { env: appServiceEnv },
      5,
      'no managed identity answers at http://localhost:41741: 169.254.169.254 cannot be reached (EHOSTUNREACH)',
      'App Service was expected there, as the variables of this machine say',
    ],
    [
      'the machine has no identity of its own',
      imds(imdsOrigin, 'none'),
      {},
      {},
      2,
      'the instance metadata service gives no token for the system-assigned managed identity: Identity not found (invalid_request)',
      'enable the system-assigned identity in the portal under Identity, or name a user-assigned one with "entra-auth-cli config create --managed-identity-client-id"',
    ],
    [
      'the identity is not assigned',
      imds(),
      { managedIdentityClientId: assigned.objectId },
      {},
      2,
      `the instance metadata service gives no token for the managed identity with client id ${assigned.objectId}: Identity not found (invalid_request)`,
      'look whether that identity is assigned to what this runs on: in the portal under Identity, User assigned',
    ],
    [
      'App Service says it in its own words',
      says(400, {
        statusCode: 400,
        message: 'No User Assigned Managed Identity found for specified ClientId.',
      }),
      {},
      { env: appServiceEnv },
      2,
      'App Service gives no token for the system-assigned managed identity: No User Assigned Managed Identity found for specified ClientId (400)',
      'enable the system-assigned identity',
    ],
    [
      'Service Fabric says it in its own words',
      says(404, { error: { code: 'ManagedIdentityNotFound', message: 'no identity', correlationId: 'x' } }),
      {},
      { env: serviceFabricEnv },
      2,
      'Service Fabric gives no token for the system-assigned managed identity: no identity (ManagedIdentityNotFound)',
      'enable the system-assigned identity',
    ],
    [
      'the endpoint fails',
      says(500, { error: 'unknown', error_description: 'Failed to retrieve token' }),
      {},
      {},
      5,
      'the instance metadata service failed: Failed to retrieve token (unknown)',
      'try again in a minute; look whether the identity is enabled where this runs',
    ],
    [
      'what answers speaks no JSON',
      says(200, 'hello'),
      {},
      { env: appServiceEnv },
      5,
      "what answers at http://localhost:41741 is no identity endpoint of Azure's (status 200)",
      'look at the variables that lead there; App Service was expected',
    ],
    [
      'the token is none',
      says(200, { access_token: 'a\nb', token_type: 'Bearer', expires_on: 1_769_857_200 }),
      {},
      {},
      5,
      "what answers at http://169.254.169.254 is no identity endpoint of Azure's (status 200)",
      'a managed identity works only on an Azure machine or service that has one',
    ],
    [
      'the token has no end',
      says(200, { access_token: 'a', token_type: 'Bearer' }),
      {},
      {},
      5,
      "what answers at http://169.254.169.254 is no identity endpoint of Azure's (status 200)",
      'a managed identity works only on an Azure machine or service that has one',
    ],
    [
      'Cloud Shell is asked for somebody else',
      cloudShell(),
      by['client id'],
      { env: cloudShellEnv },
      4,
      'Cloud Shell does not let this managed identity be chosen: its tokens are for who opened it',
      'make the profile anew with --managed-identity alone',
    ],
    [
      'Service Fabric is asked for one of several',
      serviceFabric(),
      by['resource id'],
      { env: serviceFabricEnv },
      4,
      'Service Fabric does not let this managed identity be chosen: its cluster decides which one there is',
      'make the profile anew with --managed-identity alone',
    ],
    [
      'Machine Learning is asked by another id',
      machineLearning(),
      by['object id'],
      { env: machineLearningEnv },
      4,
      'the MSI endpoint does not let this managed identity be chosen: it takes a client id alone',
      'make the profile anew with --managed-identity-client-id',
    ],
    [
      'a variable holds no address',
      imds(),
      {},
      { env: { IDENTITY_ENDPOINT: 'nowhere', IDENTITY_HEADER: 'c0de' } },
      4,
      'IDENTITY_ENDPOINT holds no http address',
      'Azure sets IDENTITY_ENDPOINT where it gives an identity; unset it elsewhere',
    ],
  ])('%s', async (_what, answer, fields, options, code, fact, hint) => {
    const host = machine(answer, fields, options)
    expect(await getToken(host)).toBe(code)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).toContain(`error: ${fact}\n`)
    expect(host.stderr()).toContain(`hint: ${hint}`)
  })

  it('with an AADSTS number is told as every other refusal of Entra', async () => {
    const error_description = 'AADSTS500011: The resource principal named https://nobody was not found.'
    const host = machine(says(400, { error: 'invalid_resource', error_description }))
    expect(await getToken(host)).toBe(2)
    expect(host.stderr()).toContain('AADSTS500011')
  })

  it.each([
    [['-s', 'https://vault.azure.net/user_impersonation'], 4, 'takes one scope that ends in "/.default"'],
    [['-s', 'a/.default b/.default'], 4, 'takes one scope that ends in "/.default"'],
    [['--tenant', 'contoso.com'], 4, 'a managed identity belongs to one tenant, which Azure chose'],
    [['-f', 'device-code'], 4, 'the flow device-code does not go with profile "vm"'],
  ])('%j is refused before anybody is asked', async (flags, code, fact) => {
    const host = machine(imds())
    expect(await getToken(host, ...flags)).toBe(code)
    expect(host.stderr()).toContain(fact)
    expect(asked).toEqual([])
  })

  it('is not handed out for another flow, though it is kept', async () => {
    const host = machine(imds())
    expect(await getToken(host)).toBe(0)
    expect(await getToken(host, '-f', 'client-credentials')).toBe(4)
    expect(host.stdout()).toBe('imds.system\n')
  })

  it('no other profile has that flow', async () => {
    const host = machine(imds(), {
      authMethod: 'ClientSecret',
      tenantId: 'contoso.com',
      clientId: assigned.clientId,
    })
    expect(await getToken(host, '-f', 'managed-identity')).toBe(4)
    expect(host.stderr()).toContain(
      'the flow managed-identity does not go with profile "vm", whose credential is',
    )
    expect(asked).toEqual([])
  })

  it('is over in time where the endpoint never answers', async () => {
    const host = hostWith([{ ...bare, ...own }], {
      http: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    expect(await getToken(host, '--timeout', '20ms')).toBe(6)
    expect(host.stderr()).toContain('error: the managed identity endpoint did not answer in time\n')
  })

  it('never shows the secret of the place', async () => {
    const env = { ...appServiceEnv, IDENTITY_HEADER: 'very-secret-code' }
    const host = machine(appService(), {}, { env })
    expect(await getToken(host, '--verbose')).toBe(2)
    expect(host.stdout() + host.stderr()).not.toContain('very-secret-code')
  })
})

describe('the challenge of the Azure Arc agent is not answered', () => {
  const folder = '/var/opt/azcmagent/tokens'
  it.each<[string, string, Record<string, string>, number, string]>([
    ['without a file', 'Negotiate', {}, 2, 'it names no key file'],
    [
      'with a file elsewhere',
      'Basic realm=/etc/shadow.key',
      { '/etc/shadow.key': 'x' },
      2,
      'not in its own folder',
    ],
    [
      'with a way out of the folder',
      `Basic realm=${folder}/../../etc/x.key`,
      { [`${folder}/../../etc/x.key`]: 'x' },
      2,
      'not in its own folder',
    ],
    [
      'with another kind of file',
      `Basic realm=${folder}/a.txt`,
      { [`${folder}/a.txt`]: 'x' },
      2,
      'is no key file',
    ],
    [
      'with a large file',
      `Basic realm=${folder}/a.key`,
      { [`${folder}/a.key`]: 'x'.repeat(4097) },
      2,
      'the key file it names is too large',
    ],
    [
      'with a file of several lines',
      `Basic realm=${folder}/a.key`,
      { [`${folder}/a.key`]: 'x\r\nHost: evil' },
      2,
      'the key file it names holds no key',
    ],
    [
      'with a folder',
      `Basic realm=${folder}/a.key`,
      { [`${folder}/a.key/x`]: 'x' },
      2,
      'what it names is no plain file',
    ],
    [
      'with a file that is not there',
      `Basic realm=${folder}/a.key`,
      {},
      1,
      `the key file "${folder}/a.key" of the Azure Arc agent cannot be read`,
    ],
  ])('%s', async (_what, challenge, files, code, fact) => {
    const host = machine(azureArc({ challenge }), {}, { env: arcEnv, files })
    expect(await getToken(host)).toBe(code)
    expect(host.stderr()).toContain(fact)
    expect(asked).toHaveLength(1)
  })

  it('where the system lets nobody read the key: who may is told', async () => {
    const host = machine(azureArc(), {}, { env: arcEnv, files: linuxKey })
    const unreadable = new EntraAuthError('file_unusable', `"${arcKey.path}" cannot be read: no permission`)
    const files = {
      ...host.files,
      read: async (path: string) => {
        if (path === arcKey.path) throw unreadable
        return host.files.read(path)
      },
    }
    expect(await getToken({ ...host, files })).toBe(1)
    expect(host.stderr()).toContain('run it as a member of the group himds: "sudo usermod -aG himds $USER"')
  })

  it('on macOS, where there is no agent', async () => {
    const host = machine(azureArc(), {}, { env: arcEnv, platform: 'darwin' })
    expect(await getToken(host)).toBe(2)
    expect(host.stderr()).toContain('there is no folder for its keys on darwin')
  })
})

it('a token of the Azure Arc agent that may be for another identity is not taken', async () => {
  const host = machine(azureArc({ names: false }), by['client id'], { env: arcEnv, files: linuxKey })
  expect(await getToken(host)).toBe(2)
  expect(host.stdout()).toBe('')
  expect(host.stderr()).toContain('does not say that its token is for the managed identity asked for')
})
