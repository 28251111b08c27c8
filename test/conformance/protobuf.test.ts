/** Prometheus 3 and 2 read a bridge's page in protobuf: every kind, and both kinds of buckets. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, counter, gauge, histogram, meterbridge, oneOf, summary } from '../../src/index.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';

const mixed = contract('mixed', {
  orders: counter({ help: 'Orders.', unit: '{order}', labels: { state: oneOf('paid', 'refused') } }),
  queue: gauge({ help: 'Orders that wait.' }),
  transfer: summary({ help: 'Transfers.' }),
  handling: histogram({ unit: 's', help: 'Handling.', bounds: [0.5, 2] }),
  both: histogram({ unit: 's', help: 'Both.', bounds: [0.5, 2], exponential: {} }),
});
/** Typed from what is recorded. */
const expected = {
  'mixed_both_seconds_bucket{+Inf}': '2',
  'mixed_both_seconds_bucket{0.5}': '0',
  'mixed_both_seconds_bucket{2.0}': '1',
  'mixed_both_seconds_count{}': '2',
  'mixed_both_seconds_sum{}': '5',
  'mixed_handling_seconds_bucket{+Inf}': '1',
  'mixed_handling_seconds_bucket{0.5}': '1',
  'mixed_handling_seconds_bucket{2.0}': '1',
  'mixed_handling_seconds_count{}': '1',
  'mixed_handling_seconds_sum{}': '0.25',
  'mixed_orders_total{paid}': '3',
  'mixed_orders_total{refused}': '0',
  'mixed_queue{}': '-2.5',
  'mixed_transfer_count{}': '1',
  'mixed_transfer_sum{}': '0.75',
};

for (const [name, peer, settings, args] of [
  ['Prometheus 3', 'prometheus3', { scrape_native_histograms: true, always_scrape_classic_histograms: true }, []],
  ['Prometheus 2', 'prometheus', {}, ['--enable-feature=native-histograms']],
] as const) {
  test(`${name} reads every kind from protobuf, and both kinds of buckets`, async (t: TestContext) => {
    const binary = requirePeer(t, peer);
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const bridge = meterbridge(mixed, { isolated: true, env: {}, log: () => {} });
    atEnd(bridge.close);
    const { metrics } = bridge;
    metrics.orders.add(3, { state: 'paid' });
    metrics.queue.set(-2.5);
    metrics.transfer.record(0.75);
    metrics.handling.record(0.25);
    metrics.both.record(1);
    metrics.both.record(4);
    const { url } = await bridge.listen('127.0.0.1:0');
    const job = { job_name: 'mixed', static_configs: [{ targets: [new URL(url).host] }], ...settings };
    const prometheus = await runPrometheus(t, binary, { scrape_configs: [job] }, { args });
    atEnd(prometheus.stop);
    const at = await prometheus.scraped();
    const [native] = await prometheus.query('histogram_count(mixed_both_seconds)', at);
    assert.equal(native?.value, '2');
    if (peer === 'prometheus') return;
    const found = await prometheus.query('{__name__=~"mixed_.+", __name__!="mixed_both_seconds"}', at);
    const shown = found.map(({ labels: { __name__: series, le, state }, value }) => [`${series}{${le ?? state ?? ''}}`, value]);
    assert.deepEqual(Object.fromEntries(shown.toSorted()), expected);
  });
}
