/** A page from the server and an update in a browser are the same document, whatever was there before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { documentOf } from '../../src/status/view/document.ts';
import { h, type Node as ViewNode } from '../../src/status/view/node.ts';
import { page as pageOf } from '../../src/status/view/page.ts';
import { fixtureData } from '../status/fixture-source.ts';
import { serveAssets } from './asset-server.ts';
import { assertFaultless, openBrowser, openPage } from './browser.ts';

/** Run in the browser: what is in the document, as plain data. */
const treeOf = `function treeOf(node) {
  if (node.nodeType === 3) return node.nodeValue;
  const attributes = node.getAttributeNames().sort().map((name) => [name, node.getAttribute(name)]);
  return [node.localName, attributes, [...node.childNodes].map(treeOf)];
}`;

function expectedTree(node: ViewNode): unknown {
  if (typeof node === 'string') return node;
  const present = Object.entries(node.attributes).filter(([, value]) => value !== undefined && value !== false);
  const attributes = present.map(([name, value]) => [name, value === true ? '' : String(value)]);
  return [node.tag, attributes.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)), node.children.map(expectedTree)];
}

/** What a page could consist of: texts that look like markup, pictures, and rows that move. */
const { node } = fc.letrec<{ node: ViewNode; element: ViewNode }>((tie) => ({
  node: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('<b>', '&amp;', '"', 'text', ' ') },
    { weight: 3, arbitrary: tie('element') },
  ),
  element: fc
    .tuple(
      fc.constantFrom('div', 'ul', 'svg', 'a', 'g'),
      fc.constantFrom(undefined, '<x>', `a"b'c`),
      fc.boolean(),
      fc.array(tie('node'), { maxLength: 4 }),
    )
    .map(([tag, title, hidden, children]) => h(tag, { title, hidden }, children)),
}));
const root = fc
  .tuple(fc.array(node, { maxLength: 4 }), fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }))
  .map(([children, keys]) =>
    h(
      'div',
      { id: 'page' },
      children,
      keys.map((key) => h('p', { 'data-key': key }, `row ${key}`)),
    ),
  );

const shown = (given: unknown) => JSON.stringify(given);

test('a document that is updated is what was drawn last, and no element of a row is made anew', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const watched = await openPage(
    browser,
    await serveAssets(t, documentOf({ title: 'patch', stylePath: '/assets/page.css', body: h('div', { id: 'page' }) })),
  );
  for (const [index, tree] of fc.sample(root, { numRuns: 200, seed: 30 }).entries()) {
    const rows = `[...document.querySelectorAll('#page > [data-key]')]`;
    const got = await watched.page.evaluate(`(async () => {
      ${treeOf}
      const { patch } = await import('/assets/browser/patch.ts');
      const before = new Map(${rows}.map((row) => [row.dataset.key, row]));
      patch(document.getElementById('page'), ${shown(tree)});
      const same = ${rows}.every((row) => (before.get(row.dataset.key) ?? row) === row);
      return { tree: treeOf(document.getElementById('page')), same };
    })()`);
    assert.equal(shown(got), shown({ tree: expectedTree(tree), same: true }), `tree ${index}`);
  }
  assertFaultless(watched);
});

test('what the server writes is read by a browser as what was meant', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const body = pageOf(await fixtureData());
  const watched = await openPage(
    browser,
    await serveAssets(t, documentOf({ title: 'page', stylePath: '/assets/page.css', body })),
  );
  const got = await watched.page.evaluate(`(() => { ${treeOf} return treeOf(document.getElementById('page')); })()`);
  assert.equal(shown(got), shown(expectedTree(body)));
  assertFaultless(watched);
});
