import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dotnetSecretFile } from '../../src/core/move-in/dotnet-places.ts'
import { readSecret, writeSecret, type SecretKind } from '../../src/core/vault/secrets.ts'
import { silentVoice } from '../../src/core/voice.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const home = '/home/test'
const azadtool = `${home}/.config/azadtool/secure`
const manual = `${home}/.entra-auth-cli`
const env = { HOME: home }

const hidden = (text: string) => Buffer.from(text).map((byte) => byte ^ 0xaa)
const kept = (key: string, folder = azadtool) => join(folder, dotnetSecretFile(key))

async function run(host: MemoryHost, ...words: readonly string[]) {
  const code = await runCommand(['config', 'import', ...words], host)
  return { code, stdout: host.stdout(), stderr: host.stderr() }
}

const secretOf = (host: MemoryHost, name: string, kind: SecretKind = 'client-secret') =>
  readSecret(host, name, kind, silentVoice)
const recordsOf = (host: MemoryHost) =>
  (JSON.parse(host.fileMap.get(profilesPath)!.toString()) as { profiles: Record<string, unknown>[] }).profiles

/** A machine on which the older tool was used. */
const usedBefore = (
  files: MemoryHostOptions['files'],
  records: readonly object[] = [],
  options: MemoryHostOptions = {},
) => hostWith(records, { env, ...options, files: { ...files, ...options.files } })

describe('config import --from-dotnet', () => {
  it('seals the secrets of profiles that both tools keep in one file, and says what to delete', async () => {
    const secret = kept('profile:ci:secret')
    const host = usedBefore(
      {
        [secret]: hidden('canary-one'),
        [kept('profile:pfx:cert-password')]: hidden('canary-two'),
        [kept('token-cache:confidential:ci')]: hidden('tokens'),
        [`${home}/.config/entra-auth-cli/last-token.txt`]: 'eyJ…',
      },
      [daemon, { name: 'pfx', authMethod: 'Certificate', certificatePath: '/c.pfx' }, {}],
    )
    const before = host.fileMap.get(profilesPath)
    const { code, stdout, stderr } = await run(host, '--from-dotnet')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toBe(`✓ The client secret of 'ci' is sealed now
✓ The certificate password of 'pfx' is sealed now
These files of the older tool hold secrets or tokens that nothing protects. Delete them once your profiles work:
  rm -- ${secret}
  rm -- ${kept('token-cache:confidential:ci')}
  rm -- ${kept('profile:pfx:cert-password')}
  rm -- ${home}/.config/entra-auth-cli/last-token.txt
`)
    expect(await secretOf(host, 'ci')).toBe('canary-one')
    expect(await secretOf(host, 'pfx', 'certificate-password')).toBe('canary-two')
    expect(host.fileMap.get(profilesPath)).toBe(before)
    expect(host.fileMap.get(secret)).toEqual(Buffer.from(hidden('canary-one')))
    const ours = [...host.fileMap].filter(([path]) => !path.startsWith(azadtool))
    expect(ours.map(([, content]) => content.toString('latin1')).join()).not.toContain('canary')
  })

  it('brings profiles over from where its manuals say they are', async () => {
    const host = usedBefore({
      [`${manual}/profiles.json`]: JSON.stringify([recordOf({ ...daemon, name: 'Old App' }), recordOf()]),
      [`${manual}/profiles/single.json`]: JSON.stringify({
        name: 'single',
        tenant_id: tenantId,
        client_id: clientId,
        auth_method: 'client_secret',
      }),
      [`${manual}/profiles/broken.json`]: JSON.stringify({ name: 'no-ids' }),
      [kept('profile:Old App:secret')]: hidden('canary'),
    })
    const { code, stderr } = await run(host, '--from-dotnet')
    expect(code).toBe(0)
    expect(stderr).toContain('"Old App" cannot be the name of a profile here; it is called "Old-App"')
    expect(stderr).toContain(
      'warning: "no-ids" is left out: profile "no-ids" cannot be used: the tenant id is missing',
    )
    expect(recordsOf(host).map((record) => record['name'])).toEqual(['Old-App', 'work', 'single'])
    expect(await secretOf(host, 'Old-App')).toBe('canary')
    expect(stderr).not.toContain('canary')
  })

  it('leaves alone what is sealed already, unless it is told otherwise', async () => {
    const host = usedBefore({ [kept('profile:ci:secret')]: hidden('older') }, [daemon])
    await writeSecret(host, 'ci', 'client-secret', 'newer', silentVoice)
    await run(host, '--from-dotnet')
    expect(await secretOf(host, 'ci')).toBe('newer')
    await run(host, '--from-dotnet', '--overwrite')
    expect(await secretOf(host, 'ci')).toBe('older')
  })

  it('changes nothing in a dry run', async () => {
    const host = usedBefore(
      {
        [kept('profile:ci:secret')]: hidden('canary'),
        [`${manual}/profiles.json`]: JSON.stringify([recordOf()]),
      },
      [daemon],
    )
    const before = new Map(host.fileMap)
    const { code, stdout, stderr } = await run(host, '--from-dotnet', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\+ work \(new\)\n/)
    expect(stderr).toBe("The client secret of 'ci' would be sealed.\n")
    expect(host.fileMap).toEqual(before)
  })

  it('says which secret it cannot read, and goes on', async () => {
    const path = kept('profile:ci:secret')
    const host = usedBefore({ [path]: Buffer.from([0x55]) }, [daemon], { keychain: undefined })
    const { code, stderr } = await run(host, '--from-dotnet')
    expect(code).toBe(1)
    expect(stderr).toContain(`the secret of "ci" in "${path}" cannot be read; it was left as it is`)
  })

  it('says how to get there where nothing is found', async () => {
    const { code, stderr } = await run(usedBefore({}), '--from-dotnet')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: nothing of the older tool was found\nhint: export it there/)
  })

  it('reads the keychain on macOS, and says what to delete there', async () => {
    const host = usedBefore({}, [daemon], { platform: 'darwin' })
    host.keychainItems.set('profile:ci:secret', Buffer.from('canary'))
    const { code, stderr } = await run(host, '--from-dotnet')
    expect(code).toBe(0)
    expect(await secretOf(host, 'ci')).toBe('canary')
    expect(stderr).toContain('  security delete-generic-password -s entra-auth-cli -a profile:ci:secret\n')
  })

  it('has Windows open what it protects, and no secret or path in a command line', async () => {
    const windows = { USERPROFILE: String.raw`C:\Users\O'Neil`, APPDATA: String.raw`C:\Users\O'Neil\Roaming` }
    const path =
      String.raw`C:\Users\O'Neil\Roaming\entra-auth-cli\secure` + '\\' + dotnetSecretFile('profile:ci:secret')
    const commands: string[] = []
    const host = hostWith([daemon], {
      platform: 'win32',
      env: windows,
      files: { [path]: 'protected' },
      command: (line) => {
        commands.push(line)
        return { kind: 'output', stdout: Buffer.from(Buffer.from('canary').toString('base64')) }
      },
    })
    const { code, stderr } = await run(host, '--from-dotnet')
    expect(code).toBe(0)
    expect(await secretOf(host, 'ci')).toBe('canary')
    const [, encoded] = /^powershell\.exe -NoProfile -NonInteractive -EncodedCommand ([A-Za-z0-9+/=]+)$/.exec(
      commands[0]!,
    )!
    const script = Buffer.from(encoded!, 'base64').toString('utf16le')
    expect(script).toContain(`[IO.File]::ReadAllBytes('${path.replace("'", "''")}')`)
    expect(stderr).toContain(`  Remove-Item -LiteralPath '${path.replace("'", "''")}'\n`)
  })

  it('is named by get-token where the older tool kept the secret that is missing', async () => {
    const host = usedBefore({ [kept('profile:ci:secret')]: hidden('canary') }, [daemon])
    expect(await runCommand(['get-token', '-p', 'ci'], host)).toBe(3)
    expect(host.stderr()).toContain(
      'hint: the older tool kept one: "entra-auth-cli config import --from-dotnet"',
    )
  })
})

