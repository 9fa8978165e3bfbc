import { document, errorText } from './document.ts'
import { html } from './html.ts'

export interface ErrorPage {
  /** Such as `AADSTS50011`. */
  readonly code: string
  readonly title: string
  /** With or without its code in front. */
  readonly description: string
  readonly traceId: string
  readonly correlationId: string
  /** As in the error text: `2026-01-31 10:00:00Z`. */
  readonly timestamp: string
}

/** An error that must not be sent to the redirect URI (RFC 6749, section 4.1.2.1), told to the person instead. */
export function errorPage({
  code,
  title,
  description,
  traceId,
  correlationId,
  timestamp,
}: ErrorPage): string {
  return document(
    'error',
    title,
    html`<h1>${title}</h1>
      ${errorText(description.startsWith(code) ? description : `${code}: ${description}`)}
      <dl>
        <dt>Error code</dt>
        <dd>${code}</dd>
        <dt>Trace ID</dt>
        <dd>${traceId}</dd>
        <dt>Correlation ID</dt>
        <dd>${correlationId}</dd>
        <dt>Timestamp</dt>
        <dd>${timestamp}</dd>
      </dl>
      <p class="small">
        Microsoft explains it at https://login.microsoftonline.com/error?code=${code.replace('AADSTS', '')}
      </p>`,
  )
}

export function signedOutPage(): string {
  return document(
    'signed-out',
    'Signed out',
    html`<h1>You are signed out</h1>
      <p class="lead">You can close this window.</p>`,
  )
}
