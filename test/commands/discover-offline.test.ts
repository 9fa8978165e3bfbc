import { describe, expect, it, vi } from 'vitest'
import { runCommand } from '../support/run-command.ts'
import type { Host } from '../../src/core/ports.ts'
import { memoryHost } from '../support/memory-host.ts'
import { tokenOf, v1Delegated } from '../unit/jwt/tokens.ts'

const { mustNotLoad } = vi.hoisted(() => ({
  mustNotLoad: (name: string) => () => {
    throw new Error(`${name} was loaded`)
  },
}))
vi.mock('@azure/msal-node', mustNotLoad('MSAL'))
vi.mock('@napi-rs/keyring', mustNotLoad('the keychain'))
vi.mock('@clack/prompts', mustNotLoad('prompts'))
vi.mock('node:net', mustNotLoad('node:net'))
vi.mock('node:tls', mustNotLoad('node:tls'))
vi.mock('node:dns', mustNotLoad('node:dns'))
vi.mock('node:http', mustNotLoad('node:http'))
vi.mock('node:https', mustNotLoad('node:https'))

/** A host that has streams, files and a clock, and fails the test when anything else of it is as much as looked at. */
function offlineHost() {
  const host = memoryHost({ stdin: '' })
  const looked: string[] = []
  const guarded = new Proxy<Host>(host, {
    get(target, name, receiver) {
      if (['http', 'keychain', 'redirects', 'desktop', 'cacheDirectory'].includes(String(name))) {
        looked.push(String(name))
      }
      return Reflect.get(target, name, receiver) as unknown
    },
  })
  return { host, guarded, looked }
}

const token = tokenOf(v1Delegated)
const cutOff = token.slice(0, token.indexOf('.') + 40)

describe('a token handed in causes no connection, no keychain and no MSAL', () => {
  it.each([
    ['discover', ['discover', '-t', token], 0],
    ['discover as YAML', ['discover', '-t', token, '-o', 'yaml'], 0],
    ['discover of half a token', ['discover', '-t', cutOff], 1],
    ['discover of half a token behind Bearer', ['discover', '-t', `Bearer ${cutOff}`], 1],
    ['discover of an opaque token', ['discover', '-t', 'EwB4A8l6BAAU'], 1],
    ['discover of a refresh token', ['discover', '-t', '1.AQsAbcd.AgABAwEAAAD'], 1],
    ['discover of a token where a tenant belongs', ['discover', '--tenant', token], 4],
    ['discover of a token where a search belongs', ['discover', '-s', token], 4],
    ['inspect', ['inspect', '-t', token], 0],
    ['inspect in the form to read', ['inspect', token, '-o', 'pretty'], 0],
    ['inspect of half a token', ['inspect', '-t', cutOff], 1],
  ])('by %s', async (_what, words, code) => {
    const { host, guarded, looked } = offlineHost()
    expect(await runCommand(words, guarded)).toBe(code)
    expect(looked).toEqual([])
    expect(host.stderr()).not.toContain('unexpected')
  })
})
