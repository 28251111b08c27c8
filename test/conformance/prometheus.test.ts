/** A real Prometheus scrapes the daemons, and its queries give what was recorded. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, counter, gauge, histogram, meterbridge, oneOf, summary } from '../../src/index.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startPrometheus } from './prometheus.ts';
import { random } from './random.ts';
import { startRunwispDaemon } from './runwisp-daemon.ts';

const shop = contract('shop', {
  orders: counter({ help: 'Orders.', unit: '{order}', labels: { state: oneOf('paid', 'refused') } }),
  queue: gauge({ help: 'Orders that wait.', unit: '{order}' }),
  handling: histogram({ help: 'Time of an order.', unit: 's', bounds: [0.1, 1] }),
  transfer: summary({ help: 'Time of a transfer.', unit: 's' }),
});

const queries: readonly [promql: string, labels: Readonly<Record<string, string>>, value: string][] = [
  ['shop_orders_total{state="paid"}', { __name__: 'shop_orders_total', state: 'paid' }, '3'],
  ['shop_orders_total{state="refused"}', { __name__: 'shop_orders_total', state: 'refused' }, '0'],
  ['sum(shop_orders_total)', {}, '3'],
  ['shop_queue', { __name__: 'shop_queue' }, '-2.5'],
  ['shop_handling_seconds_bucket{le=~"1|1.0"} * 1', { le: '1.0' }, '2'],
  ['shop_handling_seconds_count', { __name__: 'shop_handling_seconds_count' }, '3'],
  ['shop_handling_seconds_sum', { __name__: 'shop_handling_seconds_sum' }, '5.625'],
  ['histogram_quantile(1, shop_handling_seconds_bucket)', {}, '1'],
  ['shop_transfer_seconds_sum / shop_transfer_seconds_count', {}, '0.375'],
];

test('Prometheus: up is 1, and queries give the recorded values', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const bridge = meterbridge(shop, { isolated: true, env: {}, log: () => {}, push: false });
  atEnd(bridge.close);
  const { metrics } = bridge;
  metrics.orders.add(3, { state: 'paid' });
  metrics.queue.set(-2.5);
  for (const seconds of [0.0625, 0.5625, 5]) metrics.handling.record(seconds);
  for (const seconds of [0.25, 0.5]) metrics.transfer.record(seconds);

  const { url } = await bridge.listen('127.0.0.1:0');
  const prometheus = await startPrometheus(t, binary, url);
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();
  for (const [promql, labels, value] of queries)
    assert.deepEqual(await prometheus.query(promql, at), [{ labels, value }], promql);
});

test('Prometheus: RunWisp is up, and the alert of its document has what it needs', async (t: TestContext) => {
  const binary = requirePeer(t, 'prometheus');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const daemon = await startRunwispDaemon(random());
  atEnd(daemon.close);
  daemon.run(10);
  const prometheus = await startPrometheus(t, binary, daemon.url);
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();
  assert.deepEqual(await prometheus.query('sum(runwisp_runs_total)', at), [{ labels: {}, value: '13' }]);
  assert.deepEqual(await prometheus.query('count(runwisp_task_active_runs)', at), [{ labels: {}, value: '4' }]);
  assert.equal((await prometheus.query('time() - runwisp_runs_last_failure_timestamp_seconds', at)).length, 1);
  assert.deepEqual(await prometheus.query('scrape_samples_scraped', at), [
    { labels: { __name__: 'scrape_samples_scraped' }, value: '21' },
  ]);
});
