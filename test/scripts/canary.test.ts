/**
 * Secrets as canaries: whatever a command does and however it fails, none of them is ever seen outside the vault and
 * the request it is for.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import forge from 'node-forge'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthorizationCodes } from '../../sandbox/identity/authorization-codes.ts'
import { DeviceCodes } from '../../sandbox/identity/device-codes.ts'
import { RefreshTokens } from '../../sandbox/identity/refresh-tokens.ts'
import { contosoId, seedApps, seedDirectory, seedPassword, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { makeClientCertificate } from '../support/certificates.ts'
import { cli, type CliOptions, type CliResult } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { makeWorld, quote, type World } from '../support/session/environment.ts'

const clientSecret = 'Canary~client-secret+/=1'
const wrongSecret = 'Canary~wrong-secret+/=2'
const certificatePassword = 'Canary~certificate-password 3'
const passphrase = 'Canary~passphrase 4'
const vaultKey = 'ca9a27'.padEnd(64, '4')
const { certificatePem, privateKeyPem } = makeClientCertificate('canary')
const privateKeyLine = privateKeyPem.split('\n')[7] ?? ''
const fixed = {
  'client secret': clientSecret,
  'wrong secret': wrongSecret,
  'certificate password': certificatePassword,
  'vault key': vaultKey,
  passphrase,
  'private key': privateKeyLine,
}

// Outside of every world: what is handed to a command, and what the programs it starts can see.
const outside = mkdtempSync(join(tmpdir(), 'canary-'))
const inputs = { secret: join(outside, 'secret.txt'), pfx: join(outside, 'client.pfx') }
const seenFolder = join(outside, 'seen')

const refreshTokens = vi.spyOn(RefreshTokens.prototype, 'issue')
const codes = vi.spyOn(AuthorizationCodes.prototype, 'issue')
const deviceCodes = vi.spyOn(DeviceCodes.prototype, 'start')

let sandbox: Sandbox
let person: PersonAtBrowser
let world: World
let results: CliResult[]
/** What was made in the course of a test, by what it is. */
let made: (readonly [string, string])[]

beforeAll(async () => {
  writeFileSync(inputs.secret, `${clientSecret}\n`)
  writeFileSync(inputs.pfx, pfxOf(certificatePassword))
  mkdirSync(seenFolder)
  sandbox = await startSandbox({
    port: 0,
    folder: join(outside, 'sandbox'),
    seed: (context) => {
      const seeded = seedDirectory({ ...context, clientCertificate: certificatePem })
      const apps = seeded.apps.map((app) =>
        app.appId === seedApps.daemonWithSecret
          ? { ...app, secrets: app.secrets.map((secret) => ({ ...secret, value: clientSecret })) }
          : app,
      )
      return { ...seeded, apps }
    },
  })
  person = await seatPerson({
    ca: readFileSync(sandbox.caFile, 'utf8'),
    answers: { username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await person?.close()
  await sandbox?.close()
  rmSync(outside, { recursive: true, force: true })
})

beforeEach(() => {
  results = []
  made = []
  world = makeWorld({
    ENTRA_AUTH_CLI_KEY: vaultKey,
    ENTRA_AUTH_CLI_INTERACTIVE: '1',
    WAYLAND_DISPLAY: 'wayland-0',
    DISPLAY: ':0',
  })
})
afterEach(() => world.remove())

/** A PFX as the portal's users have it. */
function pfxOf(password: string): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKeyPem),
    [forge.pki.certificateFromPem(certificatePem)],
    password,
    { algorithm: '3des' },
  )
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

/** A program in our place that writes down what it and whoever started it show of themselves, then does its work. */
function spyProgram(name: string, work: string): string {
  const path = join(world.root, 'bin', name)
  const note = quote(join(seenFolder, name))
  const script = [
    '#!/bin/sh',
    // Its own environment and command line, and the command line of the program that started it.
    `cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline >>${note}`,
    work,
  ]
  writeFileSync(path, `${script.join('\n')}\n`)
  chmodSync(path, 0o755)
  return path
}

async function run(words: string, options: Omit<CliOptions, 'world'> = {}): Promise<CliResult> {
  const result = await cli(words.split(' '), { ...options, world })
  results.push(result)
  return result
}

const profileFlags = (app: keyof typeof seedApps) =>
  `--tenant-id ${contosoId} --client-id ${seedApps[app]} --authority ${sandbox.origin} --ca-file ${sandbox.caFile}`

const opaqueText = (value: unknown) => (typeof value === 'string' ? [value] : [])

/** Every secret there is by now, by what it is. */
function canaries(): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(fixed),
    ...made,
    ...refreshTokens.mock.results
      .flatMap(({ value }) => opaqueText(value))
      .map((text) => ['refresh token', text] as const),
    ...codes.mock.results.flatMap(({ value }) => opaqueText(value)).map((text) => ['code', text] as const),
    ...deviceCodes.mock.results.flatMap(({ value }) =>
      opaqueText((value as { deviceCode?: unknown }).deviceCode).map(
        (text) => ['device code', text] as const,
      ),
    ),
  ]
}

