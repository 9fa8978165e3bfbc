import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { TokenCache } from '../../../../src/core/token-cache.ts'
import { writeSecret } from '../../../../src/core/vault/secrets.ts'
import { silentVoice } from '../../../../src/core/voice.ts'
import { rejectionOf } from '../../../support/failure.ts'
import {
  cacheDirectory,
  configDirectory,
  type MemoryHost,
  type MemoryHostOptions,
} from '../../../support/memory-host.ts'
import { clientId, hostWith, profilesPath, tenantId } from '../../../support/profiles.ts'
import { fixture, password } from '../certificates/fixtures.ts'
import { examined } from './examining.ts'

const key = { ENTRA_AUTH_CLI_KEY: 'ab'.repeat(32) }
const secretPath = `${configDirectory}/secure/work.client-secret.bin`
const edit = 'entra-auth-cli config edit work'
const withSecret = { authMethod: 'ClientSecret' }

const hostOf = (records: readonly object[], options: MemoryHostOptions = {}) =>
  hostWith(records, { ...options, env: { ...key, ...options.env } })

/** What is found of the only profile of a machine, without what all of it have. */
async function found(host: MemoryHost) {
  const { checks, exitCode } = await examined(host)
  return {
    exitCode,
    checks: checks.filter(({ group, subject }) => group === 'profiles' && subject !== undefined),
  }
}

describe('profiles.json', () => {
  it('is counted', async () => {
    expect((await examined(hostOf([{}, { name: 'other' }]))).the('profiles-file')).toEqual({
      name: 'profiles-file',
      status: 'ok',
      fact: `"${profilesPath}" holds 2 profiles`,
    })
  })

  it('may be empty', async () => {
    const { the, exitCode } = await examined(hostOf([]))
    expect(the('profiles-file')).toEqual({
      name: 'profiles-file',
      status: 'not_applicable',
      fact: 'there are no profiles yet',
      remedy: 'entra-auth-cli config create',
    })
    expect(exitCode).toBe(0)
  })

  it('that is broken has failed, and everything else is still looked at', async () => {
    const host = hostOf([], { files: { [profilesPath]: '{\n "profiles": [,]' } })
    const { the, exitCode } = await examined(host)
    expect(the('profiles-file')).toMatchObject({
      status: 'failed',
      fact: expect.stringContaining('line 2, column 15') as string,
      remedy: 'mend the file by hand; it was left as it is',
    })
    expect(the('vault')).toMatchObject({ status: 'ok' })
    expect(exitCode).toBe(3)
  })

  it('is looked at for the one profile that is asked for, whatever the others are', async () => {
    const host = hostOf([{ name: 'half', clientId: '' }, {}])
    const { checks, exitCode } = await examined(host, { profileName: 'WORK' })
    expect(checks.filter(({ name }) => name === 'profile').map(({ subject }) => subject)).toEqual(['work'])
    expect(exitCode).toBe(0)
    expect((await rejectionOf(examined(host, { profileName: 'none' }))).code).toBe('profile_not_found')
  })

  it('without the profile that ENTRA_AUTH_CLI_PROFILE names is told', async () => {
    const chosen = (name: string) => examined(hostOf([{}], { env: { ENTRA_AUTH_CLI_PROFILE: name } }))
    expect((await chosen('c4n4ry')).the('chosen-profile')).toEqual({
      name: 'chosen-profile',
      status: 'warning',
      fact: 'ENTRA_AUTH_CLI_PROFILE names a profile that is not there',
      remedy: 'unset ENTRA_AUTH_CLI_PROFILE',
    })
    expect((await chosen('Work')).all('chosen-profile')).toEqual([])
  })
})

describe('a profile that cannot be read', () => {
  it('has failed with all that is missing', async () => {
    const { checks, exitCode } = await found(hostOf([{ tenantId: 'x', clientId: '' }]))
    expect(checks).toEqual([
      {
        group: 'profiles',
        name: 'profile',
        subject: 'work',
        status: 'failed',
        fact: 'profile "work" cannot be used: "x" is neither a tenant id nor a domain; the client id is missing',
        remedy: edit,
      },
    ])
    expect(exitCode).toBe(3)
  })

  it('for want of a name has failed', async () => {
    const { checks } = await found(hostOf([{}, { name: undefined }]))
    expect(checks[0]).toMatchObject({
      subject: 'entry 2',
      status: 'failed',
      fact: 'entry 2 of profiles.json has no name, and is found under none',
      remedy: 'give it a "name" in profiles.json',
    })
  })

  it('is mended by a command also where a shell would take its name apart', async () => {
    const { checks } = await found(hostOf([{ name: 'x; rm -rf ~', clientId: '' }]))
    expect(checks[0]?.remedy).toBe("entra-auth-cli config edit 'x; rm -rf ~'")
  })
})

