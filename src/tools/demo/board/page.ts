/** The page of the demonstration: the same board, and the button. It loads nothing from elsewhere. */
import { createHash } from 'node:crypto';

const style = `body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
table { border-collapse: collapse; width: 100%; font-size: 14px } td, th { padding: 2px 0 2px 1.2em; text-align: right; font-variant-numeric: tabular-nums }
td:first-child, th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace } tbody th { padding-top: .8em }
.bad, .no { color: #b00020; font-weight: 600 } .yes { color: #1a7f37 } .dots { font-family: ui-monospace, monospace; white-space: nowrap } caption { text-align: left }
 button { font: inherit; padding: .4em 1em } dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1em } dd { margin: 0 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616 } a { color: #8ab4f8 } .bad, .no { color: #ff8a80 } .yes { color: #6fdc8c } }`;

const script = `
const at = (id) => document.getElementById(id);
const make = (name, text, className) => Object.assign(document.createElement(name), { textContent: text, className: className ?? '' });
const row = (cells, cell) => { const tr = make('tr'); tr.append(...cells.map((text) => make(cell, text))); return tr; };
function show({ title, addresses, head, groups, legend, scrapes, loop, watch, blocked }) {
  at('title').textContent = title;
  at('addresses').replaceChildren(...addresses.flatMap(({ name, url }) => {
    const dd = make('dd'), a = make('a', url); a.href = url; dd.append(a); return [make('dt', name), dd];
  }));
  at('head').replaceChildren(row(head, 'th'));
  at('groups').replaceChildren(...groups.flatMap(({ name, state, url, rows }) => {
    const tr = make('tr'), th = make('th', name + ': ' + state + ' '); th.colSpan = head.length; tr.append(th);
    if (url !== undefined) { const a = make('a', 'metrics'); a.href = url; th.append(a); }
    return [tr, ...rows.map((cells) => row(cells, 'td'))];
  }));
  at('scrapes').replaceChildren(...scrapes.map(({ name, dots, text, bad }) => {
    const tr = make('tr'), line = make('td', '', 'dots');
    line.append(...dots.map((one) => make('span', one ? '●' : '×', one ? 'yes' : 'no')));
    tr.append(make('td', name), line, make('td', text, bad ? 'bad' : '')); return tr;
  }));
  at('legend').textContent = legend;
  at('watch').textContent = watch;
  at('loop').textContent = loop.text;
  at('loop').className = loop.bad ? 'bad' : '';
  at('block').disabled = blocked;
}
async function look() {
  try { show(await (await fetch('board')).json()); } catch { at('loop').textContent = 'The demo has ended.'; }
  setTimeout(look, 500);
}
at('block').addEventListener('click', () => fetch('block', { method: 'POST' }));
look();
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Meterbridge: the demo</title>
<link rel="icon" href="data:,"><style>${style}</style>
<h1 id="title">Meterbridge: the demo</h1>
<dl id="addresses"></dl>
<p><button id="block" type="button">Block the shop’s event loop for 10 s</button> <span id="loop" role="status"></span></p>
<p id="watch"></p>
<table><caption>Scrapes, a dot each half second; red: no response for a second</caption><tbody id="scrapes"></tbody></table>
<p id="legend"></p>
<table><thead id="head"></thead><tbody id="groups"></tbody></table>
<script>${script}</script></html>
`;
