import { randomBytes } from 'node:crypto'
import { CryptoProvider } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import type { RedirectAnswer, RedirectWait } from '../ports.ts'
import type { Rung } from '../sign-in-ladder.ts'
import { tunnelCommand } from '../ssh-tunnel.ts'
import type { FlowContext } from './context.ts'
import { delegatedApplication } from './msal-application.ts'
import type { Attempt } from './sign-in.ts'

/**
 * A person signs in in a browser; the code comes back to a loopback listener (RFC 8252) or is pasted, guarded by PKCE
 * (RFC 7636) and `state` either way. With the `authorization-code` flow the app proves itself too, where it can.
 * @param rung `browser`, `paste` or `address`
 * @param offersDeviceCode whether a person who is asked to paste may take a device code instead
 */
export async function acquireByAuthorizationCode(
  context: FlowContext,
  rung: Rung,
  offersDeviceCode: boolean,
): Promise<Attempt> {
  const { request, host, interaction } = context
  const application = await delegatedApplication(context)
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const state = randomBytes(24).toString('base64url')
  const scopes = [...request.scopes]
  const { loginHint, account, prompt, ports } = request.signIn
  const redirect = redirectOf(request.profile.redirectUri, ports)
  const listener = await host.redirects.open({
    ports: redirect.ports,
    path: redirect.path,
    state,
    page: (answer) => interaction.redirectPage(answer),
  })
  try {
    const redirectUri = redirect.uri(listener.port)
    const url = await application.getAuthCodeUrl({
      scopes,
      redirectUri,
      state,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      // By form post the code never stands in an address: not in the browser's history, not in a log. What is to be
      // pasted must stand there; it is of no use to anybody without the verifier.
      responseMode: rung.way === 'paste' ? 'query' : 'form_post',
      prompt,
      loginHint: loginHint ?? account,
      claims: request.claims,
    })
    const answer = await answerTo({ url, redirectUri, rung, offersDeviceCode, listener }, context)
    if (answer.kind === 'did-not-start' || answer.kind === 'device-code') return answer
    if (answer.kind === 'error') {
      const { entraRefusal } = await import('../entra-errors.ts')
      throw entraRefusal(answer.error, answer.description)
    }
    const result = await application.acquireTokenByCode(
      { scopes, redirectUri, code: answer.code, codeVerifier: verifier, claims: request.claims },
      { code: answer.code, client_info: answer.clientInfo },
    )
    return { kind: 'result', result }
  } finally {
    await listener.close()
  }
}

interface Asked {
  readonly url: string
  readonly redirectUri: string
  readonly rung: Rung
  readonly offersDeviceCode: boolean
  readonly listener: RedirectWait
}

type Answer = RedirectAnswer | Exclude<Attempt, { kind: 'result' }>

/** Shows the address in the rung's way and waits for what comes back. */
async function answerTo(asked: Asked, context: FlowContext): Promise<Answer> {
  const { interaction, host, signal } = context
  const { url, rung, listener } = asked
  if (rung.way === 'paste') return pastedOrArrived(asked, context)
  const opened = rung.way === 'browser' && (await host.desktop.openBrowser(url))
  if (rung.way === 'browser' && !opened) return { kind: 'did-not-start' }
  interaction.showSignInUrl({ url, opened })
  return listener.answer(signal)
}

/** The listener goes on listening while the person is asked: a tunnel or a browser on this machine may be faster. */
async function pastedOrArrived(asked: Asked, { interaction, host, signal }: FlowContext): Promise<Answer> {
  const { url, redirectUri, offersDeviceCode, listener } = asked
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const arrived = listener.answer(either)
  let told: RedirectAnswer | undefined
  const take = (text: string): string | undefined => {
    // A page that shows an error leads nowhere; its number is all there is to bring back.
    if (/^[^?]*AADSTS\d/.test(text)) {
      told = { kind: 'error', error: 'invalid_request', description: text }
      return undefined
    }
    return listener.take(text)
  }
  const tunnel = tunnelCommand(host.env, listener.port)
  const question = { url, redirectUri, tunnel, offersDeviceCode, take }
  const brought = interaction.askForRedirect(question, either)
  try {
    return await Promise.race([
      arrived,
      brought.then((end) => (end === 'device-code' ? { kind: end } : (told ?? arrived))),
    ])
  } finally {
    over.abort()
    await Promise.allSettled([arrived, brought])
  }
}

interface Redirect {
  readonly ports: readonly number[]
  readonly path: string
  readonly uri: (port: number) => string
}

/**
 * Where the answer shall come back to. Entra ignores the port of a registered `http://localhost`, but not the path.
 * @see https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions
 */
function redirectOf(written: string | undefined, ports: readonly number[] | undefined): Redirect {
  const text = written ?? 'http://localhost'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) {
    throw new EntraAuthError(
      'invalid_arguments',
      `the redirect URI "${text}" does not lead to this machine`,
      {
        hint: 'use http://localhost, or a port and path of it, and register it as "Mobile and desktop" platform',
      },
    )
  }
  return {
    // A URI without a port has '' here, and port 0 stands for any free one.
    ports: ports ?? [Number(url.port)],
    path: url.pathname,
    uri: (port) => `http://${url.hostname}:${port}${url.pathname === '/' ? '' : url.pathname}`,
  }
}
