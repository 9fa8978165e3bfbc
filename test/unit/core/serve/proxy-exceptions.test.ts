import { describe, expect, it } from 'vitest'
import { proxyExceptions } from '../../../../src/core/serve/proxy-exceptions.ts'

const both = (value: string) => ({ NO_PROXY: value, no_proxy: value })

describe('proxyExceptions', () => {
  it.each([
    [{}, {}],
    [{ NO_PROXY: 'corp.example' }, {}],
    [{ HTTPS_PROXY: '' }, {}],
    [{ HTTPS_PROXY: 'http://proxy' }, both('127.0.0.1')],
    [{ http_proxy: 'http://proxy' }, both('127.0.0.1')],
    [{ ALL_PROXY: 'http://proxy', NO_PROXY: 'corp.example, x' }, both('corp.example,x,127.0.0.1')],
    [{ HTTPS_PROXY: 'http://proxy', no_proxy: 'a', NO_PROXY: 'b' }, both('a,127.0.0.1')],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '127.0.0.1' }, both('127.0.0.1')],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, {}],
  ])('of %o are %o', (env, variables) => {
    expect(proxyExceptions(env, '127.0.0.1')).toEqual(variables)
  })
})
