import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { contosoId, seedApps, withManyApps } from '../../sandbox/seed.ts'
import { startDirectoryHost, type DirectoryHost, type RunOptions } from '../support/directory-host.ts'
import { memoryHost } from '../support/memory-host.ts'
import { runCommand } from '../support/run-command.ts'
import { tokenOf, v2AppOnly } from '../unit/jwt/tokens.ts'

let world: DirectoryHost
beforeAll(async () => (world = await startDirectoryHost((directory) => withManyApps(directory, 2_500))))
afterAll(() => world?.close())

const names = async (words: readonly string[], options: RunOptions = {}) => {
  const { code, stdout, stderr } = await world.run(['discover', ...words], options)
  expect([code, stderr]).toEqual([0, ''])
  return (JSON.parse(stdout) as { display_name: string }[]).map(({ display_name: name }) => name)
}

describe('discover finds app registrations', () => {
  it.each<[string, readonly string[]]>([
    ['Contoso D*', ['Contoso Daemon', 'Contoso Daemon (certificate)', 'Contoso Desktop']],
    ['*(certificate)', ['Contoso Daemon (certificate)']],
    ['contoso *ap?', ['Contoso API', 'Contoso Legacy API']],
    ['*ewcome*', ['Contoso Newcomer']],
    [seedApps.web, ['Contoso Web']],
    ['api://contoso-api', ['Contoso API']],
    ['https://api.*', ['Contoso Legacy API']],
    ['forgotten', ['Contoso Forgotten Job']],
    ['job forgotten', ['Contoso Forgotten Job']],
    ["' or startswith(displayName,'Contoso')*", []],
    ["x' or displayName ne 'x", []],
    ['Fabrikam*', []],
  ])('by %j', async (text, expected) => {
    expect(await names(['-p', 'ci', '-s', text])).toEqual(expected)
  })

  it('on all pages, by what is in the middle of a name', async () => {
    const found = await names(['-p', 'ci', '-s', 'Team*lling*'])
    expect(found).toHaveLength(250)
    expect([found[0], found.at(-1)]).toEqual(['Team 0010 Billing API', 'Team 2500 Billing API'])
  })

  it('all of them, where a tenant alone is given, by -t too', async () => {
    const before = world.sandbox.requests.length
    expect(await names(['-p', 'ci', '-t', 'contoso.onmicrosoft.com'])).toHaveLength(2_500 + 10 - 1)
    const pages = world.sandbox.requests.slice(before).filter(({ path }) => path === '/v1.0/applications')
    expect(pages).toHaveLength(3)
  })

  it('no more than --limit lets through, and asks for no page beyond', async () => {
    const before = world.sandbox.requests.length
    const { stdout, stderr } = await world.run(['discover', '-p', 'ci', '-s', 'Team*', '--limit', '3'])
    expect(JSON.parse(stdout)).toHaveLength(3)
    expect(stderr).toBe('There are more than 3; --limit lets no more through.\n')
    const pages = world.sandbox.requests.slice(before).filter(({ path }) => path === '/v1.0/applications')
    expect(pages).toHaveLength(1)
  })

  it('with every field of the JSON, and names of permissions where details are asked for', async () => {
    const { stdout } = await world.run(['discover', '-p', 'ci', '-s', seedApps.withoutConsent, '--details'])
    expect(JSON.parse(stdout)).toEqual([
      {
        display_name: 'Contoso Newcomer',
        application_id: seedApps.withoutConsent,
        object_id: expect.any(String),
        tenant_id: contosoId,
        created_at: '2025-01-31T10:00:00Z',
        publisher_domain: 'contoso.onmicrosoft.com',
        sign_in_audience: 'AzureADMyOrg',
        identifier_uris: [],
        public_client_flows: true,
        redirect_uris: { public_client: ['http://localhost'], web: [], spa: [] },
        credentials: [],
        federated_credentials: [],
        permissions: ['User.Read', 'Mail.Read'].map((value) => ({
          kind: 'delegated',
          resource_id: '00000003-0000-0000-c000-000000000000',
          permission_id: expect.any(String),
          resource: 'Microsoft Graph',
          value,
          admin_consent_required: false,
        })),
        admin_consent_url: `${world.sandbox.origin}/${contosoId}/adminconsent?client_id=${seedApps.withoutConsent}`,
      },
    ])
    const brief = await world.run(['discover', '-p', 'ci', '-s', seedApps.withoutConsent, '-o', 'yaml'])
    expect(parseYaml(brief.stdout)).toMatchObject([
      { federated_credentials: null, permissions: [{ value: null }, { value: null }] },
    ])
  })

  it('as a table', async () => {
    const { stdout } = await world.run(['discover', '-p', 'ci', '-s', 'Contoso *o*', '-o', 'text'])
    expect(stdout).toContain(
      [
        'NAME                          CLIENT ID                             CREDENTIALS       SIGN-IN',
        'Contoso Daemon                dae30000-0000-4000-a000-000000000001  until 2099-12-31  -',
      ].join('\n'),
    )
    expect(stdout).toMatch(/^Contoso Forgotten Job +e4b1ed00-\S+ +expired +-$/m)
    expect(stdout).toMatch(/^Contoso Desktop +de5c0000-\S+ +none +desktop code$/m)
  })

  it('as a table on a terminal where nobody is to be asked', async () => {
    const terminal = { stdoutIsTerminal: true, stderrIsTerminal: true }
    for (const options of [
      { ...terminal, env: { CI: '1' } },
      { ...terminal, stdin: '' },
    ]) {
      const { code, stdout } = await world.run(
        ['discover', '-p', 'ci', '-s', 'Contoso*', '--limit', '1'],
        options,
      )
      expect([code, stdout.split('\n').length]).toEqual([0, 3])
    }
    const { stdout } = await world.run(['discover', '-p', 'ci', '-s', 'Contoso*', '--no-interaction'], {
      ...terminal,
      stdin: undefined,
    })
    expect(stdout).toMatch(/^NAME/)
  })

  it('and says where there are none, to people alone', async () => {
    expect(await world.run(['discover', '-p', 'ci', '-s', 'Nobody*', '-o', 'text'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No app registration was found.\n',
    })
    expect(await world.run(['discover', '-p', 'ci', '-s', 'Nobody*'])).toMatchObject({
      stdout: '[]\n',
      stderr: '',
    })
  })

  it.each([
    ['Contoso*', 0],
    ['Nobody*', 1],
  ])('by exit code alone under --quiet: %s', async (text, code) => {
    expect(await world.run(['discover', '-p', 'ci', '-s', text, '-q'])).toMatchObject({
      code,
      stdout: '',
      stderr: '',
    })
  })
})

describe('discover without a profile', () => {
  it('lets a person sign in by a public client that every tenant knows', async () => {
    const { code, stdout, stderr } = await world.run(['discover', '-s', 'Contoso Web', ...world.cloud], {
      person: 'bob@contoso.com',
    })
    expect([code, JSON.parse(stdout)[0].application_id], stderr).toEqual([0, seedApps.web])
    const signedIn = world.sandbox.requests.findLast(({ path }) => path.endsWith('/oauth2/v2.0/token'))
    expect(signedIn).toMatchObject({
      path: '/organizations/oauth2/v2.0/token',
      clientId: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
    })
  })

  it('or by another one, in a tenant that is named', async () => {
    const words = [
      'discover',
      '-t',
      'contoso.com',
      '-s',
      '*Web',
      '--client-id',
      seedApps.desktop,
      ...world.cloud,
    ]
    const { code, stderr } = await world.run(words, { person: 'bob@contoso.com' })
    expect(code, stderr).toBe(0)
    const signedIn = world.sandbox.requests.findLast(({ path }) => path.endsWith('/oauth2/v2.0/token'))
    expect(signedIn).toMatchObject({ path: '/contoso.com/oauth2/v2.0/token', clientId: seedApps.desktop })
  })

  it('tells two people apart who are signed in', async () => {
    const words = ['discover', '-s', 'Contoso Web', ...world.cloud]
    const alice = await world.run([...words, '--account', 'alice@contoso.com'], {
      person: 'alice@contoso.com',
    })
    expect(alice.code, alice.stderr).toBe(0)
    const kept = { files: Object.fromEntries(alice.host.fileMap), keychain: alice.host.keychain }
    const bob = await world.run([...words, '--account', 'bob@contoso.com'], {
      person: 'bob@contoso.com',
      ...kept,
    })
    expect(bob.code, bob.stderr).toBe(0)
    const both = { files: Object.fromEntries(bob.host.fileMap), keychain: bob.host.keychain }
    const visits = world.sandbox.requests.length
    const again = await world.run([...words, '--account', 'alice@contoso.com'], both)
    expect(again.code, again.stderr).toBe(0)
    expect(world.sandbox.requests.slice(visits).map(({ path }) => path)).toEqual(['/v1.0/applications'])
  })

  it('says how to go without a person where there is none', async () => {
    expect(await world.run(['discover', '-s', '*', ...world.cloud])).toMatchObject({
      code: 7,
      stdout: '',
      stderr:
        'error: somebody must sign in to read app registrations, and there is no terminal\n' +
        'hint: name a profile whose app may read them (Application.Read.All) with -p, or run it in a terminal\n',
    })
  })
})

describe('what Graph refuses', () => {
  it('is told with what mends it', async () => {
    const web = { name: 'web', ...world.place, clientId: seedApps.contosoApi, clientSecretEnv: 'WEB_SECRET' }
    const { code, stderr } = await world.run(['discover', '-p', 'web', '-s', '*'], {
      profiles: [web],
      env: { WEB_SECRET: 'sandbox~contoso-api-secret' },
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: Microsoft Graph does not let this token read app registrations \(403/)
    expect(stderr).toMatch(/^hint: it needs Application\.Read\.All/m)
  })

  it('for a while is tried again, as it asks', async () => {
    world.sandbox.control.addFault({
      path: '/v1.0/applications',
      effect: { kind: 'status', status: 429, retryAfterSeconds: 0 },
    })
    expect(await names(['-p', 'ci', '-s', 'Contoso W*'])).toEqual([
      'Contoso Web',
      'Contoso Workload (federated)',
    ])
    world.sandbox.control.addFault({
      path: '/v1.0/applications',
      effect: { kind: 'status', status: 429, retryAfterSeconds: 90 },
    })
    expect(await world.run(['discover', '-p', 'ci', '-s', 'Contoso W*'])).toMatchObject({
      code: 5,
      stdout: '',
      stderr:
        'error: Microsoft Graph is being asked too often (429)\nhint: try again in 90 seconds, as it asks\n',
    })
  })
})

describe('a token that was kept', () => {
  it('is replaced where Graph takes it for too little, for more may have been granted since', async () => {
    const { host } = await world.run(['get-token', '-p', 'ci'])
    const files = Object.fromEntries(host.fileMap)
    const keychain = host.keychain
    const forbidden = { kind: 'status', status: 403 } as const
    world.sandbox.control.addFault({ path: '/v1.0/applications', effect: forbidden })
    const before = world.sandbox.requests.length
    const { code, stdout, stderr } = await world.run(['discover', '-p', 'ci', '-s', 'Contoso Web'], {
      files,
      keychain,
    })
    expect([code, JSON.parse(stdout).length], stderr).toEqual([0, 1])
    const asked = world.sandbox.requests
      .slice(before)
      .map(({ path, status }) => `${path.split('/').at(-1)} ${status}`)
    expect(asked).toEqual(['applications 403', 'token 200', 'applications 200'])
  })
})

describe('a token is sent nowhere', () => {
  const token = tokenOf(v2AppOnly)
  const opaque = `0.AX${'x'.repeat(80)}`

  // The memory host throws on any network use that a test does not allow.
  it.each<[string, readonly string[]]>([
    ['as a tenant', ['--tenant', token]],
    ['as a tenant with a profile', ['-p', 'ci', '--tenant', token]],
    ['as what is searched', ['-s', token]],
    ['beside a search', ['-t', token, '-s', '*']],
    ['beside a search, an opaque one', ['-t', opaque, '-s', '*']],
    ['beside a search, as an argument', [token, '-s', '*']],
    ['as a tenant, an opaque one', ['--tenant', opaque]],
  ])('%s', async (_how, words) => {
    const host = memoryHost({
      files: { '/home/test/.config/entra-auth-cli/profiles.json': JSON.stringify({ profiles: [] }) },
      stdin: '',
    })
    const code = await runCommand(['discover', ...words], host)
    expect([4, 3]).toContain(code)
    expect(host.stdout()).toBe('')
    expect(host.stderr()).not.toContain(token.slice(0, 40))
    expect(host.stderr()).not.toContain(opaque)
  })
})

describe('flags that do not go together', () => {
  it.each<[readonly string[], RegExp]>([
    [['--limit', '3'], /--limit belongs to a search/],
    [['--details', '-t', tokenOf(v2AppOnly)], /--details belongs to a search/],
    [['-s', '*', '-f', 'token.txt'], /--file and a search of app registrations contradict each other/],
    [['-s', '*', '-t', 'contoso.com', '--tenant', 'fabrikam.com'], /-t and --tenant contradict/],
    [
      ['-s', '*', '--tenant', 'contoso.com', '--authority', 'https://a.example/fabrikam.com'],
      /--authority names the tenant fabrikam\.com, and --tenant another, contoso\.com/,
    ],
    [['-s', '*', '-p', 'ci', '--authority', 'https://a.example'], /--profile and --authority contradict/],
    [['-s', '*', '--limit', '0'], /--limit/],
    [['-s', '*', '-p', 'ci', '--account', 'bob@contoso.com'], /--account names a person/],
    [['-s', '*', '--client-id', 'x'], /"x" is not a GUID/],
    [['-s', '*', '--graph-url', 'http://a'], /not an https URL/],
    [['-s', '*', '--cloud', 'moon'], /no cloud "moon"/],
  ])('%j', async (words, fact) => {
    const { code, stderr } = await world.run(['discover', ...words])
    expect([code, stderr.split('\n')[0]]).toEqual([4, expect.stringMatching(fact)])
  })
})
