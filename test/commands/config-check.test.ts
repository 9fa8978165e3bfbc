import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Directory } from '../../sandbox/directory.ts'
import { contosoId, seedApps, workloadSubject } from '../../sandbox/seed.ts'
import { startDirectoryHost, type DirectoryHost, type RunOptions } from '../support/directory-host.ts'

const graphAppId = '00000003-0000-0000-c000-000000000000'

/** The certificate app may read who consented, too. */
function withReader(directory: Directory): Directory {
  const reads = [
    { resource: graphAppId, delegated: [], application: ['Application.Read.All', 'Directory.Read.All'] },
  ]
  return {
    ...directory,
    apps: directory.apps.map((app) =>
      app.appId === seedApps.daemonWithCertificate
        ? { ...app, requiredPermissions: reads, adminConsented: reads }
        : app,
    ),
  }
}

let world: DirectoryHost
let reader: object
beforeAll(async () => {
  world = await startDirectoryHost(withReader)
  reader = {
    name: 'reader',
    ...world.place,
    clientId: seedApps.daemonWithCertificate,
    certificateEnv: 'READER_PEM',
    scopes: [`${world.sandbox.origin}/.default`],
  }
})
afterAll(() => world?.close())

const check = (words: readonly string[], options: RunOptions = {}) => {
  const { certFile, keyFile } = world.sandbox.clientCertificate
  const pem = readFileSync(certFile, 'utf8') + readFileSync(keyFile, 'utf8')
  return world.run(['config', 'check', ...words], {
    ...options,
    env: { READER_PEM: pem, ...options.env },
    profiles: [reader, ...(options.profiles ?? [])],
  })
}

/** Name and status of everything that was found. */
const found = (stdout: string) =>
  (JSON.parse(stdout) as { checks: { name: string; status: string }[] }).checks.map(
    ({ name, status }) => `${name} ${status}`,
  )

