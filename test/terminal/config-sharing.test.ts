import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dotnetSecretFile } from '../../src/core/move-in/dotnet-places.ts'
import { cli, succeeded } from '../support/cli.ts'
import { dotnetExport, dotnetPassphrase } from '../support/dotnet-export.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import { TmuxTerminal } from '../support/tmux.ts'

const ids = { tenantId: 'contoso.onmicrosoft.com', clientId: '12345678-1234-4234-8234-123456789abc' }
const create = ['--tenant-id', ids.tenantId, '--client-id', ids.clientId]
const passphrase = 'marble engine quiet lantern'

let world: World
let terminal: TmuxTerminal
beforeAll(async () => {
  world = makeWorld({ ENTRA_AUTH_CLI_KEY: '5a'.repeat(32) })
  terminal = await TmuxTerminal.open(world)
  succeeded(
    await cli(['config', 'create', 'ci', ...create, '--client-secret', '-'], {
      world,
      input: 's3cret~value',
    }),
  )
})
afterAll(async () => {
  await terminal?.close()
  world?.remove()
})

const write = (name: string, document: unknown) =>
  writeFileSync(join(world.workFolder, name), JSON.stringify(document))
const names = async () =>
  (await terminal.run('entra-auth-cli config list 2> /dev/null | cat')).shown.split('\n')

describe('an export with secrets, on a terminal', () => {
  it('asks for the passphrase twice, shows no letter of it, and gives up where the two differ', async () => {
    await terminal.start('entra-auth-cli config export ci --include-secrets -o no.age')
    await terminal.answer(/Passphrase for the export/, passphrase)
    await terminal.answer(/The same again/, 'something else')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(4)
    expect(shown).toContain('error: the two passphrases differ; nothing was written')
    expect(shown).not.toContain('marble')
  })

  it('writes the file, and an import asks until the passphrase is right', async () => {
    await terminal.start('entra-auth-cli config export ci --include-secrets -o ci.age')
    await terminal.answer(/Passphrase for the export/, passphrase)
    await terminal.answer(/The same again/, passphrase)
    expect((await terminal.ended()).shown).toMatch(/✓ 1 profile exported to ci\.age$/)

    await terminal.start('entra-auth-cli config import -i ci.age -n second')
    await terminal.answer(/Passphrase of the export/, 'mistyped')
    await terminal.shows(/that passphrase does not open it/)
    await terminal.answer(/does not open it[^]*Passphrase of the export/, passphrase)
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toMatch(/✓ Profile 'second' imported successfully$/)
    expect(await names()).toEqual(['ci', 'second'])
  })

  it('is text where it goes to the terminal itself', async () => {
    await terminal.start('entra-auth-cli config export ci --include-secrets')
    await terminal.answer(/Passphrase for the export/, passphrase)
    await terminal.answer(/The same again/, passphrase)
    expect((await terminal.ended()).shown).toMatch(/-----END AGE ENCRYPTED FILE-----$/)
  })
})

