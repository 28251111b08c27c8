/**
 * A prom-client registry that is pushed: what a Collector's prometheus exporter shows of it, held against what prom-client shows.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, meterbridge } from '../../src/index.ts';
import { fromPromClient } from '../../src/prom-client.ts';
import { promClientApp } from '../library/prom-client/app.ts';
import { type Page, pageOf } from '../library/prom-client/exposition.ts';
import { startCollector } from './collector.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { bridgeOptions, ownRoad } from './roads.ts';

/** What prom-client shows, and what a Collector made of the push. Without what says who pushed. */
async function both(t: TestContext, over: readonly string[]): Promise<readonly [theirs: Page, pushed: Page] | undefined> {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return undefined;
  const atEnd = inReverse(t);
  const collector = await startCollector(t, binary, { over });
  atEnd(collector.stop);
  const bridge = meterbridge(contract('app', {}), {
    isolated: true,
    env: {},
    log: () => {},
    ...bridgeOptions(ownRoad, collector.endpoint),
  });
  atEnd(bridge.close);
  const register = promClientApp();
  fromPromClient(bridge, register);
  assert.equal(await bridge.flush(), true);
  const pushed = (await collector.scrape())
    .replaceAll(/,?(job|instance)="[^"]*"/g, '')
    .replaceAll('{,', '{')
    .replaceAll('{}', '');
  const { target_info: target, ...page } = pageOf(pushed);
  assert.ok(target);
  return [pageOf(await register.metrics()), page];
}

/** A family without a point is no metric in OTLP. */
const withSeries = (page: Page) => Object.fromEntries(Object.entries(page).filter(([, lines]) => lines.length > 2));

test('without translation a Collector shows each metric as prom-client does', async (t) => {
  const pages = await both(t, ['yaml:exporters::prometheus::translation_strategy: NoTranslation']);
  if (pages === undefined) return;
  const [theirs, pushed] = pages;
  assert.deepEqual(pushed, withSeries(theirs));
});

test('with default settings it renames what its translation does not make', async (t) => {
  const pages = await both(t, []);
  if (pages === undefined) return;
  const [theirs, pushed] = pages;
  const renamed = new Map([
    ['_hidden__twice_', 'hidden_twice'],
    ['cacheHits', 'cacheHits_total'],
    ['orders_created', 'orders_created_total'],
    ['total_total_total', 'total'],
  ]);
  const expected = Object.entries(withSeries(theirs)).map(([name, lines]) => {
    const other = renamed.get(name);
    if (other === undefined) return [name, lines] as const;
    return [other, lines.map((line) => line.replace(/^(# \S+ )?\S+?(?=[ {])/, (_, head = '') => `${head}${other}`))] as const;
  });
  assert.deepEqual(pushed, Object.fromEntries(expected));
});
