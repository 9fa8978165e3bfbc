/** How the page about a token looks: light and dark, on wide screens, narrow ones and paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f6; --card: #fff; --text: #1b1f24; --muted: #59636e; --line: #d8dde3; --code: #0b3d91;
  --good: #0b6b38; --good-ground: #dff3e7; --bad: #a1221b; --bad-ground: #fbe3e1; --note: #0b4f8a; --note-ground: #e1eefb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --card: #1e2226; --text: #e8ebee; --muted: #a3adb7; --line: #363c43; --code: #9cc4ff;
    --good: #6fd79b; --good-ground: #17352a; --bad: #ff9a91; --bad-ground: #45211f; --note: #93c6ff; --note-ground: #1b2f45;
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem 3rem; background: var(--ground); color: var(--text);
       font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 60rem; margin: 0 auto; }
header { margin-bottom: 1.5rem; }
h1 { margin: .4rem 0 .1rem; font-size: 1.75rem; line-height: 1.2; font-weight: 650; }
h1::first-letter { text-transform: uppercase; }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem; font-weight: 650; }
p { margin: 0; overflow-wrap: anywhere; }
.lead { color: var(--muted); }
.badge { display: inline-block; padding: .15rem .7rem; border-radius: 999px; font-size: .85rem; font-weight: 600;
         color: var(--bad); background: var(--bad-ground); }
.badge.valid { color: var(--good); background: var(--good-ground); }
.remarks { margin: 0; padding: 0; list-style: none; }
.remarks li { margin-top: .5rem; padding: .6rem .9rem; border-left: 4px solid var(--note); border-radius: 4px;
              background: var(--note-ground); overflow-wrap: anywhere; }
.remarks li.warning { border-color: var(--bad); background: var(--bad-ground); }
.remarks strong { color: var(--note); margin-right: .25rem; }
.remarks .warning strong { color: var(--bad); }
table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
        border: 1px solid var(--line); border-radius: 10px; overflow: hidden; table-layout: fixed; }
th, td { padding: .6rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
tr:first-child > * { border-top: 0; }
th { width: 13rem; font: 600 .9rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
     overflow-wrap: anywhere; }
td ul + p { margin-top: .2rem; }
td p, td span { color: var(--muted); font-size: .9rem; }
code, pre { font: .9rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { color: var(--code); overflow-wrap: anywhere; }
/* Words of ours, not of the token. */
.times th, .times code { font: inherit; color: inherit; }
.times th { font-weight: 600; }
td ul { margin: 0; padding: 0; list-style: none; }
details { margin-top: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
summary { padding: .7rem .9rem; font-weight: 600; cursor: pointer; border-radius: 10px; }
summary:focus-visible { outline: 3px solid var(--note); outline-offset: 2px; }
pre { margin: 0; padding: .2rem .9rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 2rem; font-size: .85rem; color: var(--muted); }
@media (max-width: 40rem) {
  body { padding: 1.25rem .75rem 2rem; }
  h1 { font-size: 1.4rem; }
  table, tbody, tr, th, td { display: block; width: auto; }
  th { padding-bottom: 0; }
  td { padding-top: .1rem; border-top: 0; }
}
@media print {
  :root { --ground: #fff; --card: #fff; --text: #000; --muted: #444; --line: #bbb; --code: #000;
          --good: #0b6b38; --bad: #a1221b; --note: #0b4f8a; --good-ground: #fff; --bad-ground: #fff; --note-ground: #fff; }
  body { padding: 0; font-size: 11pt; }
  table { overflow: visible; }
  tr, .remarks li { break-inside: avoid; }
  details:not([open]) { display: none; }
}
`
