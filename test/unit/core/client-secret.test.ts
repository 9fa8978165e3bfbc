import { describe, expect, it } from 'vitest'
import { clientSecretOf, secretText } from '../../../src/core/client-secret.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import { readSecret, writeSecret } from '../../../src/core/vault/secrets.ts'
import { failureOf, rejectionOf } from '../../support/failure.ts'
import { configDirectory, memoryHost, type MemoryHostOptions } from '../../support/memory-host.ts'
import { recordOf } from '../../support/profiles.ts'
import { silentVoice } from '../../../src/core/voice.ts'

const silent = silentVoice
const waiting = { signal: new AbortController().signal, milliseconds: 60_000 }
const vaultKept = { name: 'ci', authMethod: 'ClientSecret' }
const secretPath = `${configDirectory}/secure/ci.client-secret.bin`

async function secretOf(record: object, options: MemoryHostOptions = {}, kept?: string) {
  const host = memoryHost(options)
  if (kept !== undefined) await writeSecret(host, 'ci', 'client-secret', kept, silent)
  return clientSecretOf(readProfile(recordOf(record)), host, silent, waiting)
}

describe("a profile's client secret", () => {
  const ambient = { env: { AZURE_CLIENT_SECRET: 'ambient' } }
  it.each<[string, object, MemoryHostOptions, string | undefined, string | undefined]>([
    ['is the sealed one', vaultKept, {}, 'kept', 'kept'],
    ['is the sealed one before the ambient one', vaultKept, ambient, 'kept', 'kept'],
    ['is the ambient one where none is sealed', vaultKept, ambient, undefined, 'ambient'],
    ['is none where there is neither', vaultKept, {}, undefined, undefined],
    [
      'is none where the ambient one is empty',
      vaultKept,
      { env: { AZURE_CLIENT_SECRET: '' } },
      undefined,
      undefined,
    ],
    ['is the ambient one of a profile without any', { authMethod: 'None' }, ambient, 'kept', 'ambient'],
    [
      'is in its variable',
      { clientSecretEnv: 'CI' },
      { env: { CI: 'named', AZURE_CLIENT_SECRET: 'x' } },
      'kept',
      'named',
    ],
    ['is in its file', { clientSecretFile: '/s' }, { files: { '/s': 'filed\n' } }, 'kept', 'filed'],
  ])('%s', async (_what, record, options, kept, secret) => {
    expect(await secretOf(record, options, kept)).toBe(secret)
  })

  it('that is not in its variable is no other one', async () => {
    const failure = await rejectionOf(secretOf({ name: 'ci', clientSecretEnv: 'CI' }, ambient, 'kept'))
    expect(failure).toMatchObject({ code: 'profile_incomplete', exitCode: 3 })
    expect(failure.message).toContain('the variable CI is not set')
  })

  it('that does not open is said so, and is left as it is', async () => {
    const host = memoryHost()
    await writeSecret(host, 'ci', 'client-secret', 'kept', silent)
    const sealed = Buffer.from(host.fileMap.get(secretPath)!)
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    host.fileMap.set(secretPath, sealed)
    const failure = await rejectionOf(readSecret(host, 'ci', 'client-secret', silent))
    expect(failure).toMatchObject({ code: 'store_unavailable', exitCode: 8 })
    expect(failure.message).toContain('does-not-verify')
    expect(host.fileMap.get(secretPath)).toBe(sealed)
  })

  it("is not to be had in the place of another profile's", async () => {
    const host = memoryHost()
    await writeSecret(host, 'other', 'client-secret', 'x', silent)
    host.fileMap.set(secretPath, host.fileMap.get(`${configDirectory}/secure/other.client-secret.bin`)!)
    expect(await rejectionOf(readSecret(host, 'ci', 'client-secret', silent))).toMatchObject({
      code: 'store_unavailable',
    })
  })

  it.each([
    ['is not there', {}, 'there is no file "/s"', 'is it there, and may this user read it?'],
    ['is empty', { '/s': '\n' }, '"/s" holds no secret', 'alone, on one line'],
    ['holds more', { '/s': 'one\ntwo' }, '"/s" holds more than one line', 'alone, on one line'],
  ])('in a file of the profile that %s cannot be had', async (_how, files, reason, hint) => {
    const failure = await rejectionOf(secretOf({ name: 'ci', clientSecretFile: '/s' }, { files }))
    expect(failure).toMatchObject({
      code: 'profile_incomplete',
      message: `the client secret of "ci" cannot be had: ${reason}`,
    })
    expect(failure.hint).toContain(hint)
  })

  it('in a pipe that nobody writes to is given up in time', async () => {
    const host = memoryHost()
    const readInput = (_: string | number, signal = waiting.signal) =>
      new Promise<Buffer>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    const withPipe = { ...host, files: { ...host.files, readInput } }
    const profile = readProfile(recordOf({ clientSecretFile: '/pipe' }))
    const failure = await rejectionOf(
      clientSecretOf(profile, withPipe, silent, { ...waiting, milliseconds: 1 }),
    )
    expect(failure).toMatchObject({ code: 'timeout', message: 'nothing came from "/pipe" in time' })
  })
})

