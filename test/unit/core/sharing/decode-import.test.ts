import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { armoured, identitiesIn, recipientsIn, sealWithAge } from '../../../../src/core/sharing/age.ts'
import { decodeImport, type Keys } from '../../../../src/core/sharing/decode-import.ts'
import { largestImportBytes } from '../../../../src/core/sharing/read-import.ts'
import { rejectionOf } from '../../../support/failure.ts'
import { dotnetExport, dotnetPassphrase, dotnetSecret } from '../../../support/dotnet-export.ts'

const document = '{"name":"work"}'

function keys(passphrases: readonly string[] = [], identities?: readonly string[]) {
  let asked = 0
  const retries: boolean[] = []
  const given: Keys = {
    passphrase: async (isRetry) => {
      retries.push(isRetry)
      return passphrases[asked++]
    },
    identities: async () => identities,
  }
  return { ...given, retries }
}

const decode = (content: string | Uint8Array, opening: Keys = keys()) =>
  decodeImport(Buffer.from(content), '"f"', opening)

/** At a small price: what is tested is not scrypt. */
async function sealedWith(passphrase: string, text = document): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(4)
  return encrypter.encrypt(text)
}

describe('an import in plain text', () => {
  it.each([
    ['as it is', document],
    ['with a byte order mark', `\ufeff${document}`],
    ['with white space around it', `\r\n ${document}\n`],
    ['as PowerShell redirects it', Buffer.from(`\ufeff${document}\r\n`, 'utf16le')],
  ])('is read %s', async (_how, content) => {
    expect(await decode(content)).toEqual({ text: document, wasSealed: false })
  })

  it.each([
    ['nothing', ''],
    ['words', 'hello there'],
    ['bytes', Buffer.from([0xc3, 0x28, 0x00])],
    ['half of UTF-16', Buffer.from([0xff, 0xfe, 0x7b])],
    ['a token', 'eyJ0eXAiOiJKV1QifQ.e30.c2ln'],
  ])('is none: %s', async (_what, content) => {
    const failure = await rejectionOf(decode(content))
    expect(failure).toMatchObject({ code: 'file_unusable' })
    expect(failure.message).toMatch(/it is (no text|neither JSON, nor a file of age, nor an export)/)
  })

  it('is not looked into where it is too large', async () => {
    const failure = await rejectionOf(decode(Buffer.alloc(largestImportBytes + 1, '{')))
    expect(failure.message).toBe('"f" cannot be imported: it is larger than 8 MB')
  })
})

