import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../src/core/ports.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority } from '../support/scripted-authority.ts'

const env = { AZURE_CLIENT_SECRET: 's3cret~value' }
const registryApi = 'https://containerregistry.azure.net/.default'

interface Registry {
  readonly status?: number
  readonly body?: string
  /** Of the token that the registry is to get. */
  readonly scope?: string
}

/** What docker gets when it writes this. */
async function asked(words: readonly string[], stdin: string, registry?: Registry) {
  const scope = registry?.scope ?? registryApi
  const authority = scriptedAuthority(
    tenantId,
    registry ? [{ form: { scope }, answer: appAnswer('entra.token.itself') }] : [],
  )
  const exchanged: HttpRequest[] = []
  const http = async (request: HttpRequest): Promise<HttpResponse> => {
    if (!request.url.endsWith('/oauth2/exchange')) return authority.http(request)
    exchanged.push(request)
    const { status = 200, body = '{"refresh_token":"acr.refresh.token"}' } = registry ?? {}
    return { status, headers: {}, body }
  }
  const host = hostWith([daemon], { http, now: new Date(), env, stdin })
  const code = await runCommand(['docker-credential', ...words], host)
  authority.finish()
  return { code, stdout: host.stdout(), stderr: host.stderr(), exchanged }
}

describe('docker-credential get', () => {
  it('exchanges a token for one of the registry', async () => {
    const { code, stdout, stderr, exchanged } = await asked(['get'], 'contoso.azurecr.io\n', {})
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      ServerURL: 'contoso.azurecr.io',
      Username: '00000000-0000-0000-0000-000000000000',
      Secret: 'acr.refresh.token',
    })
    expect(exchanged).toMatchObject([{ method: 'POST', url: 'https://contoso.azurecr.io/oauth2/exchange' }])
    expect(Object.fromEntries(new URLSearchParams(exchanged[0]?.body))).toEqual({
      grant_type: 'access_token',
      service: 'contoso.azurecr.io',
      tenant: tenantId,
      access_token: 'entra.token.itself',
    })
  })

  it.each([
    ['https://Contoso.azurecr.io/v2/', [], registryApi, 'contoso.azurecr.io'],
    ['contoso.westeurope.data.azurecr.io', [], registryApi, 'contoso.westeurope.data.azurecr.io'],
    ['contoso.azurecr.us', [], 'https://management.usgovcloudapi.net/.default', 'contoso.azurecr.us'],
    ['contoso.azurecr.cn', [], 'https://management.chinacloudapi.cn/.default', 'contoso.azurecr.cn'],
    ['r.contoso.com:5000', ['--host', 'r.contoso.com:5000'], registryApi, 'r.contoso.com:5000'],
    [
      'contoso.azurecr.io',
      ['-s', 'https://management.azure.com/.default'],
      'https://management.azure.com/.default',
      'contoso.azurecr.io',
    ],
  ])('answers for %s %j', async (server, flags, scope, registry) => {
    const { stdout, exchanged } = await asked(['get', ...flags], server, { scope })
    expect(JSON.parse(stdout)).toMatchObject({ ServerURL: server, Secret: 'acr.refresh.token' })
    expect(exchanged[0]?.url).toBe(`https://${registry}/oauth2/exchange`)
  })

  it.each([
    'https://index.docker.io/v1/',
    'http://contoso.azurecr.io',
    'azurecr.io',
    'contoso.azurecr.io.evil.example',
    'contoso.azurecr.io@evil.example',
    'evil.example/contoso.azurecr.io',
    'contoso.azurecr.io:5000',
    '',
  ])('has no credentials for %j', async (server) => {
    const stdout = 'credentials not found in native keychain\n'
    expect(await asked(['get'], server)).toEqual({ code: 1, stdout, stderr: '', exchanged: [] })
  })

  it.each([
    [401, '{"errors":[{"code":"UNAUTHORIZED"}]}', 2, 'does not take the token'],
    [404, 'page not found', 5, 'exchanged no token (HTTP 404)'],
    [302, '', 5, 'exchanged no token (HTTP 302)'],
    [200, 'no JSON', 5, 'exchanged no token'],
    [200, '{"refresh_token":"two\\nlines"}', 5, 'exchanged no token'],
    [200, '[]', 5, 'exchanged no token'],
  ])('says what went wrong: %s %s', async (status, body, exitCode, fact) => {
    const { code, stdout, stderr } = await asked(['get'], 'contoso.azurecr.io', { status, body })
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
    expect(stderr).toContain(fact)
    expect(stderr).toContain('hint: ')
  })
})

describe('docker-credential', () => {
  it.each([
    ['00000000-0000-0000-0000-000000000000', 'contoso.azurecr.io', 0],
    ['<token>', 'https://contoso.azurecr.io', 0],
    ['admin', 'contoso.azurecr.io', 4],
    ['00000000-0000-0000-0000-000000000000', 'index.docker.io', 4],
  ])(
    'stores nothing, and says so where it would be missed: %s at %s',
    async (Username, ServerURL, exitCode) => {
      const given = JSON.stringify({ ServerURL, Username, Secret: 'the-secret-given' })
      const { code, stdout, stderr } = await asked(['store'], given)
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
      expect(stderr).not.toContain('the-secret-given')
      expect(stderr.startsWith('error: nothing is stored')).toBe(exitCode === 4)
    },
  )

  it.each([
    ['erase', ''],
    ['list', '{}\n'],
    ['version', expect.stringMatching(/^entra-auth-cli \d/)],
  ])('answers %s', async (operation, stdout) => {
    expect(await asked([operation], 'contoso.azurecr.io')).toMatchObject({ code: 0, stdout, stderr: '' })
  })

  it('refuses what docker does not ask', async () => {
    expect(await asked(['gte'], '')).toMatchObject({ code: 4, stdout: '' })
  })
})