describe('config import --from-env', () => {
  const azure = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: 'canary' }

  it('makes a profile and seals its secret', async () => {
    const host = hostWith([], { env: azure })
    expect(await run(host, '--from-env', '-n', 'ci')).toEqual({
      code: 0,
      stdout: '',
      stderr: "✓ Profile 'ci' imported successfully\n",
    })
    expect(await secretOf(host, 'ci')).toBe('canary')
    expect(recordsOf(host)).toMatchObject([{ name: 'ci', tenantId, clientId, authMethod: 'ClientSecret' }])
  })

  it('has a name for it', async () => {
    const host = hostWith([], { env: azure })
    await run(host, '--from-env', '-q')
    expect(recordsOf(host)).toMatchObject([{ name: 'azure' }])
  })

  it.each([
    [{}, 4, 'AZURE_TENANT_ID and AZURE_CLIENT_ID are not set'],
    [{ ...azure, AZURE_CLIENT_ID: 'x' }, 1, 'the client id "x" is not a GUID'],
    [{ ...azure, AZURE_AUTHORITY_HOST: 'http://login.example' }, 4, 'is not an authority URL'],
  ])('refuses %j', async (variables, code, said) => {
    const host = hostWith([], { env: variables })
    const result = await run(host, '--from-env')
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(said)
    expect(result.stderr).not.toContain('canary')
  })
})

describe('config import --from-az', () => {
  const subscription = {
    isDefault: true,
    tenantId,
    environmentName: 'AzureCloud',
    user: { name: 'a@b.example', type: 'user' },
  }
  const azureProfile = `\ufeff${JSON.stringify({ subscriptions: [subscription] })}`

  it('makes a profile of ids alone', async () => {
    const host = hostWith([], { env, files: { [`${home}/.azure/azureProfile.json`]: azureProfile } })
    expect(await run(host, '--from-az', '--client-id', clientId)).toMatchObject({ code: 0, stdout: '' })
    expect(recordsOf(host)).toMatchObject([{ name: 'az', tenantId, clientId, authMethod: 'None' }])
  })

  it('looks where AZURE_CONFIG_DIR says', async () => {
    const host = hostWith([], {
      env: { AZURE_CONFIG_DIR: '/azure' },
      files: { '/azure/azureProfile.json': azureProfile },
    })
    expect((await run(host, '--from-az', '--client-id', clientId, '-n', 'mine')).code).toBe(0)
    expect(recordsOf(host)).toMatchObject([{ name: 'mine' }])
  })

  it("does not use the Azure CLI's own app", async () => {
    const host = hostWith([], { env, files: { [`${home}/.azure/azureProfile.json`]: azureProfile } })
    const { code, stderr } = await run(host, '--from-az')
    expect(code).toBe(4)
    expect(stderr).toContain('hint: add --client-id with an app registration of yours')
  })

  it('says what is missing where the Azure CLI was never used', async () => {
    expect((await run(hostWith([], { env }), '--from-az')).stderr).toContain('.azure/azureProfile.json"')
  })
})
