import { describe, expect, it } from 'vitest'
import { dotnetExportBytes, openDotnetExport } from '../../../../src/core/sharing/dotnet-export.ts'
import { dotnetExport, dotnetPassphrase, makeDotnetExport } from '../../../support/dotnet-export.ts'

const bytes = dotnetExportBytes(dotnetExport)!

describe("the older tool's encrypted export", () => {
  it('opens with its passphrase, byte for byte', async () => {
    const text = await openDotnetExport(bytes, dotnetPassphrase)
    expect(text).toHaveLength(589)
    expect(JSON.parse(text!)).toEqual({
      Profile: {
        name: 'myprofile',
        tenantId: 'contoso.onmicrosoft.com',
        clientId: '12345678-1234-1234-1234-123456789abc',
        scopes: ['https://graph.microsoft.com/.default'],
        resource: null,
        authMethod: 'ClientSecret',
        redirectUri: null,
        certificatePath: null,
        cacheCertificatePassword: false,
        defaultFlow: null,
        createdAt: '2025-12-26T10:00:00+00:00',
        updatedAt: '2025-12-26T10:00:00+00:00',
      },
      ClientSecret: 's3cret~value',
      CertificatePassword: null,
      ExportedAt: '2026-01-09T22:09:16+00:00',
    })
  })

  it.each(['', 'Correct horse battery staple', `${dotnetPassphrase} `])(
    'does not open with %j',
    async (passphrase) => {
      expect(await openDotnetExport(bytes, passphrase)).toBeUndefined()
    },
  )

  it('does not open when its first block was changed, although nothing signs it', async () => {
    const changed = Buffer.from(bytes)
    changed[48]! ^= 1
    expect(await openDotnetExport(changed, dotnetPassphrase)).toBeUndefined()
  })

  it('does not take what opens and is no JSON for the right passphrase', async () => {
    const other = dotnetExportBytes(makeDotnetExport('not JSON'))!
    expect(await openDotnetExport(other, dotnetPassphrase)).toBeUndefined()
  })

  it('is recognised with white space in it', () => {
    const wrapped = ` ${dotnetExport.replace(/.{76}/g, (line) => `${line}\r\n`)}\n`
    expect(dotnetExportBytes(wrapped)?.equals(bytes)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a word', 'nonsense'],
    ['too short', Buffer.alloc(48).toString('base64')],
    ['half a block', Buffer.alloc(48 + 24).toString('base64')],
    ['base64url', dotnetExport.replaceAll('+', '-')],
    ['a character too few', dotnetExport.slice(1)],
    ['words after it', `${dotnetExport} hello!`],
  ])('is not taken for one: %s', (_what, text) => {
    expect(dotnetExportBytes(text)).toBeUndefined()
  })
})
