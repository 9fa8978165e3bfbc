/** The sign-in and consent pages of the provider: the least a form needs to be filled in by a script. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'

/** Any page of the provider: plain forms, so that a script needs no JavaScript to complete them. */
export function htmlPage(title: string, content: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}`
}

const signInForm = '<form method="post"><input name="login"><button>Sign in</button></form>'
const consentForm =
  '<form method="post"><input type="hidden" name="decision" value="accept"><button>Accept</button></form>'

/** Shows the page an interaction waits for. */
export async function showInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { prompt } = await provider.interactionDetails(request, response)
  const html =
    prompt.name === 'login' ? htmlPage('Sign in', signInForm) : htmlPage('Permissions requested', consentForm)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
}

/**
 * Takes what a person sent from that page and lets oidc-provider go on: a known login is signed in, an unknown one
 * and `decision=refuse` end in `access_denied`. There are no passwords; that is not what is tested here.
 */
export async function finishInteraction(
  provider: Provider,
  knownLogins: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
  answer: URLSearchParams,
) {
  const { prompt, grantId, session, params } = await provider.interactionDetails(request, response)
  const deny = (reason: string) => ({ error: 'access_denied', error_description: reason })

  if (prompt.name === 'login') {
    const accountId = knownLogins.get(answer.get('login') ?? '')
    const result = accountId ? { login: { accountId } } : deny('there is no such account')
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  }

  if (answer.get('decision') !== 'accept') {
    return provider.interactionFinished(request, response, deny('the user declined to consent'), {
      mergeWithLastSubmission: false,
    })
  }
  const known = grantId ? await provider.Grant.find(grantId) : undefined
  const grant =
    known ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) })
  const missing = prompt.details as {
    missingOIDCScope?: string[]
    missingOIDCClaims?: string[]
    missingResourceScopes?: Record<string, string[]>
  }
  if (missing.missingOIDCScope) grant.addOIDCScope(missing.missingOIDCScope.join(' '))
  if (missing.missingOIDCClaims) grant.addOIDCClaims(missing.missingOIDCClaims)
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '))
  }
  const result = { consent: { grantId: await grant.save() } }
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}
