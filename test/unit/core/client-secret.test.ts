import { describe, expect, it } from 'vitest'
import { clientSecretOf, secretText } from '../../../src/core/client-secret.ts'
import { readProfile } from '../../../src/core/profiles/profile-record.ts'
import { readSecret, writeSecret } from '../../../src/core/vault/secrets.ts'
import { failureOf, rejectionOf } from '../../support/failure.ts'
import { configDirectory, memoryHost, type MemoryHostOptions } from '../../support/memory-host.ts'
import { recordOf } from '../../support/profiles.ts'
import { silentVoice } from '../../../src/core/voice.ts'

const silent = silentVoice
const vaultKept = { name: 'ci', authMethod: 'ClientSecret' }
const secretPath = `${configDirectory}/secure/ci.client-secret.bin`

async function secretOf(record: object, options: MemoryHostOptions = {}, kept?: string) {
  const host = memoryHost(options)
  if (kept !== undefined) await writeSecret(host, 'ci', 'client-secret', kept, silent)
  return clientSecretOf(readProfile(recordOf(record)), host, silent)
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
