/** What `config create` and `config edit` see of a certificate before they write its profile. */
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSecret } from '../../src/core/vault/secrets.ts'
import { silentVoice } from '../../src/core/voice.ts'
import { EntraAuthError } from '../../src/errors.ts'
import { certificateFixture as fixture } from '../support/certificate-fixtures.ts'
import { rejectionOf } from '../support/failure.ts'
import type { MemoryHostOptions } from '../support/memory-host.ts'
import { clientId, daemon, hostWith, profilesPath, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'

const create = ['create', '-n', 'work', '--tenant-id', tenantId, '--client-id', clientId]
const edit = ['edit', 'ci']
const path = resolve('c.pfx')
const keyPath = resolve('k.pem')
const inFile = ['--certificate', 'c.pfx']
const inTwo = [...inFile, '--private-key', 'k.pem']
const inVariable = ['--certificate-env', 'CERT']

async function config(words: readonly string[], options: MemoryHostOptions) {
  const host = hostWith([daemon], {
    now: new Date('2030-01-01T00:00:00Z'),
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  })
  const before = host.fileMap.get(profilesPath)
  const code = await runCommand(['config', ...words], host)
  const isWritten = host.fileMap.get(profilesPath) !== before
  const kept = (name: string) => readSecret(host, name, 'certificate-password', silentVoice)
  return { code, stdout: host.stdout(), stderr: host.stderr(), isWritten, kept }
}

describe('a certificate that cannot be used', () => {
  const leaf = { [path]: fixture('leaf.pem') }
  it.each<[string, readonly string[], MemoryHostOptions, string]>([
    ['is not there', inFile, {}, `there is no file "${path}"`],
    ['has no key', inFile, { files: leaf }, `"${path}" holds no private key`],
    ['has its key in a file that is not there', inTwo, { files: leaf }, `there is no file "${keyPath}"`],
    [
      'has the key of another',
      inTwo,
      { files: { ...leaf, [keyPath]: fixture('other-key.pem') } },
      `the private key in "${keyPath}" does not belong to the certificate in "${path}"`,
    ],
    [
      'has an EC key',
      inTwo,
      { files: { [path]: fixture('ec.pem'), [keyPath]: fixture('ec-key.pem') } },
      `"${keyPath}" holds a private key of type EC, and only RSA can sign in`,
    ],
    [
      'is damaged',
      inFile,
      { files: { [path]: fixture('modern.pfx').subarray(0, 1500) } },
      `the PFX file "${path}" is damaged`,
    ],
    ['is something else', inVariable, { env: { CERT: 'nonsense!' } }, '"$CERT" holds no certificate'],
    [
      'is not opened by the password given',
      [...inFile, '--certificate-password', '-'],
      { files: { [path]: fixture('modern.pfx') }, stdin: 'wrong-horse\n' },
      `the certificate password given does not open "${path}"`,
    ],
    [
      'is not opened by it in a variable',
      [...inVariable, '--certificate-password', '-'],
      { env: { CERT: fixture('modern.pfx').toString('base64') }, stdin: 'wrong-horse\n' },
      'the certificate password given does not open "$CERT"',
    ],
  ])(
    'because it %s is exit 4 with the reason, and nothing is written',
    async (_why, flags, options, fact) => {
      for (const command of [create, edit]) {
        const { code, stdout, stderr, isWritten } = await config([...command, ...flags], options)
        expect({ code, stdout, isWritten }).toEqual({ code: 4, stdout: '', isWritten: false })
        expect(stderr).toContain(`error: ${fact}\n`)
        expect(stderr).not.toContain('wrong-horse')
      }
    },
  )

  it('because its file is a pipe that nobody writes to is given up at Ctrl-C', async () => {
    const over = new AbortController()
    const host = hostWith([], {})
    const readInput = (_: string | number, signal?: AbortSignal) =>
      new Promise<Buffer>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        over.abort(new EntraAuthError('interrupted', 'interrupted'))
      })
    const withPipe = { ...host, files: { ...host.files, readInput } }
    const { lookAtGivenCertificate } = await import('../../src/commands/config/look-at-certificate.ts')
    const source = { from: 'file', certificatePath: '/pipe', privateKeyPath: undefined } as const
    const console = { say: () => undefined, warn: () => undefined }
    const look = lookAtGivenCertificate(source, undefined, { host: withPipe, signal: over.signal }, console)
    expect(await rejectionOf(look)).toMatchObject({ code: 'interrupted' })
  })
})