describe('an import, on a terminal', () => {
  it('asks for each name that is taken, by arrow keys', async () => {
    const app = { ...ids, cloud: 'usgov' }
    write('team.json', [
      { name: 'ci', ...app },
      { name: 'second', ...app },
      { name: 'third', ...app },
    ])
    await terminal.start('entra-auth-cli config import -i team.json')
    await terminal.shows(/Profile 'ci' already exists\./)
    await terminal.keep('import-conflict')
    await terminal.press('Enter')
    await terminal.shows(/Profile 'second' already exists\./)
    await terminal.press('Down', 'Down', 'Enter')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toContain("✓ Profile 'second-2' imported successfully")
    expect(shown).toContain("Profile 'ci' was skipped.")
    expect(await names()).toEqual(['ci', 'second', 'second-2', 'third'])
  })

  it('changes nothing on Ctrl-C', async () => {
    write('more.json', [
      { name: 'fourth', ...ids },
      { name: 'ci', ...ids, cloud: 'china' },
    ])
    await terminal.start('entra-auth-cli config import -i more.json')
    await terminal.shows(/Profile 'ci' already exists\./)
    await terminal.press('C-c')
    expect((await terminal.ended()).code).toBe(130)
    expect(await names()).not.toContain('fourth')
  })

  it('shows a command before it takes it, and takes it on a yes alone', async () => {
    const profile = { name: 'cmd', ...ids, clientSecretCommand: 'op read op://ci/app/secret' }
    write('command.json', profile)
    await terminal.start('entra-auth-cli config import -i command.json')
    await terminal.shows(/"cmd" runs a command whenever it needs its secret: op read op:\/\/ci\/app\/secret/)
    await terminal.shows(/Import it all the same\?/)
    await terminal.press('Enter')
    expect((await terminal.ended()).shown).toContain('nothing was imported')
    expect(await names()).not.toContain('cmd')
    await terminal.start('entra-auth-cli config import -i command.json')
    await terminal.shows(/Import it all the same\?/)
    await terminal.press('y')
    expect((await terminal.ended()).code).toBe(0)
    expect(await names()).toContain('cmd')
  })

  it("takes the older tool's export as it is pasted", async () => {
    await terminal.start('entra-auth-cli config import -n pasted')
    await terminal.answer(/File to import, or the export itself/, dotnetExport)
    await terminal.answer(/Passphrase of the export/, dotnetPassphrase)
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(await names()).toContain('pasted')
  })
})

describe('whoever starts without profiles where the older tool has some', () => {
  const config = () => join(world.home, '.config/entra-auth-cli')

  beforeAll(() => {
    rmSync(config(), { recursive: true, force: true })
    const [manual, hidden] = ['.entra-auth-cli', '.config/azadtool/secure'].map((name) =>
      join(world.home, name),
    )
    for (const folder of [manual!, hidden!]) mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(manual!, 'profiles.json'),
      JSON.stringify([{ name: 'old', ...ids, authMethod: 'ClientSecret' }]),
    )
    const secret = Buffer.from('older~secret').map((byte) => byte ^ 0xaa)
    writeFileSync(join(hidden!, dotnetSecretFile('profile:old:secret')), secret)
  })

  it('is not asked in a script', async () => {
    expect((await cli(['config', 'list'], { world })).stderr).toContain('No profiles found')
  })

  it('is not asked with --no-interaction, and is asked by config list', async () => {
    await terminal.start(
      'entra-auth-cli get-token --flow device-code --scope a/.default --no-interaction -o json | cat',
    )
    await terminal.shows(/there are no profiles yet/)
    await terminal.ended()
    await terminal.start('entra-auth-cli config list')
    await terminal.shows(/The older \.NET tool left profiles on this machine\. Bring them over/)
    await terminal.keep('dotnet-offer')
    await terminal.press('Enter')
    const { code, shown } = await terminal.ended()
    expect(code, shown).toBe(0)
    expect(shown).toContain("✓ Profile 'old' imported successfully")
    expect(shown).toMatch(/rm -- \S+azadtool\/secure\/\w+\.dat/)
    expect(shown).toMatch(/^old +client-credentials/m)
    expect(readFileSync(join(config(), 'profiles.json'), 'utf8')).not.toContain('older~secret')
  })

  it('is asked once in all', async () => {
    rmSync(join(config(), 'profiles.json'))
    const { shown } = await terminal.run('entra-auth-cli config list')
    expect(shown).toMatch(/^No profiles found\./)
  })

  it('is told how to do it later, on a no', async () => {
    rmSync(join(config(), 'dotnet-offer.json'))
    await terminal.start('entra-auth-cli get-token')
    await terminal.shows(/Bring them over/)
    await terminal.press('n')
    const { code, shown } = await terminal.ended()
    expect(code).toBe(3)
    expect(shown).toContain('"entra-auth-cli config import --from-dotnet" does it later.')
    expect(shown).toContain('error: there are no profiles yet')
  })
})