describe('a profile that can be used', () => {
  const person = `aaaa.${tenantId}`
  async function signedIn(expiresOn: string | undefined, refreshToken: boolean) {
    const host = hostOf([{}])
    const token = {
      home_account_id: person,
      environment: 'login.windows.net',
      client_id: clientId,
      realm: tenantId,
      target: 'https://graph.microsoft.com/User.Read',
      secret: 'c4n4ry-token',
      expires_on: String(new Date(expiresOn ?? 0).getTime() / 1000),
    }
    const msalText = JSON.stringify({
      AccessToken: expiresOn === undefined ? {} : { a: token },
      RefreshToken: refreshToken ? { r: { secret: 'c4n4ry-refresh' } } : {},
    })
    const tokens = { msalText, signedIn: person, tenantIds: {} }
    await new TokenCache('work', host, silentVoice).change(() => tokens)
    return host
  }

  it.each<[string | undefined, boolean, string]>([
    [undefined, false, 'no token cached'],
    [undefined, true, 'signed in, no token cached'],
    ['2026-01-31T11:00:00Z', false, 'token cached until 2026-01-31 11:00:00 UTC'],
    ['2026-01-31T11:00:00Z', true, 'token cached until 2026-01-31 11:00:00 UTC, renewed without asking'],
    ['2026-01-31T09:00:00Z', false, 'cached token ended 2026-01-31 09:00:00 UTC'],
  ])('says whether a token is cached: until %s, refresh token %s', async (expiresOn, refreshToken, text) => {
    const { checks, exitCode } = await found(await signedIn(expiresOn, refreshToken))
    expect(checks).toEqual([
      {
        group: 'profiles',
        name: 'profile',
        subject: 'work',
        status: 'ok',
        fact: `interactive-browser, ${text}`,
      },
    ])
    expect(exitCode).toBe(0)
    expect(JSON.stringify(checks)).not.toContain('c4n4ry')
  })

  it('says so before there is a vault', async () => {
    expect((await found(hostOf([{}]))).checks[0]?.fact).toBe('interactive-browser, no token cached')
  })

  it('says that its tokens cannot be looked at without the key', async () => {
    const host = await signedIn('2026-01-31T11:00:00Z', true)
    const { checks, exitCode } = await found({ ...host, env: {} })
    expect(checks[0]?.fact).toBe(
      'interactive-browser, its tokens cannot be looked at, for the vault does not open',
    )
    expect(exitCode).toBe(8)
  })

  it('counts a damaged cache as none', async () => {
    const host = await signedIn('2026-01-31T11:00:00Z', true)
    host.fileMap.set(`${cacheDirectory}/entra-auth-cli.work.bin`, Buffer.from('damaged'))
    expect((await found(host)).checks[0]?.fact).toBe('interactive-browser, no token cached')
  })
})

