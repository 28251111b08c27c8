/** The tables of docs/naming.md, against the code: each row of names is derived anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyName, instrumentFor, type Kind } from '../../src/core/naming/index.ts';
import { createStore, type FamilySpec } from '../../src/core/store/index.ts';
import type { Escaping } from '../../src/formats/exposition/escaping.ts';
import { createRenderer, type Rendering } from '../../src/formats/exposition/index.ts';
import { pageText } from './pages.ts';

const sections = pageText('docs/naming.md').split(/^## /m);

/** The rows of a section's first table whose header is this, cells without back-ticks; a dash is nothing. */
function rows(header: string): readonly (readonly string[])[] {
  const section = sections.find((text) => text.includes(`\n${header}\n`)) ?? '';
  const table = section.slice(section.indexOf(header)).split('\n\n')[0] ?? '';
  const lines = table.split('\n').slice(2);
  assert.ok(lines.length > 0, `no table ${header}`);
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => (cell === '–' ? '' : cell.replaceAll('`', ''))),
  );
}

for (const [name = '', kind, unit = '', comesOut = ''] of rows('| instrument | kind | unit | series (text 0.0.4) |')) {
  const [series] = comesOut.split(' ');
  test(`${kind} ${name} comes out as ${series}`, () => assert.equal(familyName({ name, kind: kind as Kind, unit }), series));
}

for (const [declared = '', series] of rows('| declared | comes out | better |')) {
  const [, kind, name = '', unit = ''] = /^(\w+) ([\w.]+), (?:unit )?(.+)$/.exec(declared) ?? [];
  test(`trap: ${declared} comes out as ${series}`, () => assert.equal(familyName({ name, kind: kind as Kind, unit }), series));
}

for (const [strategy = '', series] of rows('| strategy | series | rule |')) {
  const [name = ''] = strategy.split(' ');
  test(`${name}: foo.bar comes out as ${series}`, () =>
    assert.equal(familyName({ name: 'foo.bar', kind: 'counter', unit: 'By' }, name as 'NoTranslation'), series));
}

for (const [escaping = '', line = ''] of rows('| `escaping` | a line |')) {
  test(`${escaping}: ${line}`, async () => {
    const store = createStore();
    const spec: FamilySpec = { name: 'foo.bar', kind: 'counter', unit: 'By', help: '', labels: ['http.route'], maxAgeMs: 60_000 };
    store
      .source({ scope: { name: '' } })
      .family(spec, true)
      .row({ names: ['http.route'], values: ['/x'] }, 0, 7);
    const renderer = createRenderer(store.view, { strategy: 'NoUTF8EscapingWithSuffixes', escaping: escaping as Escaping });
    const { body } = (await renderer.render('text')) as Rendering;
    assert.equal(Buffer.from(body).toString().split('\n')[1], line);
  });
}

for (const [series = '', kind, name, unit] of rows('| series | kind | declare | unit |')) {
  test(`the way back from ${series}`, () => assert.deepEqual(instrumentFor(series, kind as Kind), { name, unit }));
}
