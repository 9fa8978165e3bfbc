/** `discover` as somebody meets it who looks for an app: the list, what matters about the app, and a profile of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  contosoId,
  seedApps,
  seedDirectory,
  seedSecrets,
  withManyApps,
  type SeedContext,
} from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { filesOf } from '../support/leftovers.ts'
import { startSandboxWorld, type SandboxWorld } from '../support/sandbox-world.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'

describe.each([80, 120])('discover in a terminal of %i columns', (columns) => {
  let world: SandboxWorld
  let terminal: TmuxTerminal
  let place: string
  beforeEach(async () => {
    world = await startSandboxWorld()
    const { caFile, origin } = world.sandbox
    const person = `entra-auth-cli sandbox sign-in --user bob@contoso.com --ca-file ${caFile}`
    // A variable keeps the command on one line of a narrow screen.
    place = '$AT'
    terminal = await TmuxTerminal.open(world, {
      columns,
      rows: 40,
      env: {
        BROWSER: person,
        ENTRA_AUTH_CLI_INTERACTIVE: '1',
        AT: `--authority ${origin} --graph-url ${origin} --ca-file ${caFile}`,
      },
    })
  })
  afterEach(async () => {
    await terminal.close()
    await world.end()
  })

  const profilesFile = () => join(world.home, '.config/entra-auth-cli/profiles.json')
  const profiles = () => JSON.parse(readFileSync(profilesFile(), 'utf8')).profiles

  it('lets a person sign in, choose by typing, read and make a profile, which is then checked', async () => {
    await terminal.start(`entra-auth-cli discover -t contoso.com -s 'Contoso*' ${place}`)
    const list = await terminal.shows(/Which app\? \(9 found\)/)
    expect(list).toMatch(/Contoso API/)
    await terminal.keep(`discover-list-${columns}`)
    await terminal.type('desk')
    await terminal.shows(/desk.*\n(?!.*Contoso API)[^]*Contoso Desktop/)
    await terminal.keep(`discover-filtered-${columns}`)
    await terminal.press('Enter')

    const details = await terminal.shows(/Make a profile of it\?/)
    expect(details).toMatch(/Client ID: de5c0000-0000-4000-a000-000000000003/)
    expect(details).toMatch(/http:\/\/localhost \(mobile and desktop\)/)
    expect(details).toMatch(/Microsoft Graph: User\.Read\.All \(delegated, admin consent\)/)
    expect(details).toMatch(
      /Admin consent: https:\/\/localhost:\d+\/c0270500[^ ]+\/adminconsent\?client_id=de5c0000/,
    )
    expect(details).toMatch(
      /A profile would use interactive-browser: its redirect URI http:\/\/localhost leads/,
    )
    await terminal.keep(`discover-details-${columns}`)
    await terminal.press('y')
    await terminal.shows(/Profile name/)
    await terminal.shows(/contoso-desktop/)
    await terminal.keep(`discover-name-${columns}`)
    await terminal.press('Enter')
    await terminal.answer(/Scopes \(separated by spaces\)/, '')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'contoso-desktop' created successfully/)
    expect(profiles()).toMatchObject([
      {
        name: 'contoso-desktop',
        tenantId: contosoId,
        clientId: seedApps.desktop,
        authMethod: 'None',
        defaultFlow: 'InteractiveBrowser',
        authority: world.sandbox.origin,
        graphUrl: world.sandbox.origin,
        caFile: world.sandbox.caFile,
      },
    ])

    const checked = await terminal.run('entra-auth-cli config check -p contoso-desktop')
    await terminal.keep(`config-check-${columns}`)
    expect(checked.code, checked.shown).toBe(0)
    expect(checked.shown).toMatch(/✓ redirect uri +"http:\/\/localhost" is registered for mobile and desktop/)
  })

  it('asks for the secret of an app that proves itself, and shows it to nobody', async () => {
    await terminal.start(`entra-auth-cli discover -s ${seedApps.daemonWithSecret} ${place}`)
    // The only one that was found needs no list.
    const details = await terminal.shows(/Make a profile of it\?/)
    expect(details).not.toMatch(/Which app\?/)
    await terminal.press('y')
    await terminal.answer(/Profile name/, 'ci')
    await terminal.answer(/Scopes \(separated by spaces\)/, '')
    await terminal.shows(/● Not at all: a person signs in/)
    await terminal.press('Down', 'Enter')
    await terminal.shows(/● I have it here/)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Client secret/, seedSecrets.daemonWithSecret)
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(await terminal.everything()).not.toContain(seedSecrets.daemonWithSecret)
    for (const path of filesOf(world)) {
      expect(readFileSync(path), path).not.toContain(seedSecrets.daemonWithSecret)
    }
    expect(profiles()).toMatchObject([
      { name: 'ci', authMethod: 'ClientSecret', defaultFlow: 'ClientCredentials' },
    ])
    expect((await terminal.run('entra-auth-cli config check ci')).code).toBe(0)
  })

  it('makes nothing when nobody wants it, and nothing when Ctrl-C ends the list', async () => {
    await terminal.start(`entra-auth-cli discover -s ${seedApps.web} ${place}`)
    await terminal.shows(/Make a profile of it\?/)
    await terminal.press('Enter')
    expect((await terminal.ended()).code).toBe(0)
    await terminal.start(`entra-auth-cli discover -s 'Contoso*' ${place}`)
    await terminal.shows(/Which app\?/)
    await terminal.press('C-c')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(130)
    expect(shown).toMatch(/error: interrupted; nothing was changed$/)
    expect(existsSync(profilesFile())).toBe(false)
  })

  it('asks nobody where the answer goes into a pipe, or where it is told not to', async () => {
    const search = `entra-auth-cli discover -s 'Contoso D*' ${place}`
    const piped = await terminal.run(`${search} | jq -r '.[].display_name'`)
    expect(piped.shown).toMatch(/Contoso Daemon\nContoso Daemon \(certificate\)\nContoso Desktop$/)
    const table = await terminal.run(`${search} -o text`)
    await terminal.keep(`discover-table-${columns}`)
    expect(table.shown).toMatch(/^NAME +CLIENT ID +CREDENTIALS/m)
    for (const line of table.shown.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    const quiet = await terminal.run(`${search} -q`)
    expect(quiet).toEqual({ code: 0, shown: '' })
  })
})

describe('discover in a tenant with thousands of apps', () => {
  let world: World
  let sandbox: Sandbox
  let terminal: TmuxTerminal
  beforeEach(async () => {
    world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
    const folder = join(world.root, 'sandbox')
    const seed = (context: SeedContext) => withManyApps(seedDirectory(context), 2_500)
    sandbox = await startSandbox({ port: 0, folder, seed })
    const { caFile, origin } = sandbox
    terminal = await TmuxTerminal.open(world, {
      env: {
        BROWSER: `entra-auth-cli sandbox sign-in --user bob@contoso.com --ca-file ${caFile}`,
        ENTRA_AUTH_CLI_INTERACTIVE: '1',
        AT: `--authority ${origin} --graph-url ${origin} --ca-file ${caFile}`,
      },
    })
  })
  afterEach(async () => {
    await terminal.close()
    await sandbox.close()
    world.remove()
  })

  it('says how far it is, and finds one of them by a few letters of its name', async () => {
    await terminal.start('entra-auth-cli discover -t contoso.com $AT')
    const shown = await terminal.shows(/Which app\? \(2509 found\)/)
    expect(shown).toMatch(/looked at 999\.\.\.\n +looked at 1998\.\.\./)
    await terminal.type('2340 bill')
    await terminal.shows(/\(1 match\)[^]*● Team 2340 Billing API/)
    await terminal.keep('discover-many')
    await terminal.press('Enter')
    expect(await terminal.shows(/Make a profile of it\?/)).toMatch(/^Team 2340 Billing API\n {2}Client ID: /m)
    await terminal.press('Enter')
    expect((await terminal.ended()).code).toBe(0)
  })
})
