import type { RedirectAnswer } from '../core/ports.ts'
import { escapeHtml } from './escape-html.ts'

/** The page that ends a sign-in in the browser: says how it went, and that the tab can be closed. */
export function redirectPage(answer: RedirectAnswer): string {
  return answer.kind === 'code'
    ? page({
        title: 'Signed in',
        mark: 'done',
        heading: 'You are signed in',
        text: 'You can close this tab and go back to your terminal.',
      })
    : page({
        title: 'Not signed in',
        mark: 'failed',
        heading: 'The sign-in did not work',
        text: 'Your terminal says what to do next. You can close this tab.',
        reason: reasonOf(answer),
      })
}

/** What Entra said, without the identifiers it adds for its support. */
function reasonOf({ error, description }: Extract<RedirectAnswer, { kind: 'error' }>): string {
  const [sentence = ''] = description.split(/\r?\n| Trace ID:/)
  return sentence.slice(0, 300) || error
}

interface Content {
  readonly title: string
  readonly mark: keyof typeof marks
  readonly heading: string
  readonly text: string
  readonly reason?: string
}

/** A tick and a cross on a 24 by 24 grid. */
const marks = {
  done: 'M6.5 12.5l3.5 3.5 7.5-8',
  failed: 'M8 8l8 8M16 8l-8 8',
} as const

/** Stands alone: the policy it is sent with lets it load nothing. */
function page({ title, mark, heading, text, reason }: Content): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · entra-auth-cli</title>
<style>
  :root {
    color-scheme: light dark;
    --ground: #f3f4f6; --card: #fff; --text: #1b1f24; --muted: #59636e; --line: #d8dde3;
    --done: #107c41; --failed: #b3261e; --on-mark: #fff;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #14171a; --card: #1e2226; --text: #e8ebee; --muted: #9aa4ae; --line: #363c43;
      --done: #5bc78a; --failed: #ff8f85; --on-mark: #14171a;
    }
  }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; padding: 1rem; display: grid; place-items: center;
         font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
         background: var(--ground); color: var(--text); }
  main { width: 100%; max-width: 27rem; padding: 2.5rem 2rem 2rem; text-align: center;
         background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
  svg { width: 3.5rem; height: 3.5rem; }
  circle { fill: var(--${mark}); }
  path { fill: none; stroke: var(--on-mark); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  h1 { margin: 1rem 0 .5rem; font-size: 1.4rem; line-height: 1.25; font-weight: 650; }
  p { margin: 0; overflow-wrap: anywhere; text-wrap: balance; }
  .reason { margin: 1.25rem 0; padding: .75rem 1rem; text-align: left; text-wrap: wrap; font-size: .9rem;
            border-left: 3px solid var(--failed); background: var(--ground); }
  footer { margin-top: 2rem; font-size: .8rem; color: var(--muted); }
</style>
</head>
<body>
<main>
<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="${marks[mark]}"/></svg>
<h1>${escapeHtml(heading)}</h1>
${reason === undefined ? '' : `<p class="reason">${escapeHtml(reason)}</p>\n`}<p>${escapeHtml(text)}</p>
<footer>entra-auth-cli</footer>
</main>
</body>
</html>
`
}
