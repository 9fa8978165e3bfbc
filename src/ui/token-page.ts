import { createHash } from 'node:crypto'
import type { TokenStatus } from '../jwt/describe.ts'
import { escapeHtml } from './escape-html.ts'
import { pageStyle } from './token-page-style.ts'
import type { TokenRow, TokenView } from './token-view.ts'

/** What one page shows. Nothing in it may be a secret: see `concealedToken`. */
export interface TokenPage {
  readonly view: TokenView
  readonly status: TokenStatus
  /** Header and claims as JSON, laid out. */
  readonly json: string
  /** When the page is made, for what it says of times was true then. */
  readonly madeAt: string
  /** The end of the token as one clause, such as `in 45 minutes`. */
  readonly expiry: string
}

const statusWords: Readonly<Record<TokenStatus, string>> = {
  valid: 'Valid',
  expired: 'Expired',
  'not-yet-valid': 'Not valid yet',
  unclear: 'Times cannot be read',
}

/**
 * A page about a token that stands alone: its policy lets it load nothing, run nothing and send nothing. Everything of the
 * token is escaped.
 * @see https://www.w3.org/TR/CSP3/
 */
export function tokenPage({ view, status, json, madeAt, expiry }: TokenPage): string {
  const hash = createHash('sha256').update(pageStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapeHtml(view.kind)} · entra-auth-cli</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<p class="badge ${status}">${statusWords[status]}</p>
<h1>${escapeHtml(view.kind)}</h1>
<p class="lead">${escapeHtml(expiry)}</p>
</header>
${remarksList(view)}${table('Times', view.times)}
${table('Claims', view.claims)}
${table('Header', view.header)}
<details>
<summary>As JSON</summary>
<pre>${escapeHtml(json)}</pre>
</details>
<footer>
<p>Made by entra-auth-cli at ${escapeHtml(madeAt)}; what it says of times was true then. The signature (${escapeHtml(view.signature)}) and whatever looks like a secret are left out, so this is no token any more. Whom it is about is not left out. Nothing in it has been verified.</p>
</footer>
</main>
</body>
</html>
`
}

function remarksList({ remarks }: TokenView): string {
  if (remarks.length === 0) return ''
  const items = remarks.map(
    ({ kind, text }) =>
      `<li class="${kind}"><strong>${kind === 'warning' ? 'Warning' : 'Note'}</strong> ${escapeHtml(text)}</li>`,
  )
  return `<ul class="remarks">\n${items.join('\n')}\n</ul>\n`
}

function table(title: string, rows: readonly TokenRow[]): string {
  const id = title.toLowerCase()
  const body = rows.map(
    ({ label, lines, meaning = '' }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td>${valueOf(lines)}${
        meaning === '' ? '' : `<p>${escapeHtml(meaning)}</p>`
      }</td></tr>`,
  )
  return `<section class="${id}" aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<table>
${body.join('\n')}
</table>
</section>`
}

function valueOf(lines: TokenRow['lines']): string {
  const items = lines.map(
    ({ text, note }) =>
      `<code>${escapeHtml(text)}</code>${note === undefined ? '' : ` <span>${escapeHtml(note)}</span>`}`,
  )
  return items.length > 1 ? `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>` : items.join('')
}
