import type { RedirectAnswer } from '../core/ports.ts'

/** The page that ends a sign-in in the browser: says how it went, and that the tab can be closed. */
export function redirectPage(answer: RedirectAnswer): string {
  return answer.kind === 'code'
    ? page(
        'Signed in',
        'You are signed in.',
        'You can close this tab and go back to your terminal.',
        '#107c41',
      )
    : page('Not signed in', 'The sign-in did not work.', refusalText(answer), '#b3261e')
}

function refusalText({ error, description }: Extract<RedirectAnswer, { kind: 'error' }>): string {
  const [sentence = ''] = description.split(/\r?\n| Trace ID:/)
  return `${sentence.slice(0, 300) || error} — your terminal tells what to do.`
}

function page(title: string, heading: string, text: string, accent: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · entra-auth-cli</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center;
         font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  main { max-width: 30rem; padding: 2rem; border-top: 4px solid ${accent}; }
  h1 { margin: 0 0 .5rem; font-size: 1.5rem; font-weight: 600; }
  p { margin: 0; overflow-wrap: anywhere; }
  footer { margin-top: 2rem; font-size: .8rem; opacity: .7; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(heading)}</h1>
<p>${escapeHtml(text)}</p>
<footer>entra-auth-cli</footer>
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
