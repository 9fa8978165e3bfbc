import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../../../src/core/ports.ts'
import { EntraAuthError } from '../../../../src/errors.ts'
import { rejectionOf } from '../../../support/failure.ts'
import type { MemoryHostOptions } from '../../../support/memory-host.ts'
import { hostWith, tenantId } from '../../../support/profiles.ts'
import { examined, goodAuthority, now } from './examining.ts'

const online = { offline: false }
const microsoft = 'login.microsoftonline.com'
const corporate = { name: 'corp', authority: 'https://sts.contoso.com', caFile: '/ca.pem' }
const pem = { '/ca.pem': '-----BEGIN CERTIFICATE-----' }

const hostOf = (
  records: readonly object[],
  http: MemoryHostOptions['http'],
  options: MemoryHostOptions = {},
) => hostWith(records, { env: { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }, http, ...options })

const refusing = (code: 'network' | 'timeout' | 'interrupted', fact: string, hint?: string) => () =>
  Promise.reject(new EntraAuthError(code, fact, { hint }))

describe('an authority', () => {
  it('is asked once for all profiles that go the same way, with their authorities of certificates', async () => {
    const sent: HttpRequest[] = []
    const host = hostOf(
      [{}, { name: 'other' }, corporate],
      (request) => {
        sent.push(request)
        return goodAuthority()(request)
      },
      { files: pem },
    )
    const { all, exitCode } = await examined(host, online)
    expect(
      sent.map(({ method, url, caFile, headers, body }) => [method, url, caFile, headers, body]),
    ).toEqual([
      [
        'GET',
        `https://${microsoft}/${tenantId}/v2.0/.well-known/openid-configuration`,
        undefined,
        undefined,
        undefined,
      ],
      [
        'GET',
        `https://sts.contoso.com/${tenantId}/v2.0/.well-known/openid-configuration`,
        '/ca.pem',
        undefined,
        undefined,
      ],
    ])
    expect(all('authority')).toEqual([
      {
        group: 'network',
        name: 'authority',
        subject: microsoft,
        status: 'ok',
        fact: `${microsoft} answered in 0 ms; its certificate is trusted`,
      },
      {
        group: 'network',
        name: 'authority',
        subject: 'sts.contoso.com',
        status: 'ok',
        fact: 'sts.contoso.com answered in 0 ms; its certificate is trusted with "/ca.pem"',
      },
    ])
    expect(exitCode).toBe(0)
  })

  it('is asked anew with each file of certificate authorities', async () => {
    const sent: (string | undefined)[] = []
    const host = hostOf(
      [corporate, { ...corporate, name: 'bare', caFile: undefined }],
      (request) => {
        sent.push(request.caFile)
        return goodAuthority()(request)
      },
      { files: pem },
    )
    expect((await examined(host, online)).all('authority')).toHaveLength(2)
    expect(sent).toEqual(['/ca.pem', undefined])
  })

  it.each([
    [
      'network',
      'the certificate of it is signed by an unknown authority',
      'name its PEM file',
      'name its PEM file',
    ],
    [
      'timeout',
      'it took no connection within 15 s',
      'give it more time with --timeout',
      'look at your connection, a VPN or HTTPS_PROXY, then try again',
    ],
  ] as const)('that cannot be reached has failed: %s', async (code, fact, hint, remedy) => {
    const { the, exitCode } = await examined(
      hostOf([{}, { name: 'other' }], refusing(code, fact, hint)),
      online,
    )
    expect(the('authority')).toEqual({
      name: 'authority',
      subject: microsoft,
      status: 'failed',
      fact: `${fact} (profiles work, other)`,
      remedy,
    })
    expect(the('clock')).toMatchObject({ status: 'not_applicable' })
    expect(exitCode).toBe(5)
  })

  it.each<[string, Partial<HttpResponse>, string]>([
    ['no JSON', { body: '<html>sign in to this hotel' }, 'not JSON'],
    ['no metadata', { body: '{}' }, 'status 200 and names no token endpoint'],
    ['an error of its own', { status: 503, body: '{}' }, 'status 503 and names no token endpoint'],
  ])('that answers with %s has failed', async (_what, answer, fact) => {
    const { the, exitCode } = await examined(hostOf([{}], goodAuthority(answer)), online)
    expect(the('authority')).toMatchObject({
      status: 'failed',
      fact: expect.stringContaining(fact) as string,
      remedy: expect.any(String) as string,
    })
    expect(exitCode).toBe(5)
  })

  it('that does not know the tenant is reached, and the profile is wrong', async () => {
    const body = JSON.stringify({
      error: 'invalid_tenant',
      error_description: "AADSTS90002: Tenant 'contso.com' not found.",
    })
    const host = hostOf(
      [{ tenantId: 'contso.com' }, { name: 'too', tenantId: 'Contso.com' }],
      goodAuthority({ status: 400, body }),
    )
    const { the, all, exitCode } = await examined(host, online)
    expect(the('authority')).toMatchObject({ status: 'ok' })
    expect(all('tenant').map(({ subject }) => subject)).toEqual(['work', 'too'])
    expect(all('tenant')[0]).toMatchObject({
      group: 'profiles',
      status: 'failed',
      fact: `${microsoft} does not take the tenant "contso.com": there is no such tenant (AADSTS90002)`,
      remedy: 'entra-auth-cli config edit work --tenant-id TENANT',
    })
    expect(all('profile')).toEqual([])
    expect(exitCode).toBe(3)
  })

  it('is not asked when that is not wanted, or nobody needs it', async () => {
    const unasked = (records: readonly object[], options: object) =>
      examined(hostOf(records, undefined), options).then(({ the }) => the('authority'))
    expect(await unasked([{}], {})).toMatchObject({ status: 'not_applicable', fact: 'not asked (--offline)' })
    expect(await unasked([], online)).toMatchObject({
      status: 'not_applicable',
      fact: 'not asked, for no profile names one',
    })
  })

  it('is not waited for when the user stops us', async () => {
    const failure = await rejectionOf(examined(hostOf([{}], refusing('interrupted', 'interrupted')), online))
    expect(failure.code).toBe('interrupted')
  })
})

