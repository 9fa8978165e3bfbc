import { beforeEach, describe, expect, it } from 'vitest'
import { clientCertificateOf } from '../../../src/core/client-certificate.ts'
import type { CertificateSource } from '../../../src/core/profiles/profile.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import { readSecret, writeSecret } from '../../../src/core/vault/secrets.ts'
import { silentVoice } from '../../../src/core/voice.ts'
import { rejectionOf } from '../../support/failure.ts'
import { silentInteraction, type RecordedInteraction } from '../../support/interaction.ts'
import { memoryHost, type MemoryHost, type MemoryHostOptions } from '../../support/memory-host.ts'
import { clientId, tenantId } from '../../support/profiles.ts'
import { fixture, foreignPassword, password, thumbprints } from './certificates/fixtures.ts'

const now = new Date('2030-01-01T10:00:00Z')
const files = {
  '/locked.pfx': fixture('modern.pfx'),
  '/open.pfx': fixture('open.pfx'),
  '/foreign.pfx': fixture('foreign-password.pfx'),
  '/broken.pfx': fixture('modern.pfx').subarray(0, 1500),
  '/leaf.pem': fixture('leaf.pem'),
  '/other.pem': fixture('other-key.pem'),
}

let host: MemoryHost
let asked: string[]
beforeEach(() => {
  host = hostOf()
  asked = []
})

const hostOf = (options: MemoryHostOptions = {}) => memoryHost({ now, files, ...options })

/** Somebody at the terminal who types these in turn, and then nothing any more. */
function typing(...passwords: readonly string[]): RecordedInteraction {
  const left = [...passwords]
  return silentInteraction({
    attended: true,
    askSecret: async (question) => {
      asked.push(question)
      return left.shift()
    },
  })
}

function opened(
  source: Partial<Extract<CertificateSource, { from: 'file' }>> | { from: 'environment'; variable: string },
  interaction = silentInteraction(),
  keep = false,
) {
  const whole: CertificateSource =
    source.from === 'environment'
      ? source
      : { from: 'file', certificatePath: '/locked.pfx', privateKeyPath: undefined, ...source }
  const profile = readProfile({ name: 'ci', tenantId, clientId, certificatePath: '/locked.pfx' })
  return clientCertificateOf(profile, { kind: 'certificate', source: whole }, keep, host, interaction)
}

const keep = (secret: string) => writeSecret(host, 'ci', 'certificate-password', secret, silentVoice)
const kept = () => readSecret(host, 'ci', 'certificate-password', silentVoice)

describe('the password of a certificate', () => {
  it('is asked of nobody where none is needed', async () => {
    const { thumbprintSha256 } = await opened({ certificatePath: '/open.pfx' }, typing('needless'))
    expect(thumbprintSha256).toBe(thumbprints.leaf.sha256)
    expect(asked).toEqual([])
  })

  it('is the one that is kept', async () => {
    await keep(password)
    const interaction = typing()
    expect((await opened({}, interaction)).thumbprintSha256).toBe(thumbprints.leaf.sha256)
    expect(asked).toEqual([])
    expect(interaction.warnings).toEqual([])
  })

  it('is else the one in AZURE_CLIENT_CERTIFICATE_PASSWORD', async () => {
    host = hostOf({ env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: password } })
    expect((await opened({}, typing())).thumbprintSha256).toBe(thumbprints.leaf.sha256)
    expect(asked).toEqual([])
  })

  it('is else asked for, three times at most', async () => {
    const interaction = typing('one', 'two', 'three', password)
    const failure = await rejectionOf(opened({}, interaction))
    expect(failure).toMatchObject({
      code: 'profile_incomplete',
      message: 'no password opens the certificate "/locked.pfx"',
      hint: 'set AZURE_CLIENT_CERTIFICATE_PASSWORD, or keep it with "entra-auth-cli get-token -p ci --cache-cert-password"',
    })
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'Password of "/locked.pfx"'))
    expect(interaction.warnings).toEqual(Array.from({ length: 3 }, () => 'that password is wrong'))
  })

  it('may be right at the third time', async () => {
    const { thumbprintSha256 } = await opened({}, typing('one', 'two', password))
    expect(thumbprintSha256).toBe(thumbprints.leaf.sha256)
  })

  it('may hold any character', async () => {
    const { thumbprintSha256 } = await opened({ certificatePath: '/foreign.pfx' }, typing(foreignPassword))
    expect(thumbprintSha256).toBe(thumbprints.leaf.sha256)
  })

  it('that somebody kept or set, and that is wrong, is told before anybody is asked', async () => {
    host = hostOf({ env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'wrong' } })
    await keep('wrong too')
    const interaction = typing(password)
    await opened({}, interaction)
    expect(interaction.warnings).toEqual([
      'the certificate password kept for "ci" is wrong',
      'the certificate password in AZURE_CLIENT_CERTIFICATE_PASSWORD is wrong',
    ])
    expect(asked).toHaveLength(1)
  })

  it('is missing where nobody can be asked, and how to give it is told', async () => {
    const failure = await rejectionOf(opened({}))
    expect(failure).toMatchObject({
      code: 'profile_incomplete',
      hint: expect.stringContaining('AZURE_CLIENT_CERTIFICATE_PASSWORD') as string,
    })
  })

  it('that was typed is kept where that is wanted, and only the right one', async () => {
    await opened({}, typing('wrong', password), true)
    expect(await kept()).toBe(password)
  })

  it('that was typed is forgotten otherwise', async () => {
    await opened({}, typing(password))
    expect(await kept()).toBeUndefined()
  })
})