/** The access tokens among the results, which belong on stdout alone. */
function accessTokens(): readonly (readonly [string, string])[] {
  return results
    .flatMap(({ stdout }) => stdout.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [])
    .map((text) => ['access token', text] as const)
}

/** A secret in the dresses it may wear. */
function dressed(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
}

function filesUnder(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path, readFileSync(path, 'latin1')] as const
    })
}

/** Where a secret is that should not be there, in words. */
function leaks(): readonly string[] {
  const places = [
    ...results.map(({ stderr }, index) => [`stderr of command ${index + 1}`, stderr] as const),
    ...filesUnder(world.root),
    ...filesUnder(seenFolder),
  ]
  const stdouts = results.map(({ stdout }, index) => [`stdout of command ${index + 1}`, stdout] as const)
  const found = (where: typeof places, secrets: readonly (readonly [string, string])[]) =>
    where.flatMap(([place, text]) =>
      secrets
        .filter(([, secret]) => dressed(secret).some((dress) => text.includes(dress)))
        .map(([what]) => `${what} in ${place}`),
    )
  return [...found(places, [...canaries(), ...accessTokens()]), ...found(stdouts, canaries())]
}

const codesOf = () => results.map(({ code }) => code)
const seenBy = (name: string) => readFileSync(join(seenFolder, name), 'latin1')