describe('an import sealed with age', () => {
  it('opens with its passphrase', async () => {
    const opening = keys(['right'])
    expect(await decode(await sealedWith('right'), opening)).toEqual({ text: document, wasSealed: true })
    expect(opening.retries).toEqual([false])
  })

  it('opens in armour, with what a mail program adds around it', async () => {
    const text = await armoured(await sealedWith('right'))
    expect(await decode(`\r\n${text.replaceAll('\n', '\r\n')}\r\n`, keys(['right']))).toMatchObject({
      text: document,
    })
  })

  it('asks again until there are no more passphrases', async () => {
    const sealed = await sealedWith('right')
    expect(await decode(sealed, keys(['wrong', 'right']))).toMatchObject({ text: document })
    const opening = keys(['wrong', 'worse'])
    const failure = await rejectionOf(decode(sealed, opening))
    expect(failure).toMatchObject({ code: 'invalid_arguments' })
    expect(failure.message).toBe('the passphrase does not open "f", or it is damaged')
    expect(opening.retries).toEqual([false, true, true])
  })

  it('says how to give a passphrase where there is none', async () => {
    const failure = await rejectionOf(decode(await sealedWith('right')))
    expect(failure.message).toBe('"f" is sealed with a passphrase')
    expect(failure.hint).toContain('ENTRA_AUTH_CLI_PASSPHRASE_EXPORT')
  })

  it('does not let a file take this machine: a passphrase may cost so much and no more', async () => {
    const sealed = Buffer.from(await sealedWith('right')).toString('latin1')
    const costly = Buffer.from(sealed.replace(/( [A-Za-z0-9+/]{22} )4\n/, '$130\n'), 'latin1')
    const opening = keys(['right'])
    const failure = await rejectionOf(decode(costly, opening))
    expect(failure.message).toBe('"f" cannot be imported: its passphrase costs too much work to check')
    expect(opening.retries).toEqual([])
  })

  it('opens for each of its recipients, and for nobody else', async () => {
    const [one, other, stranger] = [
      await generateIdentity(),
      await generateIdentity(),
      await generateIdentity(),
    ]
    const recipients = [await identityToRecipient(one), await identityToRecipient(other)]
    const sealed = await sealWithAge(document, { kind: 'recipients', recipients })
    expect(await decode(sealed, keys([], [one]))).toMatchObject({ text: document })
    expect(await decode(sealed, keys([], [stranger, other]))).toMatchObject({ text: document })
    expect((await rejectionOf(decode(sealed, keys([], [stranger])))).message).toContain(
      'is not sealed for this private key',
    )
    expect((await rejectionOf(decode(sealed))).hint).toContain('--identity')
  })

  it('is refused when it was changed anywhere', async () => {
    const identity = await generateIdentity()
    const recipients = [await identityToRecipient(identity)]
    const sealed = await sealWithAge(document, { kind: 'recipients', recipients })
    const damaged: Buffer[] = []
    for (let at = 22; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      damaged.push(changed, Buffer.from(sealed.subarray(0, at)))
    }
    for (const one of damaged) {
      const failure = await rejectionOf(decode(one, keys(['x'], [identity])))
      expect(['invalid_arguments', 'file_unusable']).toContain(failure.code)
    }
  })

  it('is refused with broken armour', async () => {
    const failure = await rejectionOf(decode('-----BEGIN AGE ENCRYPTED FILE-----\n!\n'))
    expect(failure.message).toBe('"f" cannot be imported: it is a damaged file of age')
  })

  it('costs age as much as age itself asks for', async () => {
    const sealed = await sealWithAge(document, { kind: 'passphrase', passphrase: 'right' })
    expect(Buffer.from(sealed).toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/)
  })
})

describe("the older tool's encrypted export", () => {
  it('opens with its passphrase', async () => {
    const { text, wasSealed } = await decode(`${dotnetExport}\n`, keys([dotnetPassphrase]))
    expect(text).toContain(dotnetSecret)
    expect(wasSealed).toBe(true)
  })

  it('does not open with another', async () => {
    const failure = await rejectionOf(decode(dotnetExport, keys(['wrong'])))
    expect(failure).toMatchObject({ code: 'invalid_arguments' })
  })
})

describe('keys of age', () => {
  it('are read from files with comments', async () => {
    const identity = await generateIdentity()
    const recipient = await identityToRecipient(identity)
    const file = Buffer.from(`# created: today\r\n# public key: ${recipient}\r\n${identity}\r\n\r\n`)
    expect(await identitiesIn(file, 'key.txt')).toEqual([identity])
    expect(recipientsIn(Buffer.from(`# team\n${recipient}\n`))).toEqual([recipient])
  })

  it.each(['', '# nothing', 'AGE-SECRET-KEY-1CANARY', 'ssh-ed25519 AAAA', 'age-encryption.org/v1'])(
    'are not in %j, of which nothing is repeated',
    async (content) => {
      const failure = await rejectionOf(identitiesIn(Buffer.from(content), 'key.txt'))
      expect(failure).toMatchObject({ code: 'file_unusable' })
      expect(`${failure.message} ${failure.hint}`).not.toContain('CANARY')
    },
  )

  it('that are private are not repeated where a public one belongs', async () => {
    const identity = await generateIdentity()
    const failure = await rejectionOf(sealWithAge(document, { kind: 'recipients', recipients: [identity] }))
    expect(failure).toMatchObject({ code: 'invalid_arguments' })
    expect(failure.message).toBe('a recipient is no public key of age')
  })

  it('that are mistyped are named', async () => {
    const failure = await rejectionOf(sealWithAge(document, { kind: 'recipients', recipients: ['age1xyz'] }))
    expect(failure.message).toBe('"age1xyz" is no public key of age')
  })
})