describe('the clock', () => {
  const at = (seconds: number, headers: Record<string, string> = {}) =>
    goodAuthority({ headers: { date: new Date(now.getTime() + seconds * 1000).toUTCString(), ...headers } })

  it.each([
    [0, 'ok', 0, `agrees with that of ${microsoft}`],
    [60, 'ok', 0, `agrees with that of ${microsoft}`],
    [61, 'warning', 0, `this machine's clock is 61 s behind that of ${microsoft}`],
    [-61, 'warning', 0, `this machine's clock is 61 s ahead of that of ${microsoft}`],
    [300, 'warning', 0, `this machine's clock is 5 min behind that of ${microsoft}`],
    [301, 'failed', 5, `this machine's clock is 5 min behind that of ${microsoft}`],
    [-86_400, 'failed', 5, `this machine's clock is 24 h ahead of that of ${microsoft}`],
  ])('that differs by %i s is %s', async (seconds, status, code, fact) => {
    const { the, exitCode } = await examined(hostOf([{}], at(seconds)), online)
    expect(the('clock')).toEqual({
      name: 'clock',
      status,
      fact,
      ...(status === 'ok' ? {} : { remedy: 'sudo timedatectl set-ntp true' }),
    })
    expect(exitCode).toBe(code)
  })

  it.each([
    ['darwin', 'sudo sntp -sS time.apple.com'],
    ['win32', 'w32tm /resync'],
  ] as const)('is set on %s by its own command', async (platform, remedy) => {
    const { the } = await examined(hostOf([{}], at(400), { platform }), online)
    expect(the('clock')).toMatchObject({ remedy })
  })

  it('is compared with when a kept answer was written', async () => {
    const { the } = await examined(hostOf([{}], at(-600, { age: '600' })), online)
    expect(the('clock')).toMatchObject({ status: 'ok' })
  })

  it('is not blamed for a slow answer', async () => {
    const host = hostOf([{}], async (request) => {
      const answer = goodAuthority()(request)
      host.setNow(new Date(now.getTime() + 90_000))
      return answer
    })
    expect((await examined(host, online)).the('clock')).toMatchObject({ status: 'ok' })
  })

  it.each([[{}], [{ date: 'yesterday' }]])('is not judged by %j', async (headers) => {
    const { the } = await examined(hostOf([{}], goodAuthority({ headers })), online)
    expect(the('clock')).toMatchObject({ status: 'not_applicable', fact: 'no authority told its time' })
  })
})

describe('the proxy', () => {
  it('is told for each authority', async () => {
    const proxyFor = (url: string) => (url.includes('contoso') ? undefined : 'http://proxy:3128')
    const host = hostOf([{}, corporate], goodAuthority(), { proxyFor, files: pem })
    expect((await examined(host, online)).the('proxy')).toEqual({
      name: 'proxy',
      status: 'ok',
      fact: `http://proxy:3128 on the way to ${microsoft}`,
    })
  })

  it('is told without a profile, and offline', async () => {
    const { the } = await examined(hostOf([], undefined, { proxyFor: () => 'http://proxy:3128' }))
    expect(the('proxy').fact).toBe(`http://proxy:3128 on the way to ${microsoft}`)
    expect((await examined(hostOf([], undefined))).the('proxy').fact).toBe('none is used')
  })

  it('that cannot be used has failed, and nobody is asked past it', async () => {
    const proxyFor = () => {
      throw new EntraAuthError('network', 'the proxy in the environment cannot be used (socks5://)', {
        hint: 'set HTTPS_PROXY to http://HOST:PORT or https://HOST:PORT, or unset it',
      })
    }
    const { the, exitCode } = await examined(hostOf([{}], undefined, { proxyFor }), online)
    expect(the('proxy')).toEqual({
      name: 'proxy',
      status: 'failed',
      fact: 'the proxy in the environment cannot be used (socks5://)',
      remedy: 'set HTTPS_PROXY to http://HOST:PORT or https://HOST:PORT, or unset it',
    })
    expect(the('authority')).toMatchObject({ status: 'not_applicable' })
    expect(exitCode).toBe(5)
  })
})
