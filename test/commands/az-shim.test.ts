import { describe, expect, it } from 'vitest'
import type { ProgramRunner } from '../../src/core/ports.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, profilesPath, recordOf, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const armScope = 'https://management.azure.com/.default'
const armToken: Scene = { form: { scope: armScope }, answer: appAnswer('arm.token.itself') }
const env = { AZURE_CLIENT_SECRET: 's3cret~value', NO_COLOR: '1' }

async function shim(
  words: readonly string[],
  scenes: readonly Scene[] = [],
  options: MemoryHostOptions = {},
) {
  const authority = scriptedAuthority(tenantId, scenes)
  const ran: (readonly string[])[] = []
  const programs: ProgramRunner = { run: async (program) => ran.push(program) && 42 }
  const host = hostWith([daemon], { http: authority.http, now: new Date(), env, programs, ...options })
  const code = await runCommand(['az-shim', ...words], host)
  authority.finish()
  return { code, stdout: host.stdout(), stderr: host.stderr(), ran, host }
}

describe('az account get-access-token', () => {
  it('gives a token for Azure Resource Manager', async () => {
    const { code, stdout, stderr } = await shim(['--', 'account', 'get-access-token'], [armToken])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      accessToken: 'arm.token.itself',
      expiresOn: expect.stringMatching(/^\d{4}-/),
      expires_on: expect.any(Number),
      tenant: tenantId,
      tokenType: 'Bearer',
    })
  })

  it('gives one for another resource, in another tenant', async () => {
    const tenant = '99999999-9999-4999-8999-999999999999'
    const scene: Scene = {
      tenant,
      form: { scope: 'https://vault.azure.net/.default' },
      answer: appAnswer('t'),
    }
    const flags = ['--resource', 'https://vault.azure.net', '--tenant', tenant, '--subscription', 's-1']
    const { stdout } = await shim(['-p', 'ci', '--', 'account', 'get-access-token', ...flags], [scene])
    expect(JSON.parse(stdout)).toMatchObject({ accessToken: 't', tenant, subscription: 's-1' })
  })

  it.each([
    [['--query', 'accessToken', '-o', 'tsv'], 'arm.token.itself\n'],
    [['--query', 'accessToken'], '"arm.token.itself"\n'],
    [['--query', 'nothing'], 'null\n'],
    [['--query', 'nothing', '-o', 'tsv'], '\n'],
    [['-o', 'none'], ''],
  ])('in the form that is asked for: %j', async (flags, expected) => {
    expect((await shim(['--', 'account', 'get-access-token', ...flags], [armToken])).stdout).toBe(expected)
  })

  it('asks nobody to sign in, also at a terminal', async () => {
    const files = { [profilesPath]: JSON.stringify({ profiles: [recordOf()] }) }
    const options = { files, stdin: undefined, stderrIsTerminal: true }
    expect(await shim(['--', 'account', 'get-access-token'], [], options)).toMatchObject({
      code: 7,
      stdout: '',
    })
  })

  it('is never left to the real az', async () => {
    const words = ['--real-az', '/usr/bin/az', '--', 'account', 'get-access-token', '--unknown']
    expect(await shim(words)).toMatchObject({ code: 4, stdout: '', ran: [] })
  })
})

describe('what else az can', () => {
  it('is refused, with what to do', async () => {
    const { code, stdout, stderr } = await shim(['--', 'account', 'show'])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toMatch(/^error: this az answers .*\nhint: .*--real-az/)
  })

  it.each([[['account', 'show', '-o', 'json']], [['--version']], [['group', 'list', '-p', 'x', '--', '-q']]])(
    'is done by the real one where it is named: %j',
    async (words) => {
      expect(await shim(['-p', 'ci', '--real-az', '/usr/bin/az', '--', ...words])).toMatchObject({
        code: 42,
        ran: [['/usr/bin/az', ...words]],
      })
    },
  )

  it('has a version, for programs that look for it', async () => {
    expect(JSON.parse((await shim(['--', 'version', '-o=json'])).stdout)).toMatchObject({
      'azure-cli': '2.54.0',
    })
    expect((await shim(['--', '--version'])).stdout).toMatch(/^azure-cli 2\.54\.0 \(entra-auth-cli /)
  })
})

describe('az-shim --install', () => {
  it('writes a program named az', async () => {
    const { code, stdout, stderr, host } = await shim(['-p', 'CI', '--install', '/opt/shim'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('PATH=/opt/shim:$PATH')
    expect(host.fileMap.get('/opt/shim/az')?.toString()).toContain(
      '\nexec entra-auth-cli az-shim -p ci -- "$@"\n',
    )
    expect(host.openTo.get('/opt/shim/az')).toBe('read')
  })

  it('writes over its own, and over nothing else', async () => {
    const ours = { '/opt/shim/az': '#!/bin/sh\nexec entra-auth-cli az-shim -- "$@"\n' }
    expect((await shim(['--install', '/opt/shim'], [], { files: withProfiles(ours) })).code).toBe(0)
    const files = withProfiles({ '/usr/bin/az': '#!/bin/sh\npython3 -m azure.cli "$@"\n' })
    const { code, host } = await shim(['--install', '/usr/bin'], [], { files })
    expect(code).toBe(1)
    expect(host.fileMap.get('/usr/bin/az')?.toString()).toContain('python3')
  })

  it('leaves what it does not do itself to the real az', async () => {
    const files = withProfiles({ '/usr/bin/az': '#!/bin/sh\n' })
    const { host } = await shim(['--install', '/opt/shim', '--real-az', '/usr/bin/az'], [], { files })
    expect(host.fileMap.get('/opt/shim/az')?.toString()).toContain(' az-shim --real-az /usr/bin/az -- "$@"')
  })

  it.each([
    ['itself', '/opt/shim/az', 4],
    ['another of ours', '/opt/other/az', 4],
    ['nothing', '/opt/none/az', 1],
  ])('takes for the real az not %s', async (_what, realAz, exitCode) => {
    const files = withProfiles({ '/opt/other/az': '#!/bin/sh\nexec entra-auth-cli az-shim -- "$@"\n' })
    const { code, host } = await shim(['--install', '/opt/shim', '--real-az', realAz], [], { files })
    expect(code).toBe(exitCode)
    expect(host.fileMap.has('/opt/shim/az')).toBe(false)
  })

  it('writes nothing for a profile that is not there, or with words for az', async () => {
    expect(await shim(['-p', 'none', '--install', '/opt/shim'])).toMatchObject({ code: 3 })
    expect(await shim(['--install', '/opt/shim', '--', 'version'])).toMatchObject({ code: 4 })
  })

  it('writes az.cmd on Windows', async () => {
    const { host } = await shim(['-p', 'ci', '--install', '/opt/shim'], [], { platform: 'win32' })
    expect(host.fileMap.get('/opt/shim/az.cmd')?.toString()).toContain('az-shim -p "ci" -- %*')
  })
})

/** The profiles that the host has without further files. */
function withProfiles(files: Record<string, string>): Record<string, string> {
  return { [profilesPath]: JSON.stringify({ profiles: [recordOf(daemon)] }), ...files }
}
