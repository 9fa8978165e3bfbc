import type { App } from '../directory.ts'
import { document, errorText, hiddenFields, type FormPage } from './document.ts'
import { html, trusted } from './html.ts'

export interface DevicePage extends FormPage {
  /** Fills the input, where the address already carried the code. */
  readonly userCode?: string
}

/** Posts `user_code`. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.3 */
export function devicePage({ action, fields, userCode = '', error }: DevicePage): string {
  const described = trusted(error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"')
  return document(
    'device',
    'Enter code',
    html`<h1>Enter the code</h1>
      <p class="lead">Your app or device shows a code. Go on only if you asked for it yourself.</p>
      ${errorText(error)}
      <form id="device" method="post" action="${action}">
        ${hiddenFields(fields)}<label for="user_code">Code</label>
        <input
          class="code"
          id="user_code"
          name="user_code"
          type="text"
          value="${userCode}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus${described}
        />
        <button type="submit">Next</button>
      </form>`,
  )
}

/** The end of a device sign-in in the browser; the waiting app gets its token at its next poll. */
export function deviceDonePage({ app }: { readonly app: App }): string {
  return document(
    'device-done',
    'Signed in',
    html`<h1>You are signed in</h1>
      <p class="lead">${app.displayName} has what it waited for. You can close this window.</p>`,
  )
}
