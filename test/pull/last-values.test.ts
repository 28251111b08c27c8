import assert from 'node:assert/strict';
import test from 'node:test';
import type { RenderOptions } from '../../src/exposition/write/renderer.ts';
import { createScrape, type Refresh } from '../../src/pull/scrape.ts';

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