describe('config check', () => {
  it('finds nothing in the way of an app that reads its own registration', async () => {
    const origin = world.sandbox.origin
    expect(await check(['ci'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `Contoso Daemon for profile 'ci', by client-credentials, for ${origin}/.default
  ✓ registration      "Contoso Daemon" is registered in this tenant
  ✓ accounts          the app takes accounts of its own tenant
  ✓ credential        the client secret ends on 2099-12-31
  ✓ permission        ${origin}/.default: the token will carry User.Read.All, Application.Read.All

Nothing stands in the way.
`,
    })
  })

  it('knows the certificate of the profile', async () => {
    const { code, stdout } = await check(['-p', 'reader', '-o', 'json'])
    expect([code, found(stdout)]).toEqual([
      0,
      ['registration ok', 'accounts ok', 'credential ok', 'permission ok'],
    ])
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      profile: 'reader',
      tenant_id: contosoId,
      application_id: seedApps.daemonWithCertificate,
      display_name: 'Contoso Daemon (certificate)',
      flow: 'client-credentials',
      read_by: 'reader',
      checks: [
        {
          name: 'registration',
          subject: null,
          status: 'ok',
          fact: expect.any(String),
          remedy: null,
          page: null,
        },
        {},
        { fact: expect.stringMatching(/^the app knows the certificate [0-9A-F]{40}; it ends on /) },
        { subject: `${world.sandbox.origin}/.default` },
      ],
    })
  })

  it('looks at another app with the eyes of a profile', async () => {
    const desk = {
      name: 'desk',
      ...world.place,
      clientId: seedApps.withoutConsent,
      scopes: ['User.Read', 'Mail.Read', 'Group.Read.All', 'Nothing.Read'].map(
        (one) => `${world.sandbox.origin}/${one}`,
      ),
    }
    const { code, stdout } = await check(['desk', '--as', 'reader', '-o', 'json'], { profiles: [desk] })
    expect([code, found(stdout)]).toEqual([
      1,
      [
        'registration ok',
        'accounts ok',
        'redirect-uri ok',
        'permission warning',
        'permission warning',
        'permission failed',
        'permission failed',
      ],
    ])
    const some = await check(['desk', '--as', 'reader', '--scope', 'User.Read'], { profiles: [desk] })
    expect(some.code, some.stdout).toBe(0)
    expect(some.stdout).toMatch(/\n\nNothing stands in the way\. 1 warning\.\n$/)
  })

  it('tells what it may not see as unknown, and who may', async () => {
    const desktop = {
      name: 'desktop',
      ...world.place,
      clientId: seedApps.desktop,
      scopes: [`${world.sandbox.origin}/User.Read`],
    }
    const { code, stdout } = await check(['desktop', '--as', 'ci'], { profiles: [desktop] })
    expect(code).toBe(0)
    expect(stdout)
      .toContain(`  ? permission        ${world.sandbox.origin}/User.Read: who consented cannot be read
                      → use --as with a profile whose app has Directory.Read.All

Nothing that could be read stands in the way. 1 unknown.
`)
  })

  it('lets somebody sign in where the profile itself cannot read', async () => {
    const desktop = {
      name: 'newcomer',
      ...world.place,
      clientId: seedApps.withoutConsent,
      scopes: ['User.Read'],
    }
    const { code, stdout, stderr } = await check(['newcomer'], {
      profiles: [desktop],
      person: 'bob@contoso.com',
    })
    expect(code, stderr).toBe(0)
    expect(stderr).toContain(
      "Profile 'newcomer' cannot read its app registration: somebody who can has to sign in.\n",
    )
    expect(stdout).toMatch(/✓ redirect uri +"http:\/\/localhost" is registered for mobile and desktop/)
    const signedIn = world.sandbox.requests.findLast(({ path }) => path.endsWith('/oauth2/v2.0/token'))
    expect(signedIn?.clientId).toBe('14d82eec-204b-4c2f-b7e8-296a70dab67e')
  })

  it('reads in the name of who is signed in with the profile, and asks nobody', async () => {
    const desktop = {
      name: 'desktop',
      ...world.place,
      clientId: seedApps.desktop,
      scopes: [`${world.sandbox.origin}/User.Read`, 'offline_access'],
    }
    const signedIn = await world.run(['get-token', '-p', 'desktop'], {
      profiles: [desktop],
      person: 'bob@contoso.com',
    })
    expect(signedIn.code, signedIn.stderr).toBe(0)
    const { code, stdout, stderr } = await world.run(['config', 'check', 'desktop', '-o', 'json'], {
      files: Object.fromEntries(signedIn.host.fileMap),
      keychain: signedIn.host.keychain,
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      read_by: 'desktop',
      display_name: 'Contoso Desktop',
    })
  })

  it('takes an expired secret for an answer', async () => {
    const old = {
      name: 'old',
      ...world.place,
      clientId: seedApps.expiredSecret,
      clientSecretEnv: 'OLD_SECRET',
      scopes: [`${world.sandbox.origin}/.default`],
    }
    const options = { profiles: [old], env: { OLD_SECRET: 'sandbox~expired-secret' } }
    const alone = await check(['old'], options)
    expect(alone.code).toBe(1)
    expect(alone.stdout).toMatch(/\? registration +the app registration cannot be read: .*AADSTS7000222/)
    expect(alone.stdout).toMatch(/\nNothing is known\. 1 unknown\.\n$/)
    const seen = await check(['old', '--as', 'ci'], options)
    expect(seen.code).toBe(1)
    expect(seen.stdout).toContain(
      '✗ credential        the client secret ended on 2024-01-31 (AADSTS7000222)\n',
    )
  })

  it.each<[string, string, number, RegExp]>([
    ['takes', workloadSubject, 0, /✓ credential +the assertion is one of the federated credential "cluster"/],
    ['does not take', 'somebody:else', 1, /✗ credential +no federated credential takes the assertion/],
  ])('sees whose assertions the app %s', async (_what, subject, expected, text) => {
    const workload = {
      name: 'workload',
      ...world.place,
      clientId: seedApps.federated,
      federatedTokenEnv: 'ASSERTION',
      scopes: ['api://contoso-api/.default'],
    }
    const { code, stdout } = await check(['workload', '--as', 'reader'], {
      profiles: [workload],
      env: { ASSERTION: await world.sandbox.control.mintAssertion({ subject }) },
    })
    expect(code, stdout).toBe(expected)
    expect(stdout).toMatch(text)
  })

  it('says that there is no such app', async () => {
    const gone = { name: 'gone', ...world.place, clientId: '11111111-1111-4111-8111-111111111111' }
    const { code, stdout } = await check(['gone', '--as', 'reader'], { profiles: [gone] })
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ registration +this tenant has no app with the client id .*AADSTS700016/)
  })

  it('asks for another flow and redirect URI where they are given', async () => {
    const words = [
      'ci',
      '--flow',
      'authorization-code',
      '--redirect-uri',
      'http://localhost/here',
      '-o',
      'json',
    ]
    const { code, stdout } = await check([...words, '--scope', 'openid'])
    expect([code, found(stdout)]).toEqual([
      1,
      ['registration ok', 'accounts ok', 'redirect-uri failed', 'credential ok'],
    ])
  })

  it('has nothing to compare for a managed identity', async () => {
    const vm = { name: 'vm', authMethod: 'ManagedIdentity', tenantId: undefined, clientId: undefined }
    const { code, stderr } = await check(['vm'], { profiles: [vm] })
    expect(code).toBe(4)
    expect(stderr).toMatch(/^error: profile "vm" is a managed identity, which has no app registration\n/)
  })
})
