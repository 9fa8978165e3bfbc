/** `config edit` by its menu, as a person goes through it with the arrow keys. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps } from '../../sandbox/seed.ts'
import { filesOf } from '../support/leftovers.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'

describe('config edit on a terminal', () => {
  let world: World
  let terminal: TmuxTerminal
  beforeEach(async () => {
    world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
    terminal = await TmuxTerminal.open(world, { columns: 80, rows: 30 })
    const made = `--tenant-id ${contosoId} --client-id ${seedApps.desktop}`
    expect((await terminal.run(`entra-auth-cli config create -n work ${made} -q`)).code).toBe(0)
  })
  afterEach(async () => {
    await terminal.close()
    world.remove()
  })

  const file = () => readFileSync(join(world.home, '.config/entra-auth-cli/profiles.json'), 'utf8')
  const profile = () => JSON.parse(file()).profiles[0] as Record<string, unknown>
  const down = (count: number) => terminal.press(...Array.from({ length: count }, () => 'Down'))

  it('shows every field with what it is, and nothing wider than the screen', async () => {
    await terminal.start('entra-auth-cli config edit work')
    const shown = await terminal.shows(/◆ +Profile 'work': what to change\?/)
    expect(shown.split('\n').map((line) => line.trimEnd())).toEqual(
      expect.arrayContaining([
        '│  ● Name          work',
        '│  ○ Credential    none (a person signs in)',
        `│  ○ Tenant ID     ${contosoId}`,
        `│  ○ Client ID     ${seedApps.desktop}`,
        '│  ○ Scopes        https://graph.microsoft.com/.default (default)',
        '│  ○ Flow          interactive-browser (by the credential)',
        '│  ○ Redirect URI  http://localhost (default)',
        '│  ○ Cloud         public (default)',
        '│  ○ Quit',
      ]),
    )
    await terminal.keep('edit-menu')
    await terminal.press('Escape')
    const { code, shown: end } = await terminal.ended()
    expect(code).toBe(0)
    expect(end).toMatch(/Nothing was changed\.$/)
  })

  it('changes what is chosen, and saves it at once', async () => {
    await terminal.start('entra-auth-cli config edit')
    await terminal.shows(/● Name/)
    await down(4)
    await terminal.shows(/● Scopes/)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Scopes/, 'User.Read Mail.Read')
    await terminal.shows(/○ Scopes +User\.Read Mail\.Read \(changed\)/)
    await terminal.shows(/● Save and quit/)
    await terminal.press('Up', 'Up', 'Up', 'Up', 'Up', 'Up')
    await terminal.shows(/● Flow/)
    await terminal.press('Enter')
    await terminal.shows(/● The one that goes with the credential/)
    await terminal.press('Down', 'Down', 'Down')
    await terminal.shows(/● device-code/)
    await terminal.keep('edit-flow')
    await terminal.press('Enter')
    await terminal.shows(/● Save and quit/)
    await terminal.keep('edit-changed')
    await terminal.press('Enter')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'work' updated$/)
    expect(profile()).toMatchObject({ scopes: ['User.Read', 'Mail.Read'], defaultFlow: 'DeviceCode' })
  })

  it('takes an id that is pasted over the old one, and asks again for what is none', async () => {
    await terminal.start('entra-auth-cli config edit work')
    await terminal.shows(/● Name/)
    await down(3)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Client ID/, 'Contoso')
    await terminal.shows(/that is not a GUID/)
    await terminal.keep('edit-validation')
    await terminal.press('C-u')
    await terminal.paste(`  ${seedApps.daemonWithSecret}\n\n`)
    await terminal.shows(new RegExp(seedApps.daemonWithSecret))
    await terminal.press('Enter')
    await terminal.shows(/● Save and quit/)
    await terminal.press('Enter')
    expect((await terminal.ended()).code).toBe(0)
    expect(profile()).toMatchObject({ clientId: seedApps.daemonWithSecret })
  })

  it('takes a pasted secret, and neither the screen nor a file shows it', async () => {
    const secret = 'Zx8Q~not.for.eyes_42'
    await terminal.start('entra-auth-cli config edit work')
    await terminal.shows(/● Name/)
    await down(1)
    await terminal.press('Enter')
    await terminal.shows(/● Not at all/)
    await terminal.press('Down', 'Enter')
    await terminal.shows(/● I have it here/)
    await terminal.keep('edit-secret-place')
    await terminal.press('Enter')
    await terminal.shows(/◆ +Client secret/)
    await terminal.paste(`${secret}\nand a second line\n`)
    await terminal.press('Enter')
    await terminal.shows(/that was more than one line: paste the secret alone/)
    await terminal.keep('edit-secret-lines')
    await terminal.paste(`${secret}\u001b[31m\n`)
    await terminal.shows(/[▪•]{20}/)
    await terminal.press('Enter')
    await terminal.shows(/Credential +client secret, sealed \(changed\)/)
    await terminal.keep('edit-secret')
    await terminal.press('Enter')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(await terminal.everything()).not.toContain(secret)
    for (const path of filesOf(world)) expect(readFileSync(path), path).not.toContain(secret)
    expect(profile()).toMatchObject({ authMethod: 'ClientSecret' })
    expect((await terminal.run('entra-auth-cli config edit work --rename other')).code).toBe(0)
  })

  it('goes back on Escape, and asks before it throws changes away', async () => {
    const before = file()
    await terminal.start('entra-auth-cli config edit work')
    await terminal.shows(/● Name/)
    await terminal.press('Enter')
    await terminal.shows(/◆ +Name/)
    await terminal.press('Escape')
    await terminal.shows(/● Name +work\n/)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Name/, '-two')
    await terminal.shows(/Name +work-two \(changed\)/)
    await terminal.press('Escape')
    await terminal.shows(/Throw the change away\?/)
    await terminal.keep('edit-leave')
    await terminal.press('Enter')
    await terminal.shows(/● Save and quit/)
    await terminal.press('Down')
    await terminal.shows(/● Quit without saving/)
    await terminal.press('Enter')
    await terminal.shows(/Throw the change away\?/)
    await terminal.press('y')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(0)
    expect(shown).toMatch(/Nothing was changed\.$/)
    expect(file()).toBe(before)
  })

  it('leaves nothing behind on Ctrl-C', async () => {
    const before = file()
    await terminal.start('entra-auth-cli config edit work')
    await terminal.shows(/● Name/)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Name/, '-two')
    await terminal.shows(/● Save and quit/)
    await terminal.press('C-c')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(130)
    expect(shown).toMatch(/error: interrupted; nothing was changed$/)
    expect(file()).toBe(before)
  })

  it('tells what another changed meanwhile, shows it, and saves when told again', async () => {
    await terminal.start('entra-auth-cli config edit work')
    await terminal.shows(/● Name/)
    await down(2)
    await terminal.press('Enter')
    await terminal.answer(/◆ +Tenant ID/, 'contoso.com')
    await terminal.shows(/● Save and quit/)
    const other = await TmuxTerminal.open(world)
    try {
      const edit = 'entra-auth-cli config edit work --tenant-id fabrikam.com --flow device-code'
      expect((await other.run(edit)).code).toBe(0)
    } finally {
      await other.close()
    }
    await terminal.press('Enter')
    await terminal.shows(
      /warning: "work" changed meanwhile: tenantId is "fabrikam\.com" by now; nothing was saved/,
    )
    await terminal.shows(/○ Flow +device-code\n/)
    await terminal.keep('edit-meanwhile')
    expect(profile()).toMatchObject({ tenantId: 'fabrikam.com' })
    await terminal.shows(/● Save and quit/)
    await terminal.press('Enter')
    expect((await terminal.ended()).code).toBe(0)
    expect(profile()).toMatchObject({ tenantId: 'contoso.com', defaultFlow: 'DeviceCode' })
  })
})
