/** A histogram with bounds and exponential buckets: each value is recorded once in each form, and each road shows one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, histogram, identity } from '../../../../src/core/contract/index.ts';
import { createStore, readPoint } from '../../../../src/core/store/index.ts';
import { createMerged } from '../../../../src/library/processes/merge/merged.ts';
import { createSnapshots } from '../../../../src/library/processes/record/snapshot.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { takeRow } from '../../../core/store/labels.ts';
import { DEADLINE_MS } from '../../../until.ts';
import { metricsOf, startCapture } from '../../push/capture.ts';
import { deltaRig } from '../../push/delta-rig.ts';
import { specOf } from '../../push/sources.ts';
import { scrapedOf } from '../scraped.ts';

const task = identity({ limit: 10 });
const declared = contract('b', {
  wait: histogram({
    unit: 's',
    help: 'Wait.',
    bounds: [1, 2],
    exponential: { maxSize: 4, maxScale: 0 },
    minMax: true,
    exemplars: true,
    labels: { task },
  }),
  size: histogram({ unit: 'By', help: 'Size.', bounds: [1] }),
});
const values = [0.5, 2, 9];
// By hand. Scale 0 has (0.25, 0.5], (1, 2] and (8, 16] for them, which are six buckets from first to last; scale -1 has (0.25,
// 1], (1, 4] and (4, 16].
const exponential = { scale: -1, zeroCount: 0, offset: -1, counts: [1, 1, 1] };
const text = {
  'b_wait_seconds_bucket{task="a",le="1"}': 1,
  'b_wait_seconds_bucket{task="a",le="2"}': 2,
  'b_wait_seconds_bucket{task="a",le="+Inf"}': 3,
  'b_wait_seconds_sum{task="a"}': 11.5,
  'b_wait_seconds_count{task="a"}': 3,
};

test('the contract has both, and no default bounds beside exponential buckets alone', () => {
  const { wait } = declared.metrics;
  assert.deepEqual([wait.bounds, wait.exponential], [[1, 2], { maxSize: 4, maxScale: 0 }]);
  const { alone } = contract('b', { alone: histogram({ unit: 's', help: 'Alone.', exponential: {} }) }).metrics;
  assert.deepEqual(alone.bounds, []);
});

test('each value is recorded once in each form, and text shows the bounds', async () => {
  const { metrics, value, bridge, log } = testBridge(declared);
  for (const seconds of values.slice(1)) metrics.wait.record(seconds, { task: 'a' });
  metrics.wait.bind({ task: 'a' }).record(values[0] as number);
  assert.deepEqual(await value('wait', { task: 'a' }), { count: 3, sum: 11.5, counts: [1, 1, 1], exponential, min: 0.5, max: 9 });
  assert.deepEqual(await scrapedOf(bridge, 'b_wait'), text);
  assert.deepEqual(log, []);
});

test('what is refused is recorded in neither, and a removed series begins anew in both', async () => {
  const { metrics, value } = testBridge(declared);
  metrics.wait.record(4, { task: 'a' });
  for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY]) metrics.wait.record(wrong, { task: 'a' });
  assert.equal((await value('wait', { task: 'a' }))?.count, 1);
  metrics.wait.remove({ task: 'a' });
  metrics.wait.record(0, { task: 'a' });
  const zero = { scale: 0, zeroCount: 1, offset: 0, counts: [] };
  assert.deepEqual(await value('wait', { task: 'a' }), {
    count: 1,
    sum: 0,
    counts: [1, 0, 0],
    exponential: zero,
    min: 0,
    max: 0,
  });
});

test('the SDK’s engine has the bounds alone, and says so at start', async () => {
  const { metrics, value, bridge, log } = testBridge(declared, { engine: sdkEngine() });
  assert.equal(log.length, 1);
  assert.match(String(log[0]), /^b: .*bounds alone.* of b_wait_seconds\. Fix: /);
  for (const seconds of values) metrics.wait.record(seconds, { task: 'a' });
  assert.deepEqual(await value('wait', { task: 'a' }), { count: 3, sum: 11.5, counts: [1, 1, 1], min: 0.5, max: 9 });
  assert.deepEqual(await scrapedOf(bridge, 'b_wait'), text);
});

const wanted = { count: 3, sum: 11.5, min: 0.5, max: 9 };
const ranges = { scale: -1, positive: { offset: -1, bucketCounts: [1, 1, 1] } };
for (const [name, push, sent] of [
  ['the exponential ones', {}, { exponentialHistogram: { dataPoints: [{ ...wanted, ...ranges }] } }],
  ['those of the bounds', { histograms: 'explicit' }, { histogram: { dataPoints: [{ ...wanted, explicitBounds: [1, 2] }] } }],
] as const) {
  for (const exporter of ['meterbridge', 'sdk'] as const) {
    test(`push.exporter ${exporter} sends ${name}`, async (t) => {
      const capture = await startCapture();
      t.after(() => capture.close());
      const options = { endpoint: capture.url, intervalMs: 86_400_000, timeoutMs: DEADLINE_MS, exporter, ...push };
      const { metrics, bridge } = testBridge(declared, { push: options });
      t.after(() => bridge.close());
      for (const seconds of values) metrics.wait.record(seconds, { task: 'a' });
      metrics.size.record(3);
      assert.equal(await bridge.flush(DEADLINE_MS), true);
      const pushed = metricsOf(capture.pushes[0]);
      assert.partialDeepStrictEqual(pushed['b.wait'], sent);
      assert.partialDeepStrictEqual(pushed['b.size'], { histogram: { dataPoints: [{ count: 1 }] } });
    });
  }
}

test('deltas of the exponential ones count from what has arrived, also where their scale fell', async () => {
  const { family, row, push } = deltaRig();
  const wait = family('demo.wait', { kind: 'histogram', bounds: [1, 2], exponential: { maxSize: 2, maxScale: 0 } });
  const at = row(wait, 'a') * wait.stride;
  // Buckets, sum; count, sum, zeros, scale, threshold of the zeros, offset, length and counts of the positive range: (1, 2] and
  // (2, 4] at scale 0.
  wait.cells.set([0, 1, 1, 5, 2, 5, 0, 0, 0, 0, 2, 1, 1], at);
  assert.partialDeepStrictEqual((await push())[0], { count: 2, sum: 5, positive: { bucketCounts: [1, 1] } });
  // One more in (4, 16] of scale -1, where the others are in (1, 4].
  wait.cells.set([0, 1, 2, 15, 3, 15, 0, -1, 0, 0, 2, 2, 1], at);
  assert.partialDeepStrictEqual((await push())[0], { count: 1, sum: 10, scale: -1, positive: { bucketCounts: [0, 1] } });
});

test('several processes add up both', () => {
  const parts = [
    [1, 0, 1, 4, 2, 4, 1, 0, 0, 1, 1, 1, 0],
    [0, 1, 2, 15, 3, 15, 0, -1, 0, 0, 2, 1, 2],
  ].map((cells) => {
    const store = createStore();
    const family = store
      .source({ scope: { name: 'demo' } })
      .family(specOf('demo.wait', { kind: 'histogram', bounds: [1, 2], exponential: { maxSize: 2, maxScale: 0 } }), true);
    family.cells.set(cells, takeRow(family, {}, 1_000) * family.stride);
    return { ...createSnapshots(store.view, () => 0)(), ended: false };
  });
  const points: unknown[] = [];
  createMerged({ changed() {}, differs() {}, over() {}, excess() {} })
    .add(parts)
    .walk({
      family: () => true,
      row: ({ rowLayout, cells }, _row, _generation, at) => {
        points.push(readPoint(rowLayout, cells, at), readPoint(rowLayout, cells, at, 'exponential'));
      },
    });
  const negative = { offset: 0, counts: [] };
  // (2, 4] of scale 0 is in (1, 4] of scale -1, which has 1 of the first process and 1 of the second.
  const positive = { offset: 0, counts: Float64Array.of(2, 2) };
  assert.deepEqual(points, [
    { form: 'histogram', count: 5, sum: 19, bounds: [1, 2], counts: [1, 1, 3] },
    { form: 'exponential', count: 5, sum: 19, scale: -1, zeroCount: 1, positive, negative },
  ]);
});