describe('a client secret', () => {
  const failed = (fact: string, remedy: string) => ({
    exitCode: 3,
    checks: [{ group: 'profiles', name: 'client-secret', subject: 'work', status: 'failed', fact, remedy }],
  })
  const usable = {
    exitCode: 0,
    checks: [expect.objectContaining({ name: 'profile', status: 'ok' }) as object],
  }

  it('that is kept is fine', async () => {
    const host = hostOf([withSecret])
    await writeSecret(host, 'work', 'client-secret', 'c4n4ry', silentVoice)
    expect(await found(host)).toEqual(usable)
    expect(JSON.stringify(await examined(host))).not.toContain('c4n4ry')
  })

  it('that is not kept has failed, unless AZURE_CLIENT_SECRET has it', async () => {
    expect(await found(hostOf([withSecret]))).toEqual(
      failed('no client secret is kept for "work"', `${edit} --client-secret -`),
    )
    expect(await found(hostOf([withSecret], { env: { AZURE_CLIENT_SECRET: 'x' } }))).toEqual(usable)
  })

  it('that does not open has failed', async () => {
    const host = hostOf([withSecret])
    await writeSecret(host, 'work', 'client-secret', 'c4n4ry', silentVoice)
    host.fileMap.set(secretPath, Buffer.from('damaged'))
    expect(await found(host)).toEqual(
      failed('the client secret of "work" does not open', `${edit} --client-secret -`),
    )
  })

  it('cannot be looked at without the key', async () => {
    const host = hostOf([withSecret])
    await writeSecret(host, 'work', 'client-secret', 'c4n4ry', silentVoice)
    const { checks, exitCode } = await found({ ...host, env: {} })
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'client-secret', status: 'not_applicable' }) as object,
    )
    expect(exitCode).toBe(8)
  })

  it.each([
    ['linux', 'CI_SECRET', 'read -rs CI_SECRET && export CI_SECRET'],
    ['win32', 'CI_SECRET', '$env:CI_SECRET = Read-Host'],
    ['linux', 'x; rm -rf ~', 'give the variable a name of letters and digits in profiles.json'],
  ] as const)(
    'on %s in the variable "%s" that is not set has failed',
    async (platform, clientSecretEnv, remedy) => {
      const record = { ...withSecret, clientSecretEnv }
      const fact = `the variable ${clientSecretEnv} with the client secret of "work" is not set`
      expect(await found(hostOf([record], { platform }))).toEqual(failed(fact, remedy))
      expect(await found(hostOf([record], { platform, env: { [clientSecretEnv]: 'x' } }))).toEqual(usable)
    },
  )

  const inFile = { ...withSecret, clientSecretFile: '/run/secret' }
  it('in a file is read', async () => {
    expect(await found(hostOf([inFile], { files: { '/run/secret': 'x\n' } }))).toEqual(usable)
    expect(await found(hostOf([inFile]))).toEqual(
      failed(
        'the file "/run/secret" with the client secret of "work" is not there',
        `${edit} --client-secret -`,
      ),
    )
    expect(await found(hostOf([inFile], { files: { '/run/secret': 'c4n4ry\nx' } }))).toEqual(
      failed('"/run/secret" holds more than one line', 'it must hold the secret alone, on one line'),
    )
  })

  it('in a file that others can read is told', async () => {
    const host = hostOf([inFile], { files: { '/run/secret': 'x' } })
    host.openTo.set('/run/secret', 'read')
    const { checks, exitCode } = await found(host)
    expect(checks[1]).toMatchObject({
      name: 'client-secret',
      status: 'warning',
      fact: 'the client secret in "/run/secret" can be read by others',
      remedy: 'chmod 600 /run/secret',
    })
    expect(exitCode).toBe(0)
  })

  it('in a pipe is left to whoever it is for', async () => {
    const host = hostOf([inFile])
    const read: string[] = []
    const files = {
      ...host.files,
      look: async (path: string) => {
        const facts = await host.files.look(profilesPath)
        return path === '/run/secret' ? facts && { ...facts, kind: 'other' as const } : host.files.look(path)
      },
      read: (path: string) => {
        read.push(path)
        return host.files.read(path)
      },
    }
    expect(await found({ ...host, files })).toEqual(usable)
    expect(read).not.toContain('/run/secret')
  })

  it("is missed where the app's own token is wanted and nothing proves the app", async () => {
    const fact = 'profile "work" gets the app\'s own token and has nothing to prove the app with'
    expect(await found(hostOf([{ defaultFlow: 'ClientCredentials' }]))).toEqual(
      failed(fact, `${edit} --client-secret -`),
    )
  })
})

