/** Apps that prove themselves without a stored secret, and on behalf of whom: the built program against the sandbox. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  gitHubJob,
  pipelinesConnection,
  seedApps,
  seedPassword,
  seedSecrets,
  workloadSubject,
} from '../../sandbox/seed.ts'
import {
  startAzurePipelines,
  startGitHubActions,
  type CiTokenEndpoint,
} from '../support/ci-token-endpoints.ts'
import { cli, pty, succeeded } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'

const serviceConnectionId = '5e27ace0-0000-4000-a000-000000000001'
const appScope = ['--scope', 'https://graph.microsoft.com/.default']

let world: SandboxWorld
let gitHub: CiTokenEndpoint
let pipelines: CiTokenEndpoint
let person: PersonAtBrowser

beforeAll(async () => {
  world = await startSandboxWorld()
  const { control } = world.sandbox
  gitHub = await startGitHubActions((audience) => control.mintAssertion({ ...gitHubJob, audience }))
  pipelines = await startAzurePipelines(
    (audience) => control.mintAssertion({ ...pipelinesConnection, audience }),
    serviceConnectionId,
  )
  person = await seatPerson({
    ca: readFileSync(world.sandbox.caFile, 'utf8'),
    answers: { username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
  })
})
afterAll(async () => {
  await person?.close()
  await gitHub?.close()
  await pipelines?.close()
  await world?.end()
})

const file = (name: string) => join(world.workFolder, name)
let profiles = 0
let profile: string
beforeEach(() => {
  profile = `p${++profiles}`
})
afterEach(() => world.sandbox.control.clearFaults())

const create = (app: keyof typeof seedApps, ...flags: readonly string[]) =>
  world.createProfile(profile, app, ...flags)
const getToken = (words: readonly string[] = [], options: Parameters<typeof cli>[1] = {}) =>
  cli(['get-token', '-p', profile, ...words], { ...options, world })
async function tokenOf(words: readonly string[] = [], options: Parameters<typeof cli>[1] = {}) {
  const { stdout, stderr } = succeeded(await getToken(words, options))
  expect(stderr).toBe('')
  return stdout.trimEnd()
}
const mint = (claims: Parameters<SandboxWorld['sandbox']['control']['mintAssertion']>[0] = {}) =>
  world.sandbox.control.mintAssertion(claims)
const workload = { appid: seedApps.federated, idtyp: 'app', appidacr: '2' }

describe('an app that trusts another issuer gets its token', () => {
  it('in a Kubernetes pod, by the file that is mounted there', async () => {
    await create('federated', '--federated-token-file', ...appScope)
    writeFileSync(file('token'), await mint())
    const env = { AZURE_FEDERATED_TOKEN_FILE: file('token') }
    expect(decodeJwt(await tokenOf([], { env }))).toMatchObject(workload)
  })

  it('by a file that is read anew for each request, and not at all for a cached token', async () => {
    await create('federated', '--federated-token-file', file('rotated'), ...appScope)
    writeFileSync(file('rotated'), await mint({ subject: 'nobody' }))
    expect((await getToken()).code).toBe(2)
    writeFileSync(file('rotated'), await mint())
    const first = await tokenOf()
    rmSync(file('rotated'))
    expect(await tokenOf()).toBe(first)
    expect((await getToken(['--force'])).code).toBe(3)
  })

  it('by a variable', async () => {
    await create('federated', '--federated-token-env', 'ID_TOKEN', ...appScope)
    expect(decodeJwt(await tokenOf([], { env: { ID_TOKEN: await mint() } }))).toMatchObject(workload)
  })

  it('by a command of the shell', async () => {
    writeFileSync(file('minted'), await mint())
    await create(
      'federated',
      '--federated-token-command',
      `cat '${file('minted')}' | tr -d '\\n'`,
      ...appScope,
    )
    expect(decodeJwt(await tokenOf())).toMatchObject(workload)
  })

  it('in a GitHub Actions job, with a token minted for each request', async () => {
    await create('federated', '--github-actions', ...appScope)
    const before = gitHub.issued()
    const { env } = gitHub
    expect(decodeJwt(await tokenOf([], { env }))).toMatchObject(workload)
    await tokenOf([], { env })
    expect(gitHub.issued() - before).toBe(1)
    await tokenOf(['--force'], { env })
    expect(gitHub.issued() - before).toBe(2)
  })

  it('in an Azure Pipelines job', async () => {
    await create('federated', '--azure-pipelines', serviceConnectionId, ...appScope)
    const before = pipelines.issued()
    const { env } = pipelines
    expect(decodeJwt(await tokenOf([], { env }))).toMatchObject(workload)
    expect(pipelines.issued() - before).toBe(1)
  })
})

describe('an assertion that does not fit', () => {
  it.each([
    ['issuer', { issuer: 'https://elsewhere.example' }, 700211],
    ['subject', { subject: 'system:serviceaccount:default:other' }, 700213],
    ['audience', { audience: 'api://other' }, 700212],
  ])('is told with what it says: its %s', async (name, claims, number) => {
    await create('federated', '--federated-token-env', 'ID_TOKEN', ...appScope)
    const { stdout, stderr, code } = await getToken(['--verbose'], { env: { ID_TOKEN: await mint(claims) } })
    const issuer = `${world.sandbox.origin}/workload`
    const said = { issuer, subject: workloadSubject, audience: 'api://AzureADTokenExchange', ...claims }
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(stderr).toMatch(new RegExp(`^error: .*AADSTS${number}`, 'm'))
    expect(stderr).toContain(
      `the assertion says issuer "${said.issuer}", subject "${said.subject}", audience "${said.audience}"`,
    )
    expect(stderr, name).not.toContain('eyJ')
  })

  it('is told when the app trusts nobody', async () => {
    await create('daemonWithCertificate', '--federated-token-env', 'ID_TOKEN', ...appScope)
    const { stderr, code } = await getToken([], { env: { ID_TOKEN: await mint() } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/AADSTS70025.*; the assertion says issuer/)
  })

  it('is told by GitHub and by Azure Pipelines when they give none', async () => {
    await create('federated', '--github-actions', ...appScope)
    const refused = await getToken([], { env: { ...gitHub.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'stale' } })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^error: GitHub gives this job no token \(HTTP 401\)\nhint: /)
    profile = `${profile}-pipelines`
    await create('federated', '--azure-pipelines', serviceConnectionId, ...appScope)
    const signIn = await getToken([], { env: { ...pipelines.env, SYSTEM_ACCESSTOKEN: 'stale' } })
    expect(signIn).toMatchObject({ code: 2, stdout: '' })
    expect(signIn.stderr).toMatch(/^error: Azure Pipelines gives no token .* \(HTTP 401\)\nhint: /)
    profile = `${profile}-other`
    await create('federated', '--azure-pipelines', '00000000-0000-4000-8000-000000000000', ...appScope)
    const unknown = await getToken([], { env: pipelines.env })
    expect(unknown.stderr).toMatch(/^error: .*"00000000-0000-4000-8000-000000000000" \(HTTP 404\)\nhint: /)
  })
})

describe('a command that prints the client secret', () => {
  it('is run for a request, and not for a cached token', async () => {
    const line = `echo x >>'${file('runs')}'; echo '${seedSecrets.daemonWithSecret}'`
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    const first = await tokenOf()
    expect(await tokenOf()).toBe(first)
    expect(readFileSync(file('runs'), 'utf8')).toBe('x\n')
  })

  it('has its own words heard, and its output never', async () => {
    const line = 'echo half-a-secret; echo "op: not signed in" >&2; exit 6'
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    const { stdout, stderr, code } = await getToken(['--verbose'])
    expect({ stdout, code }).toEqual({ stdout: '', code: 3 })
    expect(stderr).toContain('op: not signed in\n')
    expect(stderr).toMatch(
      /^error: the command that prints the client secret of "\w+" failed \(exit code 6\)$/m,
    )
    expect(stderr.replaceAll(line, '')).not.toContain('half-a-secret')
  })

  it('is not heard under --silent', async () => {
    const line = `echo chatter >&2; echo '${seedSecrets.daemonWithSecret}'`
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    expect(await getToken(['--silent'])).toMatchObject({ code: 0, stderr: '' })
  })

  it('has as long as --timeout says', async () => {
    await create(
      'daemonWithSecret',
      '--client-secret-command',
      `echo $$ >'${file('slow')}'; sleep 60`,
      ...appScope,
    )
    const { code, stderr } = await getToken(['--timeout', '1s'])
    expect(code).toBe(6)
    expect(stderr).toMatch(
      /^error: the command that prints the client secret of "\w+" did not end in time\nhint: /,
    )
    const pid = Number(readFileSync(file('slow'), 'utf8'))
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
  })

  it('may ask the person at the terminal, who sees what it says', async () => {
    const line = `printf 'PIN: ' >&2; read pin; [ "$pin" = 1234 ] && echo '${seedSecrets.daemonWithSecret}'`
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    const { terminal, code } = await pty(['get-token', '-p', profile], {
      world,
      answers: [{ when: /PIN: $/, send: '1234\n' }],
      redirect: `>'${file('asked')}'`,
    })
    expect(code, terminal).toBe(0)
    expect(decodeJwt(readFileSync(file('asked'), 'utf8').trim())).toMatchObject({
      appid: seedApps.daemonWithSecret,
    })
  })

  it('ends with Ctrl-C', async () => {
    const line = `echo $$ >'${file('waiting')}'; printf 'PIN: ' >&2; read pin`
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    const { terminal, code } = await pty(['get-token', '-p', profile], {
      world,
      answers: [{ when: /PIN: $/, send: '\u0003' }],
    })
    expect(code, terminal).toBe(130)
    const pid = Number(readFileSync(file('waiting'), 'utf8'))
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
  })

  it('sees none of the variables that hold secrets', async () => {
    await create('daemonWithCertificate', '--client-secret-env', 'OTHER_SECRET', ...appScope)
    profile = `${profile}-command`
    const line = `env >'${file('env')}'; echo '${seedSecrets.daemonWithSecret}'`
    await create('daemonWithSecret', '--client-secret-command', line, ...appScope)
    const hush = 'hush-hush-hush'
    const env = { OTHER_SECRET: hush, AZURE_CLIENT_SECRET: hush, ENTRA_AUTH_CLI_ASSERTION: hush, SEEN: 'yes' }
    await tokenOf([], { env })
    expect(readFileSync(file('env'), 'utf8')).toContain('SEEN=yes')
    expect(readFileSync(file('env'), 'utf8')).not.toContain(hush)
  })

  it('shares no variable of its secret with the browser', async () => {
    await create('web', '--client-secret-env', 'WEB_SECRET', '--flow', 'authorization-code', ...webFlags)
    const browser = file('browser')
    writeFileSync(browser, `#!/bin/sh\nenv >'${file('browser-env')}'\nexec '${person.command}' "$1"\n`)
    chmodSync(browser, 0o755)
    await tokenOf(['-q'], { env: { ...atBrowser, BROWSER: browser, WEB_SECRET: seedSecrets.web } })
    expect(existsSync(file('browser-env'))).toBe(true)
    expect(readFileSync(file('browser-env'), 'utf8')).not.toContain(seedSecrets.web)
  })
})

const webFlags = [
  '--redirect-uri',
  'http://localhost/web/callback',
  '--scope',
  'https://graph.microsoft.com/User.Read',
]
const atBrowser = { ENTRA_AUTH_CLI_INTERACTIVE: '1' }

describe('a person signs in at an app that proves itself', () => {
  it.each([
    ['with a certificate', () => certificateFlags(), '2'],
    ['with an assertion of another issuer', () => ['--federated-token-env', 'ID_TOKEN'], '2'],
  ])('%s, by a code', async (_how, flags, azpacr) => {
    await create('web', ...flags(), '--flow', 'authorization-code', ...webFlags)
    const env = { ...atBrowser, BROWSER: person.command, ID_TOKEN: await mint() }
    const claims = decodeJwt(await tokenOf(['-q'], { env }))
    expect(claims).toMatchObject({
      appid: seedApps.web,
      scp: expect.stringContaining('User.Read') as string,
      upn: 'bob@contoso.com',
    })
    expect(claims.appidacr).toBe(azpacr)
    // The refresh token is worth nothing without the app's proof, made anew.
    const renewed = succeeded(
      await cli(['refresh', '-p', profile, '-q'], { env: { ID_TOKEN: await mint() }, world }),
    )
    expect(decodeJwt(renewed.stdout.trim())).toMatchObject({ appid: seedApps.web, appidacr: azpacr })
  })
})

const certificateFlags = () => {
  const { certFile, keyFile } = world.sandbox.clientCertificate
  return ['--certificate', certFile, '--private-key', keyFile]
}

describe('on behalf of a person', () => {
  let hers: string
  beforeAll(async () => {
    profile = 'caller'
    await create('desktop', '--scope', 'api://contoso-api/access_as_user')
    hers = await tokenOf(['-q'], { env: { ...atBrowser, BROWSER: person.command } })
  })

  it.each([
    ['a secret', () => ['--client-secret-env', 'API_SECRET']],
    ['a certificate', () => certificateFlags()],
    ['an assertion of another issuer', () => ['--federated-token-env', 'ID_TOKEN']],
  ])('an API that proves itself with %s gets a token for the next API', async (_proof, flags) => {
    await create('contosoApi', ...flags(), '--scope', 'https://graph.microsoft.com/User.Read')
    const env = { API_SECRET: seedSecrets.contosoApi, ID_TOKEN: await mint() }
    const token = await tokenOf(['--assertion', '-'], { env, input: hers })
    expect(decodeJwt(token)).toMatchObject({
      aud: 'https://graph.microsoft.com',
      appid: seedApps.contosoApi,
      upn: 'bob@contoso.com',
      scp: expect.stringContaining('User.Read') as string,
    })
  })

  it('a token for Graph is refused here, and one for another API of Entra by Entra', async () => {
    await create('contosoApi', '--client-secret-env', 'API_SECRET')
    const env = { API_SECRET: seedSecrets.contosoApi }
    profile = 'caller'
    const caller = { ...atBrowser, BROWSER: person.command }
    const graph = await tokenOf(['-q', '--scope', 'https://graph.microsoft.com/User.Read'], { env: caller })
    const legacy = await tokenOf(['-q', '--scope', 'https://api.contoso.com/access_as_user'], { env: caller })
    profile = `p${profiles}`
    const local = await getToken(['--assertion', '-'], { env, input: graph })
    expect(local).toMatchObject({ code: 1, stdout: '' })
    expect(local.stderr).toMatch(
      /^error: the assertion is a token for Microsoft Graph, not for this app\nhint: /,
    )
    const refused = await getToken(['--assertion', '-'], { env, input: legacy })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(
      /^error: .*AADSTS500131.*; the assertion is a token for "https:\/\/api\.contoso\.com"/,
    )
  })

  it('a permission nobody consented to is the matter of an administrator', async () => {
    await create(
      'contosoApi',
      '--client-secret-env',
      'API_SECRET',
      '--scope',
      'https://graph.microsoft.com/Mail.Read',
    )
    const env = { API_SECRET: seedSecrets.contosoApi }
    const { code, stderr } = await getToken(['--assertion', '-'], { env, input: hers })
    expect(code).toBe(2)
    expect(stderr).toContain('AADSTS65001')
    expect(stderr).toContain(`adminconsent?client_id=${seedApps.contosoApi}`)
  })

  it('is not remembered', async () => {
    await create('contosoApi', '--client-secret-env', 'API_SECRET', '--flow', 'on-behalf-of')
    const env = { API_SECRET: seedSecrets.contosoApi }
    await tokenOf(['--assertion', '-', '--scope', 'https://graph.microsoft.com/User.Read'], {
      env,
      input: hers,
    })
    expect(await getToken([], { env })).toMatchObject({ code: 4, stdout: '' })
    const inspected = await cli(['inspect', '-p', profile], { world })
    expect(inspected).toMatchObject({ stdout: '' })
    expect(inspected.code).not.toBe(0)
  })
})
