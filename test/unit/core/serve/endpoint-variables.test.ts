import { describe, expect, it } from 'vitest'
import { endpointVariables, isLeftover } from '../../../../src/core/serve/endpoint-variables.ts'
import { newSecret, secretCheck } from '../../../../src/core/serve/serve-secret.ts'
import { variableForms, variablesText } from '../../../../src/ui/variables-text.ts'

const origin = 'http://127.0.0.1:40123'

describe('endpointVariables', () => {
  it('leads every client to its protocol', () => {
    expect(endpointVariables({ origin, secret: 's', imds: true })).toEqual({
      IDENTITY_ENDPOINT: 'http://127.0.0.1:40123/msi/token',
      IDENTITY_HEADER: 's',
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      AZD_AUTH_ENDPOINT: 'http://127.0.0.1:40123/azd',
      AZD_AUTH_KEY: 's',
      ENTRA_AUTH_CLI_TOKEN_URL: 'http://127.0.0.1:40123/token',
      ENTRA_AUTH_CLI_TOKEN_SECRET: 's',
      AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:40123/s',
    })
  })

  it('does not speak of the metadata service unless it is played', () => {
    expect(endpointVariables({ origin, secret: 's', imds: false })).not.toHaveProperty(
      'AZURE_POD_IDENTITY_AUTHORITY_HOST',
    )
  })
})

describe('isLeftover', () => {
  const run = (port: number) =>
    endpointVariables({ origin: `http://127.0.0.1:${port}`, secret: newSecret(), imds: true })

  it.each(variableForms)('knows what an earlier run left, as %s', (form) => {
    expect(isLeftover(`${variablesText(run(1), form)}\n`, variablesText(run(65_535), form))).toBe(true)
  })

  it.each(['', 'DATABASE_PASSWORD=hunter2\n', `${variablesText(run(1), 'dotenv')}\nMORE=1\n`])(
    'takes %j for somebody else',
    (content) => {
      expect(isLeftover(content, variablesText(run(2), 'dotenv'))).toBe(false)
    },
  )
})

describe('the secret of a run', () => {
  it('is of 32 bytes, and another each time', () => {
    const secrets = new Set(Array.from({ length: 100 }, newSecret))
    expect(secrets.size).toBe(100)
    for (const secret of secrets) expect(Buffer.from(secret, 'hex')).toHaveLength(32)
  })

  it('is known by itself alone', () => {
    const isSecret = secretCheck('abc')
    expect(['abc', 'ab', 'abcd', 'ABC', '', 'äbc'].map(isSecret)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('variablesText', () => {
  const hostile = { NAME: `it's "$HOME" \\ \`x\`` }
  it.each([
    ['sh', String.raw`export NAME='it'\''s "$HOME" \ ` + "`x`'"],
    ['fish', String.raw`set -gx NAME 'it\'s "$HOME" \\ ` + "`x`'"],
    ['pwsh', `$env:NAME = 'it''s "$HOME" \\ \`x\`'`],
    ['dotenv', `NAME=it's "$HOME" \\ \`x\``],
  ] as const)('says a value to %s so that it stays what it is', (form, text) => {
    expect(variablesText(hostile, form)).toBe(text)
  })

  it('is an object as JSON', () => {
    expect(JSON.parse(variablesText(hostile, 'json'))).toEqual(hostile)
  })
})
