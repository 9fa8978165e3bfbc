import { describe, expect, it } from 'vitest'
import { readRedirect } from '../../../src/platform/redirect-answer.ts'

const expected = { path: '/', state: 'the-state' }
const right = 'http://localhost:8400/?code=the-code&state=the-state'
const signedIn = { kind: 'code', code: 'the-code', clientInfo: undefined }

describe('an address that somebody pastes', () => {
  it.each<[string, string]>([
    ['as it is', right],
    ['with what else Entra sends', `${right}&session_state=s#`],
    ['with white space and quotes around it', ` "${right}"\n`],
    ['without the scheme, as some browsers copy it', right.replace('http://', '')],
    ['by number', right.replace('localhost', '127.0.0.1')],
    ['by number of IPv6', right.replace('localhost', '[::1]')],
  ])('is understood %s', (_how, text) => {
    expect(readRedirect(text, 8400, expected)).toEqual(signedIn)
  })

  it('may tell an error', () => {
    const text =
      'http://localhost:8400/?error=access_denied&error_description=AADSTS65004%3a+no&state=the-state'
    expect(readRedirect(text, 8400, expected)).toEqual({
      kind: 'error',
      error: 'access_denied',
      description: 'AADSTS65004: no',
    })
  })

  it('comes back to the path it was sent to', () => {
    const text = 'http://localhost:8400/web/callback?code=the-code&state=the-state'
    expect(readRedirect(text, 8400, { ...expected, path: '/web/callback' })).toEqual(signedIn)
  })

  const elsewhere = 'this is not the address of the page you end up on'
  it.each<[string, string, string]>([
    [
      'the page to sign in at',
      'https://login.example/t/oauth2/v2.0/authorize?state=the-state',
      'this is the page to sign in at, not the one you end up on',
    ],
    ['another port', right.replace('8400', '8401'), elsewhere],
    ['another host', right.replace('localhost', 'attacker.example'), elsewhere],
    ['a host that looks like it', right.replace('localhost', 'localhost.attacker.example'), elsewhere],
    ['another scheme', right.replace('http:', 'https:'), elsewhere],
    ['another path', right.replace('/?', '/x?'), elsewhere],
    ['a user before the host', right.replace('localhost:8400', 'localhost:8400@attacker.example'), elsewhere],
    ['another sign-in', right.replace('the-state', 'guessed'), 'this answer belongs to another sign-in'],
    ['no state', right.replace('&state=the-state', ''), 'the sign-in page sent no state'],
    [
      'neither code nor error',
      right.replace('code=the-code&', ''),
      'the sign-in page sent neither a code nor an error',
    ],
    ['two codes', `${right}&code=other`, 'the parameter "code" came more than once'],
    ['no address', 'the code is 42', 'this is no address'],
  ])('is refused for %s, without a word of it', (_what, text, why) => {
    const answer = readRedirect(text, 8400, expected)
    expect(answer).toBe(why)
    expect(answer).not.toMatch(/the-code|the-state|guessed/)
  })
})