describe('a command that prints the client secret', () => {
  const record = { name: 'ci', clientSecretCommand: 'op read op://ci/app/secret' }
  const printing = (text: string): MemoryHostOptions => ({
    command: () => ({ kind: 'output', stdout: Buffer.from(text) }),
  })

  it('is asked, and one line break at its end is not the secret', async () => {
    expect(await secretOf(record, printing(' s3cret \r\n'))).toBe(' s3cret ')
  })

  it.each([
    ['somebody who is there', { ...silentVoice, attended: true }, { attended: true, silent: false }],
    ['nobody', silentVoice, { attended: false, silent: false }],
    ['who wants silence', { ...silentVoice, silent: true }, { attended: false, silent: true }],
  ])('is run as it stands, for %s', async (_who, voice, how) => {
    const asked: unknown[] = []
    const host = memoryHost({
      command: (line, { attended, silent: isSilent, largestOutputBytes }) => {
        asked.push(line, { attended, silent: isSilent }, largestOutputBytes)
        return { kind: 'output', stdout: Buffer.from('s3cret') }
      },
    })
    await clientSecretOf(readProfile(recordOf(record)), host, voice, waiting)
    expect(asked).toEqual(['op read op://ci/app/secret', how, 65_536])
  })

  it.each<[string, MemoryHostOptions['command'], string, string]>([
    [
      'fails',
      () => ({ kind: 'failed', exitCode: 6 }),
      'profile_incomplete',
      'the command that prints the client secret of "ci" failed (exit code 6)',
    ],
    [
      'is killed',
      () => ({ kind: 'failed', exitCode: undefined }),
      'profile_incomplete',
      'the command that prints the client secret of "ci" failed (it was killed)',
    ],
    [
      'does not stop',
      () => ({ kind: 'too-much' }),
      'profile_incomplete',
      'the command that prints the client secret of "ci" printed more than 64 KB',
    ],
    [
      'prints nothing',
      () => ({ kind: 'output', stdout: Buffer.from('\n') }),
      'profile_incomplete',
      'the command that prints the client secret of "ci" printed nothing',
    ],
    [
      'prints two lines',
      () => ({ kind: 'output', stdout: Buffer.from('s3cret\nbye\n') }),
      'profile_incomplete',
      'the client secret of "ci" cannot be had: its command prints more than one line',
    ],
  ])('that %s is told, with what to run', async (_how, command, code, message) => {
    const failure = await rejectionOf(secretOf(record, { command, env: { AZURE_CLIENT_SECRET: 'x' } }))
    expect(failure).toMatchObject({ code, message })
    expect(failure.hint).toContain(`: ${record.clientSecretCommand}`)
  })

  it('that does not end is told before everything else is over', async () => {
    const host = memoryHost({
      command: (_line, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    })
    const over = AbortSignal.timeout(10_000)
    const slow = { signal: over, milliseconds: 20 }
    const failure = await rejectionOf(clientSecretOf(readProfile(recordOf(record)), host, silent, slow))
    expect(failure).toMatchObject({
      code: 'timeout',
      message: 'the command that prints the client secret of "ci" did not end in time',
      hint: 'run it to see what it waits for: op read op://ci/app/secret',
    })
  })
})

describe('a secret as it is read', () => {
  it.each([
    ['s3cret', 's3cret'],
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['\ufeffs3cret', 's3cret'],
    [' with blanks ', ' with blanks '],
    ['käse~🧀', 'käse~🧀'],
  ])('%j is %j', (content, secret) => {
    expect(secretText(Buffer.from(content), 'stdin')).toBe(secret)
  })

  it.each([
    ['', 'stdin holds no secret'],
    ['\n', 'stdin holds no secret'],
    ['one\ntwo', 'stdin holds more than one line'],
    ['one\n\n', 'stdin holds more than one line'],
  ])('%j is none', (content, message) => {
    expect(failureOf(() => secretText(Buffer.from(content), 'stdin'))).toMatchObject({
      code: 'invalid_arguments',
      message,
    })
  })
})
