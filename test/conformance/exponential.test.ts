/**
 * Exponential histograms as a real Collector reads them: buckets, and what its prometheus exporter makes of them, beside what is
 * pulled.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, histogram, meterbridge, oneOf } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import type { DebugPoint } from './debug-text.ts';
import { scrape } from './equality.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { bridgeOptions, roads } from './roads.ts';
import { compare, familiesOf, seriesOf } from './series.ts';

const shop = contract('shop', {
  waits: histogram({
    unit: 's',
    help: 'Waits.',
    exponential: { maxSize: 20 },
    minMax: true,
    labels: { till: oneOf('left', 'right') },
  }),
});

/** No powers of two, which are bounds themselves. */
const recorded = { left: [0, 0, 0.3, 0.31, 1.7, 1.7, 900.5], right: [5.5] } as const;
type Till = keyof typeof recorded;
/** `%f` prints six decimals. */
const printedError = 0.500_001e-6;

for (const road of roads) {
  test(`an exponential histogram arrives (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const bridge = meterbridge(shop, { isolated: true, env: {}, log: () => {}, ...bridgeOptions(road, collector.endpoint) });
    atEnd(bridge.close);
    for (const till of ['left', 'right'] as const)
      for (const value of recorded[till]) bridge.metrics.waits.record(value, { till });
    const { url } = await bridge.listen('127.0.0.1:0');
    assert.equal(await bridge.flush(), true);

    const [metric] = (await collector.lastBatch(1)).metrics;
    assert.deepEqual([metric?.name, metric?.type, metric?.temporality], ['shop.waits', 'ExponentialHistogram', 'Cumulative']);
    assert.equal(metric?.points.length, 2);
    for (const point of metric?.points ?? []) assertHolds(point, recorded[point.attributes.till as Till]);

    const pulled = seriesOf(familiesOf(await scrape(url, 'text/plain'), 'text'));
    // Each till: one bucket without an end, sum, count.
    assert.equal(pulled.size, 6);
    const exported = compare(pulled, seriesOf(familiesOf(await collector.scrape(), 'text')), Object.is);
    assert.deepEqual(exported, { compared: 6, differingSeries: [], differingValues: [] });
  });
}

/** Every value is in the bucket that says so, and what is printed of all together is theirs. */
function assertHolds({ numbers, ranges }: DebugPoint, values: readonly number[]): void {
  const { Count, Sum, Min, Max } = numbers;
  assert.deepEqual([Count, Min, Max].map(Number), [values.length, Math.min(...values), Math.max(...values)]);
  assert.ok(Math.abs(Number(Sum) - values.reduce((sum, value) => sum + value, 0)) <= printedError, Sum);
  const found = ranges.map(
    ([from, to]) => values.filter((value) => (value === 0 ? to === '0' : value > Number(from) && value <= Number(to))).length,
  );
  assert.deepEqual(
    found,
    ranges.map(([, , count]) => Number(count)),
    JSON.stringify(ranges),
  );
  assert.equal(
    found.reduce((sum, count) => sum + count, 0),
    values.length,
  );
}
