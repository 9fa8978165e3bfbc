import { document, hiddenFields, type FormPage } from './document.ts'
import { html } from './html.ts'
import { submitElement } from './style.ts'

/**
 * Sends the authorization response to the redirect URI in a form that submits itself; by button without scripts.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function formPostPage({ action, fields }: Omit<FormPage, 'error'>): string {
  return document(
    'form-post',
    'Returning to the app',
    html`<h1>Returning to the app</h1>
      <p class="lead">You are being sent back to the app that asked you to sign in.</p>
      <form id="form-post" method="post" action="${action}">
        ${hiddenFields(fields)}<noscript><button type="submit">Continue</button></noscript>
      </form>
      ${submitElement}`,
  )
}