describe('no secret is seen', () => {
  it('of an app with a client secret, from its profile to its end', async () => {
    const scope = '--scope https://graph.microsoft.com/.default'
    await run(`config create ci ${profileFlags('daemonWithSecret')} ${scope} --client-secret -`, {
      input: clientSecret,
    })
    await run(
      `config create ci ${profileFlags('daemonWithSecret')} ${scope} --overwrite --client-secret-file ${inputs.secret}`,
    )
    for (const words of [
      'config list --json',
      'config list --verbose',
      'config show ci',
      'get-token -p ci -v',
    ])
      await run(words)
    for (const form of ['json', 'yaml', 'header', 'env', 'exec-credential'])
      await run(`get-token -p ci -v --force -o ${form}`)
    await run('get-token -p ci -v --force --client-secret -', { input: clientSecret })
    await run(`get-token -p ci -v --force --client-secret-file ${inputs.secret}`)
    await run('refresh -p ci -v')
    await run('inspect -p ci')
    await run('discover -p ci')
    await run('config delete ci --force')
    expect(new Set(codesOf())).toEqual(new Set([0]))
    expect(leaks()).toEqual([])
  })

  it('when Entra refuses, or the network fails', async () => {
    await run(`config create ci ${profileFlags('daemonWithSecret')} --client-secret -`, {
      input: wrongSecret,
    })
    await run('get-token -p ci -v')
    await run('get-token -p ci -v', { env: { AZURE_CLIENT_SECRET: wrongSecret } })
    await run('get-token -p ci -v --scope api://nobody/.default --client-secret -', { input: clientSecret })
    sandbox.control.addFault({ path: '/token', times: 3, effect: { kind: 'drop' } })
    await run('get-token -p ci -v')
    sandbox.control.addFault({
      path: '/token',
      effect: { kind: 'status', status: 429, retryAfterSeconds: 900 },
    })
    await run('get-token -p ci -v')
    await run('get-token -p ci -v --client-secret -', { input: `${wrongSecret}\nsecond line` })
    await run('get-token -p ci -v', { env: { ENTRA_AUTH_CLI_KEY: `${vaultKey}0` } })
    await run('get-token -p ci -v', { env: { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '' } })
    sandbox.control.clearFaults()
    expect(codesOf()).toEqual([0, 2, 2, 2, 5, 5, 4, 8, 2])
    expect(leaks()).toEqual([])
  })

  it('of a certificate and its password', async () => {
    const create = `config create cert ${profileFlags('daemonWithCertificate')} --certificate ${inputs.pfx}`
    await run(`${create} --scope https://graph.microsoft.com/.default --certificate-password -`, {
      input: certificatePassword,
    })
    await run('get-token -p cert -v')
    await run(`${create} --scope https://graph.microsoft.com/.default --overwrite`)
    await run('get-token -p cert -v')
    await run('get-token -p cert -v', { env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: wrongSecret } })
    await run('get-token -p cert -v --cache-cert-password', {
      env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: certificatePassword },
    })
    await run('get-token -p cert -v --force')
    expect(codesOf()).toEqual([0, 0, 0, 3, 3, 0, 0])
    expect(leaks()).toEqual([])
  })

  it('of a person who signs in in a browser, by it and by a clipboard', async () => {
    const browser = spyProgram('browser', `exec ${quote(person.command)} "$1"`)
    spyProgram('wl-copy', 'cat >/dev/null')
    const env = {
      BROWSER: browser,
      AZURE_CLIENT_SECRET: wrongSecret,
      AZURE_CLIENT_CERTIFICATE_PASSWORD: certificatePassword,
    }
    await run(`config create me ${profileFlags('desktop')} --flow interactive-browser`)
    await run('get-token -p me -v --clipboard', { env })
    await run('get-token -p me -v', { env })
    await run('refresh -p me -v', { env })
    sandbox.control.revokeRefreshTokens('bob@contoso.com')
    await run('refresh -p me -v', { env })
    expect(codesOf()).toEqual([0, 0, 0, 0, 7])
    expect(refreshTokens.mock.results.length).toBeGreaterThan(0)
    expect(codes.mock.results.length).toBeGreaterThan(0)
    expect([seenBy('browser'), seenBy('wl-copy')]).toEqual([
      expect.stringContaining(`HOME=${world.home}`),
      expect.stringContaining(`HOME=${world.home}`),
    ])
    expect(leaks()).toEqual([])
  })

  it('of a vault with a passphrase, on the way to it, in use, and when it is wrong', async () => {
    const browser = spyProgram('browser-of-vault', `exec ${quote(person.command)} "$1"`)
    const env = { ENTRA_AUTH_CLI_PASSPHRASE: passphrase, ENTRA_AUTH_CLI_KEY: '', BROWSER: browser }
    await run(`config create me ${profileFlags('desktop')} --flow interactive-browser`)
    await run(`config create ci ${profileFlags('daemonWithSecret')} --client-secret -`, {
      input: clientSecret,
    })
    await run('vault migrate --to passphrase', { env: { ENTRA_AUTH_CLI_PASSPHRASE: passphrase } })
    await run('get-token -p me -v', { env })
    await run('get-token -p ci -v', { env })
    await run('vault rekey', { env })
    await run('vault status --json', { env })
    await run('doctor --json', { env })
    await run('doctor', { env })
    await run('get-token -p ci -v', { env: { ...env, ENTRA_AUTH_CLI_PASSPHRASE: wrongSecret } })
    await run('get-token -p ci -v', { env: { ENTRA_AUTH_CLI_KEY: '' } })
    expect(codesOf()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8])
    expect(seenBy('browser-of-vault')).toContain(`HOME=${world.home}`)
    expect(leaks()).toEqual([])
  })

  it('of a command that prints the secret, and of one that prints it and fails', async () => {
    const command = spyProgram('secret-command', `cat ${quote(inputs.secret)}`)
    const failing = spyProgram('failing-command', `cat ${quote(inputs.secret)}; exit 1`)
    const create = `config create ci ${profileFlags('daemonWithSecret')} --scope https://graph.microsoft.com/.default`
    const env = { AZURE_CLIENT_CERTIFICATE_PASSWORD: certificatePassword }
    await run(`${create} --client-secret-command ${command}`)
    await run('config show ci')
    await run('get-token -p ci -v', { env })
    await run('doctor', { env })
    await run(`${create} --overwrite --client-secret-command ${failing}`)
    await run('get-token -p ci -v --force', { env })
    expect(codesOf()).toEqual([0, 0, 0, 0, 0, 3])
    expect(seenBy('secret-command')).toContain(`HOME=${world.home}`)
    expect(leaks()).toEqual([])
  })

  it('of an assertion, fitting and not, by variable and by command', async () => {
    const create = `config create ci ${profileFlags('federated')} --scope https://graph.microsoft.com/.default`
    const fitting = await sandbox.control.mintAssertion()
    const strange = await sandbox.control.mintAssertion({ subject: 'nobody' })
    made.push(['assertion', fitting], ['strange assertion', strange])
    const file = join(outside, 'assertion.txt')
    writeFileSync(file, fitting)
    const browser = spyProgram('browser-of-assertion', `exec ${quote(person.command)} "$1"`)
    await run(`${create} --federated-token-env CANARY_ASSERTION`)
    await run('get-token -p ci -v', { env: { CANARY_ASSERTION: fitting } })
    await run('get-token -p ci -v --force', { env: { CANARY_ASSERTION: strange } })
    await run('get-token -p ci -v --force', { env: { CANARY_ASSERTION: fitting.slice(0, -200) } })
    await run('get-token -p ci -v --force', { env: { CANARY_ASSERTION: `${fitting}.more` } })
    await run(`config create me ${profileFlags('desktop')} --flow interactive-browser`)
    await run('get-token -p me -v', { env: { CANARY_ASSERTION: fitting, BROWSER: browser } })
    await run(`${create} --overwrite --federated-token-command ${spyProgram('mint', `cat ${quote(file)}`)}`)
    await run('get-token -p ci -v --force')
    expect(codesOf()).toEqual([0, 0, 2, 2, 1, 0, 0, 0, 0])
    expect([seenBy('browser-of-assertion'), seenBy('mint')]).toEqual([
      expect.stringContaining(`HOME=${world.home}`),
      expect.stringContaining(`HOME=${world.home}`),
    ])
    expect(leaks()).toEqual([])
  })

  it("of the caller's token that is traded for another", async () => {
    await run(`config create me ${profileFlags('desktop')} --scope api://contoso-api/access_as_user`)
    const browser = spyProgram('browser-of-caller', `exec ${quote(person.command)} "$1"`)
    await run('get-token -p me -v', { env: { BROWSER: browser } })
    const caller = results.at(-1)?.stdout.trim() ?? ''
    results = []
    made.push(['token of the caller', caller])
    const secret = { AZURE_CLIENT_SECRET: seedSecrets.contosoApi }
    await run(`config create api ${profileFlags('contosoApi')} --scope https://graph.microsoft.com/User.Read`)
    await run('get-token -p api -v --assertion -', { env: secret, input: caller })
    await run('get-token -p api -v --flow on-behalf-of', {
      env: { ...secret, ENTRA_AUTH_CLI_ASSERTION: caller },
    })
    await run('get-token -p api -v --assertion -', { env: secret, input: caller.slice(0, -200) })
    await run('get-token -p api -v --scope https://graph.microsoft.com/Mail.Read --assertion -', {
      env: secret,
      input: caller,
    })
    expect(codesOf()).toEqual([0, 0, 0, 2, 2])
    expect(leaks()).toEqual([])
  })

  it('of a person who signs in with a device code', async () => {
    await run(`config create me ${profileFlags('desktop')} --flow device-code`)
    const signingIn = run('get-token -p me -v')
    const { userCode } = await eventually(() => {
      const started = deviceCodes.mock.results[0]?.value as { readonly userCode: string } | undefined
      if (!started) throw new Error('no device code was asked for')
      return started
    })
    sandbox.control.approveDeviceCode(userCode, 'bob@contoso.com')
    await signingIn
    expect(codesOf()).toEqual([0, 0])
    expect(leaks()).toEqual([])
  })
})
