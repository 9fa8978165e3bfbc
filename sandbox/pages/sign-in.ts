import type { App, User } from '../directory.ts'
import { document, errorText, hiddenFields, type FormPage } from './document.ts'
import { html, trusted, type Html } from './html.ts'

export interface SignInPage extends FormPage {
  readonly app: App
  /** Offered to sign in with one click: each has a form of its own that carries the password, so no script is needed. */
  readonly users: readonly User[]
}

/** Posts `username` and `password`. A field called `username`, such as a login hint, fills the visible input. */
export function signInPage({ action, fields, app, users, error }: SignInPage): string {
  const { username = '', ...hidden } = fields
  const described = trusted(error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"')
  // The cursor belongs where the next thing is to be typed.
  const [focusName, focusPassword] = (username === '' ? ['autofocus', ''] : ['', 'autofocus']).map(trusted)
  return document(
    'sign-in',
    'Sign in',
    html`<h1>Sign in</h1>
      <p class="lead">to continue to ${app.displayName}</p>
      ${errorText(error)}
      <form id="sign-in" method="post" action="${action}">
        ${hiddenFields(hidden)}<label for="username">Username</label>
        <input
          id="username"
          name="username"
          type="text"
          value="${username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          placeholder="someone@contoso.com"
          required${described}
          ${focusName}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required${described}
          ${focusPassword}
        />
        <button type="submit">Sign in</button>
      </form>
      ${users.length === 0 ? undefined : people(action, hidden, users)}`,
  )
}

function people(action: string, hidden: Readonly<Record<string, string>>, users: readonly User[]): Html {
  return html`<h2 id="people">Or continue as one of the sandbox's users</h2>
    <ul class="people" aria-labelledby="people">
      ${users.map((user) => person(action, hidden, user))}
    </ul>`
}

function person(action: string, hidden: Readonly<Record<string, string>>, user: User): Html {
  const fields = { ...hidden, username: user.userPrincipalName, password: user.password }
  return html`<li>
    <form id="sign-in-as-${user.objectId}" method="post" action="${action}">
      ${hiddenFields(fields)}<button type="submit" class="quiet">
        <strong>${user.displayName}</strong><span>${user.userPrincipalName}${traits(user)}</span>
      </button>
    </form>
  </li> `
}

function traits(user: User): string {
  return `${user.isAdministrator ? ' · administrator' : ''}${user.requiresMfa ? ' · second factor' : ''}`
}
