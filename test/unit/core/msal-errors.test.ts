import { AuthError } from '@azure/msal-node'
import { describe, expect, it } from 'vitest'
import { translateMsalError, withProfileName } from '../../../src/core/msal-errors.ts'
import { MsalNetwork } from '../../../src/core/msal-network.ts'
import { rejectionOf } from '../../support/failure.ts'

/** A network that has had this answer. */
async function networkAfter(answer: object): Promise<MsalNetwork> {
  const http = { send: async () => ({ status: 400, headers: {}, body: JSON.stringify(answer) }) }
  const network = new MsalNetwork(http, undefined, new AbortController().signal)
  const url = 'https://login.microsoftonline.com/organizations/oauth2/v2.0/token'
  await network.sendPostRequestAsync(url, { body: 'grant_type=device_code' })
  return network
}

describe('an error while a device code is waited for', () => {
  // As MSAL throws it: the code of Entra's answer alone, as the message.
  const thrown = (error: string) => new AuthError('post_request_failed', '', error)

  it('is told by the number that MSAL dropped', async () => {
    const network = await networkAfter({
      error: 'invalid_client',
      error_description:
        "AADSTS7000218: The request body must contain: 'client_assertion' or 'client_secret'.",
    })
    expect(translateMsalError(thrown('invalid_client'), network)).toMatchObject({
      code: 'authentication_failed',
      entraCode: 7000218,
      hint: expect.stringContaining('Allow public client flows'),
    })
  })

  it('is told by its OAuth name where there is no number', async () => {
    const network = await networkAfter({ error: 'authorization_declined' })
    expect(translateMsalError(thrown('authorization_declined'), network)).toMatchObject({
      code: 'authentication_failed',
      message: 'the sign-in was declined (authorization_declined)',
      hint: 'sign in again and accept; more: entra-auth-cli explain authorization_declined',
    })
  })

  it('belongs to the last answer, not to an earlier one', async () => {
    const network = await networkAfter({ error: 'authorization_pending' })
    const http = { send: async () => ({ status: 200, headers: {}, body: '{}' }) }
    const used = new MsalNetwork(http, undefined, new AbortController().signal)
    used.lastRefusal = network.lastRefusal
    await used.sendGetRequestAsync('https://login.microsoftonline.com/')
    expect(used.lastRefusal).toBeUndefined()
  })
})

describe('a refusal to give a device code', () => {
  const askWith = (answer: object) => {
    const http = { send: async () => ({ status: 400, headers: {}, body: JSON.stringify(answer) }) }
    const network = new MsalNetwork(http, undefined, new AbortController().signal)
    const url = 'https://login.microsoftonline.com/organizations/oauth2/v2.0/devicecode'
    return network.sendPostRequestAsync(url, { body: 'client_id=x&scope=openid' })
  }

  it('ends the sign-in, instead of showing a code called "undefined"', async () => {
    const refused = await rejectionOf(
      askWith({ error: 'unauthorized_client', error_description: 'AADSTS700016: Application not found.' }),
    )
    expect(refused).toMatchObject({ code: 'authentication_failed', entraCode: 700016 })
  })

  it('ends it too where the answer is neither a code nor an error', async () => {
    expect(await rejectionOf(askWith({}))).toMatchObject({
      code: 'network',
      message: '"login.microsoftonline.com" answered with no "device_code"',
    })
  })
})

describe('an error answer without a number of Entra', () => {
  it("is told in the authority's own words, out of the frame MSAL puts around them", () => {
    const framed =
      'Error(s): Not Available - Timestamp: Not Available - Description: grant request is invalid - Correlation ID: Not Available - Trace ID: Not Available'
    expect(translateMsalError(new AuthError('invalid_grant', '', framed), {})).toMatchObject({
      code: 'authentication_failed',
      message: 'grant request is invalid (invalid_grant)',
    })
  })
})

describe('the hint of a refusal', () => {
  it('names the profile in its commands, which can be typed then', () => {
    const refused = translateMsalError(new AuthError('invalid_grant', '', 'AADSTS50076: x'), {})
    expect(withProfileName(refused, "$&'ci")).toMatchObject({
      hint: `sign in with "entra-auth-cli get-token -p '$&'\\''ci' --force --flow interactive-browser"; more: entra-auth-cli explain 50076`,
      entraCode: 50076,
    })
  })

  it('stays as it is where it names none', () => {
    const refused = translateMsalError(new AuthError('invalid_grant', '', 'AADSTS50105: x'), {})
    expect(withProfileName(refused, 'ci')).toBe(refused)
    expect(withProfileName('thrown', 'ci')).toBe('thrown')
  })
})

describe("MSAL's own errors", () => {
  it.each([
    ['no_tokens_found', 7, 'no refresh token is kept'],
    ['nonce_mismatch', 2, 'another sign-in'],
    ['invalid_claims', 4, 'not JSON'],
    ['endpoints_resolution_error', 5, 'does not answer as an OpenID Connect authority'],
    ['device_code_expired', 6, 'the device code has expired'],
    ['untrusted_authority', 2, 'not one that MSAL trusts'],
  ])('%s ends with %i and says what it means', (errorCode, exitCode, fact) => {
    const told = translateMsalError(new AuthError(errorCode, ''), {})
    expect(told).toMatchObject({
      exitCode,
      message: expect.stringContaining(fact),
      hint: expect.stringMatching(new RegExp(`; more: entra-auth-cli explain ${errorCode}$`)),
    })
    expect(String(told)).not.toContain('aka.ms')
  })

  it('that nobody has met are told by their name, without the page for programmers', () => {
    expect(translateMsalError(new AuthError('brand_new_error', ''), {})).toMatchObject({
      code: 'authentication_failed',
      message: 'Entra refused without a reason (brand_new_error)',
    })
  })

  it('carry the suberror of the answer', () => {
    expect(
      translateMsalError(new AuthError('invalid_grant', '', 'AADSTS999999: x', 'bad_token'), {}),
    ).toMatchObject({
      code: 'interaction_required',
      message: 'the refresh token is no longer valid (AADSTS999999)',
    })
  })
})