describe('a certificate', () => {
  const now = new Date('2030-01-01T10:00:00Z')
  const record = (certificatePath: string, privateKeyPath?: string) => ({
    authMethod: 'Certificate',
    certificatePath,
    privateKeyPath,
  })
  const files = {
    '/c.pem': fixture('leaf.pem'),
    '/k.pem': fixture('key-pkcs8.pem'),
    '/locked.pem': fixture('key-pkcs8-aes256.pem'),
  }
  const pair = record('/c.pem', '/k.pem')
  const locked = record('/c.pem', '/locked.pem')

  it('that can be used is fine', async () => {
    expect((await found(hostOf([pair], { files, now }))).checks).toMatchObject([
      { name: 'profile', status: 'ok' },
    ])
  })

  it.each([
    ['the certificate', '/c.pem', '--certificate FILE'],
    ['the key', '/k.pem', '--certificate FILE --private-key FILE'],
  ])('has failed without %s', async (_what, missing, flags) => {
    const there = Object.fromEntries(Object.entries(files).filter(([path]) => path !== missing))
    const { checks, exitCode } = await found(hostOf([pair], { files: there, now }))
    expect(checks).toEqual([
      {
        group: 'profiles',
        name: 'certificate',
        subject: 'work',
        status: 'failed',
        fact: `the file "${missing}" of profile "work" is not there`,
        remedy: `${edit} ${flags}`,
      },
    ])
    expect(exitCode).toBe(3)
  })

  it('that is damaged, or has the key of another, has failed', async () => {
    for (const broken of [
      { ...files, '/c.pem': Buffer.from('damaged') },
      { ...files, '/k.pem': fixture('other-key.pem') },
    ]) {
      const { checks, exitCode } = await found(hostOf([pair], { files: broken, now }))
      expect(checks).toMatchObject([
        { name: 'certificate', status: 'failed', remedy: expect.any(String) as string },
      ])
      expect(exitCode).toBe(3)
    }
  })

  const judged = (status: string, fact: string) => [
    { status, fact: expect.stringContaining(fact) as string, remedy: `${edit} --certificate FILE` },
  ]
  it.each([
    ['long before it ends', '2030-01-01', [], 0],
    ['within 30 days of its end', 'soon', judged('warning', 'expires on'), 0],
    ['after its end', 'over', judged('failed', 'expired on'), 3],
    ['before its beginning', '2000-01-01', judged('failed', 'is not valid before'), 3],
  ] as const)('%s is judged by the clock', async (_when, at, expected, code) => {
    const end = new Date(new X509Certificate(files['/c.pem']).validTo).getTime()
    const day = 86_400_000
    const then = new Date(at === 'soon' ? end - 29 * day : at === 'over' ? end + day : at)
    const { checks, exitCode } = await found(hostOf([pair], { files, now: then }))
    expect(exitCode).toBe(code)
    expect(checks.filter(({ name }) => name === 'certificate')).toMatchObject(expected)
  })

  const remember = 'entra-auth-cli get-token -p work --cache-cert-password'
  it('with a password that nobody keeps is a nuisance', async () => {
    const { checks, exitCode } = await found(hostOf([locked], { files, now }))
    expect(checks[1]).toMatchObject({
      name: 'certificate-password',
      status: 'warning',
      fact: '"/c.pem" needs a password, and none is kept: somebody must type it each time',
      remedy: remember,
    })
    expect(exitCode).toBe(0)
  })

  it('opens with the password that is kept, or in the environment', async () => {
    const host = hostOf([locked], { files, now })
    await writeSecret(host, 'work', 'certificate-password', password, silentVoice)
    expect((await found(host)).checks).toMatchObject([{ name: 'profile', status: 'ok' }])
    const env = { AZURE_CLIENT_CERTIFICATE_PASSWORD: password }
    expect((await found(hostOf([locked], { files, now, env }))).checks).toMatchObject([
      { name: 'profile', status: 'ok' },
    ])
  })

  it('with a wrong password has failed', async () => {
    const host = hostOf([locked], { files, now, env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'c4n4ry' } })
    const { checks } = await found(host)
    expect(checks).toMatchObject([
      {
        name: 'certificate-password',
        status: 'failed',
        fact: 'the password for "/c.pem" is wrong',
        remedy: remember,
      },
    ])
    expect(JSON.stringify(checks)).not.toContain('c4n4ry')
  })

  it('with a kept password that does not open has failed', async () => {
    const host = hostOf([locked], { files, now })
    await writeSecret(host, 'work', 'certificate-password', password, silentVoice)
    host.fileMap.set(`${configDirectory}/secure/work.certificate-password.bin`, Buffer.from('damaged'))
    expect((await found(host)).checks).toMatchObject([
      {
        name: 'certificate-password',
        status: 'failed',
        remedy: `${edit} --certificate-password -`,
      },
    ])
  })
})

describe('a file of certificate authorities', () => {
  it.each([
    ['is not there', {}, 'there is no file "/ca.pem"'],
    ['holds none', { '/ca.pem': 'x' }, '"/ca.pem" holds no certificate in PEM form'],
  ])('that %s has failed', async (_what, files, fact) => {
    const { checks, exitCode } = await found(hostOf([{ caFile: '/ca.pem' }], { files }))
    expect(checks).toEqual([
      {
        group: 'profiles',
        name: 'ca-file',
        subject: 'work',
        status: 'failed',
        fact,
        remedy: `${edit} --ca-file FILE.pem`,
      },
    ])
    expect(exitCode).toBe(3)
  })
})

describe('a remedy', () => {
  it('quotes for a shell what comes from a file', async () => {
    const path = "/it's; rm -rf ~.pem"
    const host = hostOf([{ ...withSecret, clientSecretFile: path }], { files: { [path]: 'x' } })
    host.openTo.set(path, 'write')
    expect((await found(host)).checks[1]?.remedy).toBe(String.raw`chmod 600 '/it'\''s; rm -rf ~.pem'`)
  })
})
