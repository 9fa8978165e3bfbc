import { html, type Html } from './html.ts'
import { styleElement } from './style.ts'

/** What every page that holds a form is given. */
export interface FormPage {
  /** Where the form is posted to. */
  readonly action: string
  /** Sent along with what the person enters. */
  readonly fields: Readonly<Record<string, string>>
  /** What was wrong with the last attempt. */
  readonly error?: string
}

/** A whole page. Its `data-page` says which one it is to programs; the title and the error say so to people. */
export function document(page: string, title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · entra-auth-cli sandbox</title>
        ${styleElement}
      </head>
      <body data-page="${page}">
        <main>${content}</main>
        <p class="banner">Sandbox on this machine, not Microsoft. Never enter a real password here.</p>
      </body>
    </html> `.html
}

export function hiddenFields(fields: Readonly<Record<string, string>>): readonly Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" /> `,
  )
}

/** The error of the last attempt; inputs refer to it by `aria-describedby="error"`. */
export function errorText(error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="error" id="error" role="alert">${error}</p>`
}
