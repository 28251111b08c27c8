/** Names that no instrument comes out under, declared as they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
  contract,
  counter,
  fromJson,
  gauge,
  histogram,
  oneOf,
  summary,
  toJson,
} from '../../../src/core/contract/index.ts';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrape } from '../../library/prom-client/scrape.ts';

const help = 'Help.';
const verbatim = true;
const names = contract('x', {
  hits: counter({ series: 'cacheHits', verbatim, help }),
  orders: counter({ series: 'orders_total', verbatim, help }),
  ordersCreated: counter({ series: 'orders_created', verbatim, help }),
  open: gauge({ series: 'orders', help }),
  rule: counter({ series: 'a:b_total', verbatim, help }),
  hidden: gauge({ series: '_hidden__twice_', verbatim, help, labels: { room__no: capped({ limit: 5 }), le: oneOf('0.5') } }),
});

test('they are exposed as they are', async () => {
  const { bridge, metrics } = testBridge(names);
  metrics.hits.add(1);
  metrics.hidden.set(2, { room__no: '1', le: '0.5' });
  metrics.open.set(3);
  const page = await scrape(bridge);
  const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(samples, [
    ...['cacheHits 1', 'orders_total 0', 'orders_created 0', 'orders 3', 'a:b_total 0'],
    '_hidden__twice_{room__no="1",le="0.5"} 2',
  ]);
  assert.match(page, /^# TYPE cacheHits counter$/m);
  const openMetrics = await scrape(bridge, 'application/openmetrics-text;version=1.0.0');
  assert.ok(parseExposition(openMetrics, 'openmetrics').ok);
  assert.match(openMetrics, /^# TYPE cacheHits unknown$/m);
});

test('both engines expose them alike', async () => {
  const pages = await Promise.all(
    [undefined, sdkEngine()].map(async (engine) => {
      const { bridge, metrics } = testBridge(names, engine === undefined ? {} : { engine });
      metrics.rule.add(3);
      metrics.hits.add(1);
      metrics.hidden.set(2, { room__no: '1', le: '0.5' });
      return scrape(bridge);
    }),
  );
  assert.match(pages[0] ?? '', /^a:b_total 3$/m);
  assert.equal(pages[1], pages[0]);
});

test('their instruments have legal names', () => {
  const instruments = Object.values(names.metrics).map(({ instrument }) => instrument);
  assert.deepEqual(instruments, ['cacheHits', 'orders_total', 'orders_created', 'orders', 'a.b_total', 'hidden__twice_']);
});

test('JSON says so, and reads it back', () => {
  const json = JSON.parse(JSON.stringify(toJson(names)));
  assert.equal(json.metrics.hits.verbatim, true);
  assert.equal(json.metrics.open.verbatim, undefined);
  assert.deepEqual(toJson(fromJson(json)), toJson(names));
});

for (const [what, metrics] of [
  ['without it', { a: counter({ series: 'cacheHits', help }) }],
  ['an illegal name', { a: gauge({ series: 'a-b', verbatim, help }) }],
  ['no letter for the instrument', { a: gauge({ series: '_', verbatim, help }) }],
  ['le of a histogram', { a: histogram({ series: 'h', verbatim, help, bounds: [1], labels: { le: oneOf('1') } }) }],
  ['quantile of a summary', { a: summary({ series: 's', verbatim, help, labels: { quantile: oneOf('1') } }) }],
  ['a reserved label', { a: gauge({ series: 'g', verbatim, help, labels: { __name__: oneOf('1') } }) }],
  ['one name twice', { a: gauge({ series: 'g_', verbatim, help }), b: counter({ series: 'g_', verbatim, help }) }],
] as const) {
  test(`refused: ${what}`, () => {
    assert.throws(() => contract('x', metrics), { code: 'CONTRACT_INVALID' });
  });
}