describe('a certificate that no password mends', () => {
  it.each([
    ['a broken file', { certificatePath: '/broken.pfx' }, 'the PFX file "/broken.pfx" is damaged'],
    ['a missing key', { certificatePath: '/leaf.pem' }, '"/leaf.pem" holds no private key'],
    [
      'a mismatched pair',
      { certificatePath: '/leaf.pem', privateKeyPath: '/other.pem' },
      'the private key in "/other.pem" does not belong to the certificate in "/leaf.pem"',
    ],
  ])('is told at once, and nobody is asked: %s', async (_what, source, message) => {
    const failure = await rejectionOf(opened(source, typing(password)))
    expect(failure).toMatchObject({ code: 'profile_incomplete', message })
    expect(asked).toEqual([])
  })

  it('whose file is not there is told', async () => {
    const failure = await rejectionOf(opened({ certificatePath: '/nowhere.pfx' }, typing(password)))
    expect(failure.message).toContain('/nowhere.pfx')
    expect(asked).toEqual([])
  })
})

describe('a certificate in a variable', () => {
  const bundle = Buffer.concat([fixture('leaf.pem'), fixture('key-pkcs8.pem')])
  const source = { from: 'environment', variable: 'CERT' } as const

  it.each([
    ['PEM', bundle.toString()],
    ['base64 of PEM', bundle.toString('base64')],
    ['base64 of a PFX', fixture('open.pfx').toString('base64')],
  ])('is read: %s', async (_form, text) => {
    host = hostOf({ env: { CERT: text } })
    expect((await opened(source)).thumbprintSha256).toBe(thumbprints.leaf.sha256)
  })

  it('may need a password too', async () => {
    host = hostOf({ env: { CERT: fixture('modern.pfx').toString('base64') } })
    expect((await opened(source, typing(password))).thumbprintSha256).toBe(thumbprints.leaf.sha256)
    expect(asked).toEqual(['Password of "$CERT"'])
  })

  it('that is not set is told', async () => {
    expect(await rejectionOf(opened(source))).toMatchObject({
      code: 'profile_incomplete',
      message: 'the variable CERT is not set',
      hint: 'set it to the certificate with its private key: PEM, or base64 of a PFX or PEM file',
    })
  })
})

describe('the dates of a certificate', () => {
  it.each([
    ['1999-01-01T00:00:00Z', /is not valid before /],
    ['2999-01-01T00:00:00Z', /expired on /],
  ])('that are wrong in %s are told, and Entra decides', async (moment, words) => {
    host = hostOf({ now: new Date(moment) })
    const interaction = silentInteraction()
    await opened({ certificatePath: '/open.pfx' }, interaction)
    expect(interaction.warnings).toEqual([expect.stringMatching(words)])
  })
})
