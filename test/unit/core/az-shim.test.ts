import { describe, expect, it } from 'vitest'
import { azCmd, azScript, isAzScript, readAzWords } from '../../../src/core/az-shim.ts'
import { failureOf } from '../../support/failure.ts'

const plain = { scopes: [], tenant: undefined, subscription: undefined, output: 'json', field: undefined }
const arm = 'https://management.azure.com'

const tokenAsk = (text: string) =>
  readAzWords(['account', 'get-access-token', ...text.split(' ').filter(Boolean)])

describe('a question after a token', () => {
  it.each<[string, object]>([
    ['', {}],
    [`--output json --resource ${arm}`, { scopes: [`${arm}/.default`] }],
    // A slash at the end is a part of the resource: Entra issues the token for it.
    [
      '--resource https://management.core.windows.net/',
      { scopes: ['https://management.core.windows.net//.default'] },
    ],
    [
      `-o=json --resource=${arm} --tenant=contoso.com`,
      { scopes: [`${arm}/.default`], tenant: 'contoso.com' },
    ],
    [
      '--scope api://x/a api://x/b -t contoso.com',
      { scopes: ['api://x/a', 'api://x/b'], tenant: 'contoso.com' },
    ],
    ['--resource-type ms-graph', { scopes: ['https://graph.microsoft.com/.default'] }],
    ['--subscription "Contoso" --only-show-errors', { subscription: 'Contoso' }],
    ['-s 1 --debug', { subscription: '1' }],
    ['--query accessToken -o tsv', { field: 'accessToken', output: 'tsv' }],
    ['-o none', { output: 'none' }],
    ['-o jsonc', {}],
  ])('is understood: %s', (text, ask) => {
    expect(tokenAsk(text)).toEqual({ kind: 'token', ask: { ...plain, ...ask } })
  })

  it.each([
    '--resource',
    '--resource a b',
    '--resource a --resource b',
    '--resource=',
    '--resource a --scope b',
    '--resource-type toString',
    '--tenant a/b',
    '--claims-challenge x',
    '--__proto__ x',
    'word',
    '-o table',
    '-o tsv',
    '--query [].accessToken -o tsv',
  ])('is refused whole rather than half understood: %s', (text) => {
    expect(failureOf(() => tokenAsk(text))).toMatchObject({ code: 'invalid_arguments' })
  })
})

describe('other words for az', () => {
  it.each<[readonly string[], object]>([
    [['version', '-o=json'], { kind: 'version', as: 'json' }],
    [['--version'], { kind: 'version', as: 'text' }],
    [['account', 'show'], { kind: 'other' }],
    [['login'], { kind: 'other' }],
    [[], { kind: 'other' }],
  ])('%j', (words, expected) => {
    expect(readAzWords(words)).toEqual(expected)
  })
})

describe('the program in the place of az', () => {
  it('hands its words on, whatever the profile is called', () => {
    const script = azScript({ profile: "a'b; rm", realAz: '/usr/bin/az' })
    expect(script.split('\n').at(-2)).toBe(
      String.raw`exec entra-auth-cli az-shim -p 'a'\''b; rm' --real-az /usr/bin/az -- "$@"`,
    )
    expect(isAzScript(script)).toBe(true)
  })

  it('is known for ours from what else is called az', () => {
    expect(isAzScript(azCmd({ profile: undefined, realAz: undefined }))).toBe(true)
    expect(isAzScript('#!/bin/sh\nexec python3 -m azure.cli "$@"\n')).toBe(false)
  })

  it('takes for cmd.exe what cannot be misunderstood', () => {
    expect(azCmd({ profile: 'arm', realAz: String.raw`C:\Program Files (x86)\az.cmd` })).toBe(
      '@entra-auth-cli az-shim -p "arm" --real-az "C:\\Program Files (x86)\\az.cmd" -- %*\r\n',
    )
    expect(failureOf(() => azCmd({ profile: '%PATH%', realAz: undefined }))).toMatchObject({
      code: 'invalid_arguments',
    })
  })
})
