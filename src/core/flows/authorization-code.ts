import { randomBytes } from 'node:crypto'
import { CryptoProvider, type AuthenticationResult } from '@azure/msal-node'
import { EntraAuthError } from '../../errors.ts'
import { entraRefusal } from '../entra-errors.ts'
import type { FlowContext } from './context.ts'
import { delegatedApplication } from './msal-application.ts'

/**
 * A person signs in in a browser on this machine; the code comes back to a loopback listener (RFC 8252), guarded by
 * PKCE (RFC 7636) and `state`. With the `authorization-code` flow the app proves itself too, where it can.
 */
export async function acquireByAuthorizationCode(context: FlowContext): Promise<AuthenticationResult | null> {
  const { request, host, interaction, signal } = context
  const application = await delegatedApplication(context)
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const state = randomBytes(24).toString('base64url')
  const scopes = [...request.scopes]
  const redirect = redirectOf(request.profile.redirectUri, request.signIn.ports)
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
      // The code then never stands in an address: not in the browser's history, not in a log.
      responseMode: 'form_post',
      prompt: request.signIn.prompt,
      loginHint: request.signIn.loginHint,
      claims: request.claims,
    })
    interaction.showSignInUrl(url, await openBrowser(url, context))
    const answer = await listener.answer(signal)
    if (answer.kind === 'error') throw entraRefusal(answer.error, answer.description)
    return await application.acquireTokenByCode(
      { scopes, redirectUri, code: answer.code, codeVerifier: verifier, claims: request.claims },
      { code: answer.code, client_info: answer.clientInfo },
    )
  } finally {
    await listener.close()
  }
}

/** Whether a browser shows the address now. */
async function openBrowser(url: string, { interaction, host }: FlowContext): Promise<boolean> {
  if (interaction.showUrlOnly || host.desktop.browserObstacle() !== undefined) return false
  return host.desktop.openBrowser(url)
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
