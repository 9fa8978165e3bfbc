import { trusted } from './html.ts'

/** The one stylesheet of all pages: system fonts, both colour schemes, nothing fetched. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f2f4f1; --card: #ffffff; --text: #1d2421; --muted: #5a655f; --line: #d5dcd7; --edge: #84908a;
  --accent: #1f6b52; --accent-text: #ffffff; --focus: #1f6b5255; --error: #a3261b; --error-ground: #fdf0ee;
  --note: #8a5a00; --note-ground: #fff6df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141816; --card: #1d2320; --text: #e6ece8; --muted: #9ba8a1; --line: #38423d; --edge: #74827a;
    --accent: #6cc5a3; --accent-text: #0d1a14; --focus: #6cc5a366; --error: #ff9b8f; --error-ground: #3a211e;
    --note: #f0c674; --note-ground: #322a18;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 2rem 1rem; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 1rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
main {
  width: 100%; max-width: 27rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px;
}
h1 { margin: 0 0 .25rem; font-size: 1.4rem; line-height: 1.25; font-weight: 650; }
h2 { margin: 1.75rem 0 .5rem; font-size: .85rem; font-weight: 600; color: var(--muted); }
p { margin: 0 0 1rem; }
main > :last-child, .people li:last-child form { margin-bottom: 0; }
dl + p { margin-top: 1.25rem; }
.lead, .small { color: var(--muted); }
.small { font-size: .85rem; }
.banner {
  width: 100%; max-width: 27rem; margin: 0; padding: .6rem 1rem; border-radius: 12px; font-size: .85rem;
  color: var(--note); background: var(--note-ground);
}
.error {
  margin: 1rem 0 0; padding: .6rem .8rem; border-radius: 8px; color: var(--error); background: var(--error-ground);
  overflow-wrap: anywhere;
}
label { display: block; margin: 1rem 0 .3rem; font-size: .9rem; font-weight: 600; }
input {
  width: 100%; padding: .6rem .75rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--edge); border-radius: 8px;
}
input.code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; letter-spacing: .15em; }
button {
  width: 100%; margin: 1.25rem 0 0; padding: .65rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--accent-text); background: var(--accent); border: 1px solid var(--accent); border-radius: 8px;
}
button.quiet { color: inherit; background: transparent; border-color: var(--edge); }
button:hover { filter: brightness(1.08); }
button.quiet:hover { border-color: var(--accent); }
input:focus-visible, button:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
.choices { display: flex; gap: .75rem; }
.people form { margin: 0 0 .5rem; }
.people button { margin: 0; padding: .5rem .75rem; text-align: left; font-weight: 400; }
.people strong, .people span { display: block; overflow-wrap: anywhere; }
.people strong { font-weight: 600; }
.people span { font-size: .85rem; color: var(--muted); }
ul { margin: 0; padding: 0; list-style: none; }
.permissions li { padding: .6rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.permissions strong, .permissions span { display: block; }
.permissions strong { font-weight: 600; }
.permissions span { font-size: .85rem; color: var(--muted); }
.permissions .administrator { color: var(--note); }
dl { margin: 1.25rem 0 0; font-size: .85rem; }
dt { color: var(--muted); }
dd { margin: 0 0 .5rem; font-family: ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  body { justify-content: flex-start; padding: 1rem .75rem; }
  main { padding: 1.25rem; }
}
`

/** Sends the form of the form_post page; the only script there is. */
export const submitScript = `document.getElementById('form-post').submit()`

// The elements stand here whole: the policy hashes their content to the letter, and a formatter would indent it.
export const styleElement = trusted(`<style>${stylesheet}</style>`)
export const submitElement = trusted(`<script>${submitScript}</script>`)
