/** Every text comes from a configuration or a sender: none of it becomes markup, wherever it is shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentOf } from '../../../src/status/view/document.ts';
import type { Node as ViewNode } from '../../../src/status/view/node.ts';
import { page } from '../../../src/status/view/page.ts';
import { toHtml } from '../../../src/status/view/to-html.ts';
import { fixtureData } from '../fixture-source.ts';

const hostile = `</script><img src=x onerror="alert(1)">'&amp;\u2028`;

/** Each text of the data made hostile, but those that the page compares with words. */
const words = new Set(['kind', 'state', 'what', 'type', 'outcome', 'unit', 'parts', 'format', 'live', 'name of the store']);
function spoiled(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return words.has(key) ? value : `${value}${hostile}`;
  if (Array.isArray(value)) return value.map((one) => (words.has(key) ? one : spoiled(one, key)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoiled(one, name)]));
}

function elements(node: ViewNode): readonly string[] {
  return typeof node === 'string' ? [] : [node.tag, ...node.children.flatMap(elements)];
}

test('texts that look like markup add no element and no attribute', async () => {
  const data = await fixtureData();
  const [plain, spoilt] = [page(data), page(spoiled(data) as typeof data)];
  const html = toHtml(spoilt);
  assert.ok(html.split('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;').length > 60, 'the texts are shown');
  assert.doesNotMatch(html, /<img|<script|<\/script/);
  // As many elements as tags: each `<` of the HTML begins one of ours.
  assert.equal(html.match(/<[a-z]/g)?.length, elements(spoilt).length);
  assert.deepEqual(new Set(elements(spoilt)), new Set(elements(plain)));
});

test('a link holds a text as one value of its query', async () => {
  const data = await fixtureData();
  const store = data.series?.stores[0];
  assert.ok(store !== undefined && store.top[0] !== undefined);
  const name = `a&b=c#d"'<>`;
  const html = toHtml(page({ ...data, series: { at: data.now, stores: [{ ...store, top: [{ ...store.top[0], name }] }] } }));
  const href = /href="([^"]*name=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'") ?? '';
  assert.equal(new URL(href, 'http://page.test').searchParams.get('name'), name);
});

test('nothing in the page needs a style or a script in its text, which the policy forbids', async () => {
  const html = documentOf({
    title: hostile,
    stylePath: '/assets/page.css',
    scriptPath: '/assets/page.js',
    body: page(await fixtureData()),
  });
  assert.doesNotMatch(html, / (style|on[a-z]+)="/);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.match(html, /<script type="module" src="\/assets\/page\.js"><\/script>/);
  assert.match(html, /<title>&lt;\/script&gt;/);
});
