import { describe, expect, it } from 'vitest'
import { memoryHost, type MemoryHostOptions } from '../../../support/memory-host.ts'
import { examined } from './examining.ts'

const at = (options: MemoryHostOptions) => examined(memoryHost(options))

describe('the program', () => {
  it('is told with its Node and its platform', async () => {
    expect((await at({})).the('program')).toEqual({
      name: 'program',
      status: 'ok',
      fact: 'entra-auth-cli 1.2.3 with Node 22.12.0 on linux x64',
    })
  })

  it.each([
    ['20.18.0', { status: 'ok' }],
    ['20.17.9', { status: 'warning', remedy: 'install Node 20.18 or later' }],
    ['18.20.8', { status: 'warning', remedy: 'install Node 20.18 or later' }],
    ['26.0.0', { status: 'ok' }],
  ])('on Node %s is judged: %j', async (nodeVersion, expected) => {
    expect((await at({ machine: { nodeVersion } })).the('program')).toMatchObject(expected)
  })
})

describe('the place', () => {
  it.each([
    [{}, 'this machine itself: no container, no SSH session, no CI job'],
    [{ isWsl: true }, 'Windows Subsystem for Linux'],
    [{ isContainer: true, isSsh: true }, 'a container, an SSH session'],
    [{ isCi: true }, 'a CI job'],
  ])('%j is named', async (machine, fact) => {
    expect((await at({ machine })).the('place')).toEqual({ name: 'place', status: 'ok', fact })
  })

  it('may have a person at a terminal', async () => {
    expect((await at({ stderrIsTerminal: true })).the('terminal')).toMatchObject({ status: 'ok' })
    expect((await at({ stdin: '', stderrIsTerminal: true })).the('terminal')).toMatchObject({
      status: 'not_applicable',
    })
  })

  it('may have a browser', async () => {
    expect((await at({})).the('browser')).toMatchObject({ status: 'ok' })
    expect((await at({ browserObstacle: 'this is a container' })).the('browser')).toEqual({
      name: 'browser',
      status: 'not_applicable',
      fact: 'none can be opened (this is a container); sign in with --flow device-code',
    })
  })
})

describe('variables', () => {
  it('are told by name, and never with what they hold', async () => {
    const env = {
      ENTRA_AUTH_CLI_PROFILE: 'c4n4ry-1',
      AZURE_CLIENT_SECRET: 'c4n4ry-2',
      https_proxy: 'http://me:c4n4ry-3@proxy',
      NO_PROXY: 'c4n4ry-4',
      NODE_EXTRA_CA_CERTS: 'c4n4ry-5',
      BROWSER: 'c4n4ry-6',
      CI: 'c4n4ry-7',
      SSH_TTY: 'c4n4ry-8',
      WAYLAND_DISPLAY: 'c4n4ry-9',
      NO_COLOR: '',
      SOMETHING_ELSE: 'c4n4ry-0',
    }
    const { the, checks } = await at({ env })
    expect(the('variables').fact).toBe(
      'set: AZURE_CLIENT_SECRET, BROWSER, CI, ENTRA_AUTH_CLI_PROFILE, NODE_EXTRA_CA_CERTS, NO_PROXY, SSH_TTY, WAYLAND_DISPLAY, https_proxy',
    )
    expect(JSON.stringify(checks)).not.toContain('c4n4ry')
  })

  it('are those too by which a CI job or a pod names its app', async () => {
    const names = [
      'ACTIONS_ID_TOKEN_REQUEST_URL',
      'AZURE_AUTHORITY_HOST',
      'AZURE_CLIENT_ID',
      'AZURE_FEDERATED_TOKEN_FILE',
      'AZURE_TENANT_ID',
      'GITHUB_ACTIONS',
      'SYSTEM_OIDCREQUESTURI',
    ]
    const env = Object.fromEntries(names.map((name) => [name, 'c4n4ry']))
    expect((await at({ env })).the('variables').fact).toBe(`set: ${names.join(', ')}`)
  })

  it('may be none', async () => {
    expect((await at({})).the('variables').fact).toBe('none that matters is set')
  })

  const secrets = [
    ['AZURE_CLIENT_SECRET', 'config edit NAME --client-secret -'],
    ['AZURE_CLIENT_CERTIFICATE_PASSWORD', 'get-token -p NAME --cache-cert-password'],
    ['ENTRA_AUTH_CLI_KEY', 'ENTRA_AUTH_CLI_KEY_FILE'],
    ['ENTRA_AUTH_CLI_ASSERTION', 'get-token --assertion -'],
    ['ENTRA_AUTH_CLI_PASSPHRASE', 'ENTRA_AUTH_CLI_PASSPHRASE_FILE'],
  ] as const
  it.each(secrets)('such as %s are better not secrets', async (variable, better) => {
    const { the } = await at({ env: { [variable]: 'ab'.repeat(32) } })
    expect(the('secret-variable')).toEqual({
      name: 'secret-variable',
      subject: variable,
      status: 'warning',
      fact: `${variable} holds a secret, which every program started from here can read`,
      remedy: expect.stringContaining(better) as string,
    })
  })

  it.each(secrets)('such as %s are how a CI job gets its secrets', async (variable) => {
    const { all } = await at({ env: { [variable]: 'ab'.repeat(32) }, machine: { isCi: true } })
    expect(all('secret-variable')).toEqual([])
  })

  it('that turn off the check of certificates are told', async () => {
    expect((await at({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).the('tls-checks')).toMatchObject({
      status: 'warning',
      remedy: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
    })
    expect((await at({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '1' } })).all('tls-checks')).toEqual([])
  })

  it('that name certificates which are not there are told', async () => {
    const env = { NODE_EXTRA_CA_CERTS: '/ca.pem' }
    expect((await at({ env })).the('extra-ca-certs')).toMatchObject({
      status: 'warning',
      remedy: 'export NODE_EXTRA_CA_CERTS=FILE.pem',
    })
    expect((await at({ env, files: { '/ca.pem': 'x' } })).all('extra-ca-certs')).toEqual([])
  })
})
