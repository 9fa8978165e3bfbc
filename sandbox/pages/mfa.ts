import type { User } from '../directory.ts'
import { document, errorText, hiddenFields, type FormPage } from './document.ts'
import { html, trusted } from './html.ts'

export interface MfaPage extends FormPage {
  readonly user: User
}

/** Posts `otp`. */
export function mfaPage({ action, fields, user, error }: MfaPage): string {
  const described = trusted(error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"')
  return document(
    'mfa',
    'Second factor',
    html`<h1>Enter your code</h1>
      <p class="lead">${user.userPrincipalName} signs in with a second factor.</p>
      ${errorText(error)}
      <form id="mfa" method="post" action="${action}">
        ${hiddenFields(fields)}<label for="otp">One-time code</label>
        <input
          class="code"
          id="otp"
          name="otp"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          spellcheck="false"
          required
          autofocus${described}
        />
        <button type="submit">Verify</button>
      </form>`,
  )
}
