import { expect, it } from 'vitest'
import type { KeychainState } from '../../../src/core/ports.ts'
import { keychainWay } from '../../../src/platform/keychain-rules.ts'

const open = (provider: string): KeychainState => ({ kind: 'available', provider })
const gnome = 'gnome-keyring-daemon'
const locked: KeychainState = { kind: 'locked', provider: gnome, reason: 'the keyring is locked' }

const nobody = false
const somebody = true

it.each<[NodeJS.Platform, KeychainState, boolean, string]>([
  ['linux', open(gnome), nobody, 'here'],
  ['linux', open(gnome), somebody, 'here'],
  // May be set to ask at every access.
  ['linux', open('kwalletd6'), nobody, 'child 3 s'],
  ['linux', open('keepassxc'), nobody, 'child 3 s'],
  ['linux', open('Secret Service'), nobody, 'child 3 s'],
  ['linux', open('kwalletd6'), somebody, 'child 60 s, after 1000 ms: Allow the access'],
  ['linux', locked, nobody, 'refused'],
  ['linux', locked, somebody, 'child 60 s, after 0 ms: Unlock the keyring'],
  ['freebsd', open('Secret Service'), nobody, 'child 3 s'],
  ['darwin', open('macOS Keychain'), nobody, 'child 3 s'],
  ['darwin', open('macOS Keychain'), somebody, 'here'],
  ['win32', open('Windows Credential Manager'), nobody, 'here'],
  ['win32', open('Windows Credential Manager'), somebody, 'here'],
])('%s, %j, attended %j: %s', (platform, state, attended, expected) => {
  const way = keychainWay(platform, state, attended)
  const seconds = way.kind === 'child' ? ` ${way.seconds} s` : ''
  const notice = way.kind === 'child' ? way.notice : undefined
  const words = notice ? `, after ${notice.afterMilliseconds} ms: ${notice.text}` : ''
  expect(`${way.kind}${seconds}${words}`).toMatch(new RegExp(`^${expected}`))
  expect(words === '').toBe(!expected.includes('after'))
})

it.each(['no-binding', 'no-bus', 'no-service', 'activatable', 'no-collection'] as const)(
  'refuses %s, whoever attends',
  (kind) => {
    const state = { kind, reason: 'so it is' }
    expect(keychainWay('linux', state, nobody)).toEqual({ kind: 'refused', state })
    expect(keychainWay('linux', state, somebody)).toEqual({ kind: 'refused', state })
  },
)