describe('a certificate that can be used', () => {
  it.each<[string, readonly string[], MemoryHostOptions]>([
    ['without a password', inFile, { files: { [path]: fixture('open.pfx') } }],
    ['and its key', inTwo, { files: { [path]: fixture('leaf.pem'), [keyPath]: fixture('key-pkcs8.pem') } }],
    ['in a variable', inVariable, { env: { CERT: fixture('open.pfx').toString('base64') } }],
    [
      'with the password of the environment',
      inFile,
      {
        files: { [path]: fixture('modern.pfx') },
        env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'correct-horse' },
      },
    ],
  ])('%s is taken without a word', async (_what, flags, options) => {
    expect(await config([...create, ...flags], options)).toMatchObject({
      code: 0,
      stderr: "✓ Profile 'work' created successfully\n",
    })
  })

  it('is taken with the password that opens it, which is kept', async () => {
    const options = { files: { [path]: fixture('modern.pfx') }, stdin: 'correct-horse\n' }
    for (const [command, name] of [
      [create, 'work'],
      [edit, 'ci'],
    ] as const) {
      const { code, stderr, kept } = await config(
        [...command, ...inFile, '--certificate-password', '-'],
        options,
      )
      expect(code).toBe(0)
      expect(stderr).not.toMatch(/needs a password|warning/)
      expect(await kept(name)).toBe('correct-horse')
    }
  })

  it.each<[string, readonly string[], Record<string, Buffer>]>([
    ['a PFX', inFile, { [path]: fixture('modern.pfx') }],
    ['a key', inTwo, { [path]: fixture('leaf.pem'), [keyPath]: fixture('key-pkcs8-aes256.pem') }],
  ])('but for %s whose password nobody gave is taken, which is said', async (_what, flags, files) => {
    const { code, stderr } = await config([...create, ...flags], { files })
    expect(code).toBe(0)
    expect(stderr).toContain(`"${path}" needs a password, and none is kept: give --certificate-password -`)
    expect(await config([...create, ...flags, '-q'], { files })).toMatchObject({ code: 0, stderr: '' })
  })

  it('but not with the password of the environment is taken, and that one is warned of', async () => {
    const { code, stderr } = await config([...create, ...inFile], {
      files: { [path]: fixture('modern.pfx') },
      env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: 'wrong-horse' },
    })
    expect(code).toBe(0)
    expect(stderr).toContain(
      `warning: the certificate password in AZURE_CLIENT_CERTIFICATE_PASSWORD does not open "${path}"\n`,
    )
    expect(stderr).not.toContain('wrong-horse')
  })

  it('elsewhere, in a variable that is not set here, is taken, which is said', async () => {
    const { code, stderr } = await config([...create, ...inVariable], {})
    expect(code).toBe(0)
    expect(stderr).toContain('CERT is not set here, so the certificate in it was not looked at.\n')
  })

  it.each([
    ['1999-01-01T00:00:00Z', 'is not valid before '],
    ['2999-01-01T00:00:00Z', 'expired on '],
  ])('in %s only is taken with a warning of its dates', async (now, words) => {
    const { code, stderr } = await config([...create, ...inFile], {
      files: { [path]: fixture('open.pfx') },
      now: new Date(now),
    })
    expect(code).toBe(0)
    expect(stderr).toContain(`warning: the certificate "O=Fixtures, CN=fixture-app" ${words}`)
  })
})
