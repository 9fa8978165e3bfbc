/** `config create` by its questions, as somebody meets it who has read no manual. */
import { copyFileSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps } from '../../sandbox/seed.ts'
import { filesOf, leftFiles } from '../support/leftovers.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'

describe('config create asks', () => {
  let world: World
  let terminal: TmuxTerminal
  beforeEach(async () => {
    world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
    terminal = await TmuxTerminal.open(world)
  })
  afterEach(async () => {
    await terminal.close()
    world.remove()
  })

  const profiles = () =>
    JSON.parse(readFileSync(join(world.home, '.config/entra-auth-cli/profiles.json'), 'utf8')).profiles

  /** Answers all that comes between the name and the secret. */
  async function chooseSecret() {
    await terminal.shows(/○ With a client secret/)
    await terminal.press('Down', 'Enter')
    await terminal.answer(/Tenant ID/, contosoId)
    await terminal.answer(/Client ID/, seedApps.daemonWithSecret)
    await terminal.shows(/● I have it here/)
    await terminal.press('Enter')
  }

  async function saveIt() {
    await terminal.shows(/◆ +Save it\?/)
    await terminal.press('Enter')
  }

  it('for what a person needs who signs in, and takes the offered answers', async () => {
    await terminal.start('entra-auth-cli config create')
    await terminal.answer(/Profile name/, '')
    await terminal.shows(/● Not at all: a person signs in/)
    await terminal.keep('create-credential')
    await terminal.press('Enter')
    await terminal.answer(/Tenant ID/, 'contoso.onmicrosoft.com')
    await terminal.answer(/Client ID/, seedApps.desktop)
    await terminal.answer(/Scopes \(separated by spaces\)/, '')
    await terminal.shows(/● In a browser on this machine/)
    await terminal.press('Down')
    await terminal.shows(/● On any device, with a code/)
    await terminal.keep('create-sign-in')
    await terminal.press('Enter')
    const summary = await terminal.shows(/◆ +Save it\?/)
    expect(summary).toMatch(/Profile 'default' ─+╮/)
    expect(summary).toMatch(/│ +Credential +none \(a person signs in\) +│/)
    expect(summary).toMatch(/│ +Flow +device-code +│/)
    await terminal.keep('create-summary')
    await terminal.press('Enter')

    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'default' created successfully$/)
    expect(profiles()).toMatchObject([
      {
        name: 'default',
        tenantId: 'contoso.onmicrosoft.com',
        clientId: seedApps.desktop,
        scopes: ['https://graph.microsoft.com/.default'],
        authMethod: 'None',
        defaultFlow: 'DeviceCode',
      },
    ])
  })

  it('for a client secret, which neither the screen nor a file shows', async () => {
    const secret = 'Zx8Q~not.for.eyes_42'
    await terminal.start('entra-auth-cli config create ci')
    await chooseSecret()
    await terminal.shows(/◆ +Client secret/)
    await terminal.type(secret)
    await terminal.shows(/[▪•]{20}/)
    expect(await terminal.everything()).not.toContain(secret)
    await terminal.keep('create-secret')
    await terminal.press('Enter')
    await terminal.answer(/Scopes/, 'api://contoso-api/.default')
    await saveIt()

    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'ci' created successfully$/)
    expect(await terminal.everything()).not.toContain(secret)
    expect(profiles()).toMatchObject([{ name: 'ci', authMethod: 'ClientSecret' }])
    for (const path of filesOf(world)) expect(readFileSync(path), path).not.toContain(secret)
  })

  const fixtures = resolve(import.meta.dirname, '../fixtures/certificates')

  /** Answers all that comes before the certificate. */
  async function chooseCertificate() {
    await terminal.start('entra-auth-cli config create cert')
    await terminal.shows(/○ With a certificate/)
    await terminal.press('Down', 'Down', 'Enter')
    await terminal.answer(/Tenant ID/, contosoId)
    await terminal.answer(/Client ID/, seedApps.daemonWithCertificate)
    await terminal.shows(/● In a file/)
    await terminal.press('Enter')
  }

  it('for a certificate and its key by their files, again where one is not there', async () => {
    copyFileSync(join(fixtures, 'leaf.pem'), join(world.workFolder, 'client.pem'))
    copyFileSync(join(fixtures, 'key-pkcs8.pem'), join(world.home, 'client.key'))
    await chooseCertificate()
    await terminal.answer(/◆ +Certificate file/, 'cleint.pem')
    await terminal.answer(/◆ +Private key file/, 'client.key')
    await terminal.shows(/There is no file ".*cleint\.pem"\. Certificate file/)
    await terminal.keep('create-certificate-again')
    await terminal.type('client.pem')
    await terminal.press('Enter')
    await terminal.answer(/◆ +Private key file/, '~/client.key')
    await terminal.answer(/◆ +Scopes/, '')
    await saveIt()

    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(profiles()).toMatchObject([
      {
        name: 'cert',
        authMethod: 'Certificate',
        certificatePath: join(world.workFolder, 'client.pem'),
        privateKeyPath: join(world.home, 'client.key'),
      },
    ])
  })

  it("for a certificate's password until it is right, and shows it to nobody", async () => {
    await chooseCertificate()
    await terminal.answer(/◆ +Certificate file/, join(fixtures, 'modern.pfx'))
    await terminal.answer(/◆ +Certificate password/, 'not-this-one')
    await terminal.answer(/◆ +That is wrong\. Certificate password/, 'correct-horse')
    await terminal.shows(/◆ +Keep the certificate password, sealed\?/)
    await terminal.keep('create-certificate-password')
    await terminal.press('y')
    await terminal.answer(/◆ +Scopes/, '')
    await saveIt()

    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(await terminal.everything()).not.toMatch(/correct-horse|not-this-one/)
    for (const path of filesOf(world)) expect(readFileSync(path), path).not.toContain('correct-horse')
  })

  it('again until an answer will do, saying what is wrong with it', async () => {
    await terminal.start('entra-auth-cli config create')
    await terminal.answer(/Profile name/, 'a b')
    await terminal.shows(/use letters, digits/)
    await terminal.press('C-u')
    await terminal.answer(/Profile name/, 'work')
    await terminal.shows(/○ With a client secret/)
    await terminal.press('Down', 'Enter')
    await terminal.answer(/Tenant ID/, 'not a tenant')
    await terminal.shows(/that is neither a GUID nor a domain/)
    await terminal.press('C-u')
    await terminal.answer(/Tenant ID/, 'organizations')
    await terminal.answer(/Client ID/, 'Contoso')
    await terminal.shows(/that is not a GUID/)
    await terminal.keep('create-validation')
    await terminal.press('C-u')
    await terminal.answer(/Client ID/, seedApps.daemonWithSecret)
    await terminal.shows(/● I have it here/)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Client secret/, '')
    await terminal.shows(/it cannot be empty/)
    await terminal.press('C-c')
    expect((await terminal.ended()).code).toBe(130)
  })

  it('only for what the flags do not give', async () => {
    await terminal.start(
      `entra-auth-cli config create -n part --client-id ${seedApps.desktop} --flow device-code`,
    )
    await terminal.shows(/● Not at all/)
    await terminal.press('Enter')
    await terminal.answer(/Tenant ID/, contosoId)
    await terminal.answer(/Scopes/, 'User.Read')
    await saveIt()
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).not.toMatch(/◇ +(?:Profile name|Client ID|How does a person sign in)/)
    expect(profiles()).toMatchObject([{ name: 'part', defaultFlow: 'DeviceCode', scopes: ['User.Read'] }])
  })

  it('and makes nothing when Ctrl-C ends it', async () => {
    await terminal.start('entra-auth-cli config create')
    await terminal.answer(/Profile name/, 'half')
    await chooseSecret()
    await terminal.shows(/◆ +Client secret/)
    await terminal.type('half~a~secret')
    await terminal.press('C-c')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(130)
    expect(shown).toMatch(/error: interrupted; nothing was changed$/)
    await terminal.keep('create-interrupted')
    expect(readdirSync(world.home)).toEqual([])
    expect(leftFiles(world)).toEqual([])
    expect((await terminal.run('entra-auth-cli config list')).code).toBe(0)
  })

  it('for a managed identity, which has no tenant and no client to name', async () => {
    await terminal.start('entra-auth-cli config create vm')
    await terminal.shows(/○ As a managed identity/)
    await terminal.press('Down', 'Down', 'Down', 'Enter')
    await terminal.shows(/● The machine's or service's own/)
    await terminal.press('Down', 'Enter')
    await terminal.answer(/◆ +Client ID/, seedApps.desktop)
    await terminal.answer(/◆ +Scopes/, 'https://vault.azure.net/.default')
    await terminal.keep('create-identity')
    await saveIt()
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).not.toMatch(/Tenant ID/)
    expect(profiles()).toMatchObject([
      { name: 'vm', authMethod: 'ManagedIdentity', managedIdentityClientId: seedApps.desktop },
    ])
    expect(profiles()[0]).not.toHaveProperty('clientId')
  })

  it('for a token of another provider, by where it comes from', async () => {
    await terminal.start('entra-auth-cli config create deploy')
    await terminal.shows(/○ With another provider's token/)
    await terminal.press('Up', 'Enter')
    await terminal.answer(/Tenant ID/, contosoId)
    await terminal.answer(/Client ID/, seedApps.federated)
    await terminal.shows(/● A file/)
    await terminal.keep('create-federated')
    await terminal.press('Down', 'Enter')
    await terminal.answer(/◆ +Audience/, '')
    await terminal.answer(/◆ +Scopes/, '')
    await saveIt()
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(profiles()).toMatchObject([{ name: 'deploy', authMethod: 'GitHubActions' }])
  })

  it('and makes nothing where the person, seeing it whole, does not want it', async () => {
    const made = `--tenant-id ${contosoId} --client-id ${seedApps.desktop}`
    await terminal.start(`entra-auth-cli config create ${made}`)
    await terminal.answer(/Profile name/, 'not-this')
    await terminal.shows(/● Not at all/)
    await terminal.press('Enter')
    await terminal.answer(/Scopes/, '')
    await terminal.shows(/● In a browser/)
    await terminal.press('Enter')
    await terminal.shows(/◆ +Save it\?/)
    await terminal.press('Escape')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(130)
    expect(shown).toMatch(/error: interrupted; nothing was changed$/)
    expect(readdirSync(world.home)).toEqual([])
  })

  it('for another name when the name is taken, before it asks for more', async () => {
    const made = `--tenant-id ${contosoId} --client-id ${seedApps.desktop}`
    await terminal.run(`entra-auth-cli config create -n work ${made}`)
    await terminal.start('entra-auth-cli config create')
    await terminal.answer(/Profile name/, 'Work')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(4)
    expect(shown).toMatch(/profile "Work" exists already/)
    expect(shown).not.toMatch(/Tenant ID/)
  })
})
