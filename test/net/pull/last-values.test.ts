import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore } from '../../../src/core/store/index.ts';
import { createRenderer, type RenderOptions } from '../../../src/formats/exposition/write/renderer.ts';
import { createScrape, type Refresh, type ScrapeEvent } from '../../../src/net/pull/scrape.ts';
import { takeRow } from '../../core/store/labels.ts';

const get = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header: () => undefined, peer: '127.0.0.1' };

/** The body says which rendering it is. */
function scrapeOf(refresh: Refresh) {
  const signals: RenderOptions['signal'][] = [];
  const renderer = {
    async render(_format: string, { signal }: RenderOptions = {}) {
      const body = new TextEncoder().encode(`${signals.push(signal)}`);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      return { body, series: 1, stale: [], unknown: [], omitted: [], oldestMs: 0, release: () => {} };
    },
    takeRemarks: () => [],
  };
  const scrape = createScrape({ renderer, refresh, defaultFormat: 'text', onStale: 'omit' });
  return { signals, body: async () => Buffer.from((await scrape(get)).body).toString() };
}

function isAborted(signal: RenderOptions['signal']): boolean {
  try {
    signal?.throwIfAborted();
    return false;
  } catch {
    return true;
  }
}

test('last values that were rendered ahead are served when nobody came, and nothing is rendered twice', async () => {
  const { signals, body } = scrapeOf(async (_signal, _budgetMs, last) => last.render());
  assert.equal(await body(), '1');
  assert.equal(signals.length, 1);
});

test('last values are dropped when somebody came, and what he brought is rendered', async () => {
  const { signals, body } = scrapeOf(async (_signal, _budgetMs, last) => {
    last.render();
    last.drop();
  });
  assert.equal(await body(), '2');
  assert.deepEqual(signals.map(isAborted), [true, false]);
});

test('what a rendering that nobody got found to say is said with the next page', async () => {
  const store = createStore();
  const family = store
    .source({ scope: { name: 'lib' } })
    .family({ name: 'hits', kind: 'counter', unit: '', help: 'Hits.', labels: [], maxAgeMs: 60_000 }, true);
  family.cells[takeRow(family, { 'a.b': '1', a_b: '3' }, 0) * family.stride] = 1;
  const events: ScrapeEvent[] = [];
  const scrape = createScrape({
    // In one piece, so that it has ended when it is dropped.
    renderer: createRenderer(store.view, { pace: () => ({ due: () => false, rest: async () => {} }) }),
    async refresh(_call, _budgetMs, last) {
      last.render();
      last.drop();
    },
    defaultFormat: 'text',
    onScrape: (event) => events.push(event),
  });
  assert.match(Buffer.from((await scrape(get)).body).toString(), /a_b="1;3"/);
  await scrape(get);
  const said = events.map(({ omitted = [] }) => omitted.map(({ reason, attributes }) => [reason, attributes]));
  assert.deepEqual(said, [[['labels', ['a.b', 'a_b']]], []]);
});
