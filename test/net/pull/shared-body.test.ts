import assert from 'node:assert/strict';
import test from 'node:test';
import type { Rendering } from '../../../src/formats/exposition/write/rendering.ts';
import type { RequestFacts } from '../../../src/net/http/exchange.ts';
import { createScrape, type ScrapeOptions } from '../../../src/net/pull/scrape.ts';

const get = (headers: Readonly<Record<string, string>> = {}): RequestFacts => ({
  method: 'GET',
  path: '/metrics',
  query: new URLSearchParams(),
  header: (name) => headers[name],
  peer: '127.0.0.1',
});

function scrapeOf(rendering: Partial<Rendering>, options: Partial<ScrapeOptions> = {}) {
  const empty = { body: new Uint8Array(), series: 1, stale: [], unknown: [], omitted: [], oldestMs: 0, release: () => {} };
  const renderer = { render: async () => ({ ...empty, ...rendering }), takeRemarks: () => [] };
  return createScrape({ renderer, refresh: async () => {}, defaultFormat: 'text', onStale: 'omit', ...options });
}

/** Lets everything run that waits for nothing but promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two scrapes on one flight, and how often its body was given back. */
async function twoAboard(headers: Readonly<Record<string, string>> = {}) {
  let released = 0;
  const scrape = scrapeOf({ body: new Uint8Array(2_048), release: () => (released += 1) });
  const replies = await Promise.all([scrape(get(headers)), scrape(get(headers))]);
  const count = async (): Promise<number> => {
    await settle();
    return released;
  };
  return { replies, count };
}

test('a body is given back once, when the last of those that share it has been sent', async () => {
  const {
    replies: [one, other],
    count,
  } = await twoAboard();
  assert.equal(one?.body, other?.body);
  assert.equal(await count(), 0);
  one?.sent?.();
  one?.sent?.();
  assert.equal(await count(), 0, 'who says it twice speaks for himself only');
  other?.sent?.();
  assert.equal(await count(), 1);
});

test('a compressed reply needs the plain body no longer', async () => {
  const { replies, count } = await twoAboard({ 'accept-encoding': 'gzip' });
  for (const { sent } of replies) assert.equal(sent, undefined);
  assert.equal(await count(), 1);
});

test('a body that is still being compressed is not given back, though everybody has given up', async () => {
  const released = Promise.withResolvers<void>();
  let isReleased = false;
  void released.promise.then(() => {
    isReleased = true;
  });
  // Large enough that compressing it takes longer than the deadline.
  const body = new Uint8Array(64 * 1024 * 1024);
  const scrape = scrapeOf({ body, release: released.resolve }, { deadlineMs: 1 });
  assert.equal((await scrape(get({ 'accept-encoding': 'gzip' }))).status, 504);
  assert.ok(!isReleased);
  await released.promise;
});

test('a body that is refused, as stale, is given back', async () => {
  let released = 0;
  const scrape = scrapeOf({ stale: ['a'], release: () => (released += 1) }, { onStale: 'fail' });
  assert.equal((await scrape(get())).status, 500);
  await settle();
  assert.equal(released, 1);
});
