/** What histograms have beside bounds, whichever way they are pushed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsOf } from './capture.ts';
import { capture, startPushing, type Way } from './push-behaves.ts';
import { put, smallStore, specOf, startMs } from './sources.ts';

export function pushHistograms(way: Way): void {
  test(`${way.name}: exponential histograms, and the minimum and maximum of those that keep them`, async (t) => {
    const { url, pushes } = await capture(t);
    const { store, source } = smallStore();
    const family = (name: string, over: object) => source.family(specOf(name, { kind: 'histogram', unit: 's', ...over }), true);
    // By hand: scale 1 has half an octave a bucket, so that index 1 is (1.41, 2] and index -2 is (0.5, 0.71].
    const exponential = { maxSize: 3, maxScale: 20, negative: true };
    put(family('demo.wait', { exponential, minMax: true }), {}, 7, 6.5, 1, 1, 0, 1, 2, 2, 1, 0, -2, 3, 1, 0, 1, -2, 2);
    put(family('demo.none', { exponential, minMax: true }), {});
    put(family('demo.time', { bounds: [1, 10], minMax: true }), {}, 2, 0, 1, 42.5, 0.5, 40);
    put(family('demo.idle', { bounds: [1, 10], minMax: true }), {});
    const { push } = startPushing(t, store.view, { ...way.options, endpoint: url });
    assert.equal(await push.flush(), true);
    const metrics = metricsOf(pushes[0]);
    const pointOf = (name: string) => {
      const { exponentialHistogram, histogram } = metrics[name];
      const { aggregationTemporality, dataPoints } = exponentialHistogram ?? histogram;
      assert.deepEqual([aggregationTemporality, dataPoints.length], [2, 1]);
      const { startTimeUnixNano, timeUnixNano, attributes, ...rest } = dataPoints[0];
      assert.equal(startTimeUnixNano, `${startMs}000000`);
      return rest;
    };
    const nothing = { count: 0, sum: 0, zeroCount: 0, scale: 20 };
    const { positive, negative, ...none } = pointOf('demo.none');
    assert.deepEqual(none, nothing);
    assert.deepEqual([positive.bucketCounts ?? [], negative.bucketCounts ?? []], [[], []]);
    assert.deepEqual(pointOf('demo.wait'), {
      count: 7,
      sum: 6.5,
      scale: 1,
      zeroCount: 1,
      positive: { offset: 1, bucketCounts: [2, 1] },
      negative: { offset: -2, bucketCounts: [1, 0, 1] },
      min: -2,
      max: 2,
    });
    assert.partialDeepStrictEqual(pointOf('demo.time'), { count: 3, sum: 42.5, bucketCounts: [2, 0, 1], min: 0.5, max: 40 });
    const idle = pointOf('demo.idle');
    assert.deepEqual([idle.min, idle.max, idle.bucketCounts], [undefined, undefined, [0, 0, 0]]);
  });
}
