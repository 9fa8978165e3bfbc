import type { App, User } from '../directory.ts'
import { document, errorText, hiddenFields, type FormPage } from './document.ts'
import { html, type Html } from './html.ts'

export interface ConsentPage extends FormPage {
  readonly app: App
  readonly user: User
  readonly permissions: readonly ConsentPermission[]
}

export interface ConsentPermission {
  /** As in a scope: `User.Read`. */
  readonly value: string
  readonly description?: string
  /** Only an administrator can consent to it. */
  readonly adminOnly: boolean
}

/** Posts `consent`, which is `accept` or `cancel`. */
export function consentPage({ action, fields, app, user, permissions, error }: ConsentPage): string {
  return document(
    'consent',
    'Permissions requested',
    html`<h1>Permissions requested</h1>
      <p class="lead">${app.displayName} would like to act for ${user.userPrincipalName}.</p>
      ${errorText(error)}
      <ul class="permissions" aria-label="Permissions">
        ${permissions.map(permissionItem)}
      </ul>
      <form id="consent" method="post" action="${action}">
        ${hiddenFields(fields)}
        <div class="choices">
          <button type="submit" class="quiet" name="consent" value="cancel">Cancel</button>
          <button type="submit" name="consent" value="accept" autofocus>Accept</button>
        </div>
      </form>`,
  )
}

function permissionItem({ value, description, adminOnly }: ConsentPermission): Html {
  return html`<li>
    <strong>${value}</strong>${description === undefined ? undefined : html`<span>${description}</span>`}${
      adminOnly ? html`<span class="administrator">Needs an administrator's consent</span>` : undefined
    }
  </li> `
}
