/**
 * Sums that nobody sent. Expected values: metrics.proto, "HistogramDataPoint.sum" is optional, so that an absent one is unknown
 * and no 0.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import type { SentPoint } from './sender.ts';
import { buckets, deltaExponential, deltaHistogram, exponential, histogram } from './sent.ts';

const without = ({ sum: _, ...point }: SentPoint): SentPoint => point;
const sumless = (...of: Parameters<typeof buckets>) => without(buckets(...of));

describe('a cumulative histogram', () => {
  it('without a sum has none', () => {
    const rig = createRig();
    rig.points(histogram, sumless(1, 10, [1, 2, 3], 0));
    assert.deepEqual(rig.shown(), { 'h{}': [1, 2, 3, 'no sum'] });
  });

  it('has the sum, or the absence, of its newest point, and its start stays', () => {
    const rig = createRig();
    const starts: number[] = [];
    for (const point of [buckets(1_000_000, 10_000_000, [1, 2, 3], 6), sumless(1_000_000, 20_000_000, [2, 2, 3], 0)]) {
      rig.points(histogram, point);
      rig.store.view.walk({ family: () => true, row: (family, row) => void starts.push(family.start(row)) });
    }
    assert.deepEqual(rig.shown(), { 'h{}': [2, 2, 3, 'no sum'] });
    rig.points(histogram, buckets(1_000_000, 30_000_000, [2, 3, 3], 7));
    assert.deepEqual([rig.shown(), rig.received.tally.resets, starts], [{ 'h{}': [2, 3, 3, 7] }, 0, [1, 1]]);
  });

  it('whose sum is NaN has that sum', () => {
    const rig = createRig();
    rig.points(histogram, buckets(1, 10, [1, 2, 3], Number.NaN));
    assert.deepEqual(rig.shown(), { 'h{}': [1, 2, 3, Number.NaN] });
  });

  it('stays beside another one of its name that has a sum', () => {
    const rig = createRig();
    rig.points(histogram, { ...buckets(1, 10, [1, 0, 0], 1), attributes: { a: '1' } });
    rig.points(histogram, { ...sumless(1, 10, [2, 0, 0], 0), attributes: { a: '2' } });
    assert.deepEqual(rig.shown(), { 'h{a="1"}': [1, 0, 0, 1], 'h{a="2"}': [2, 0, 0, 'no sum'] });
  });
});

describe('deltas of a histogram', () => {
  it('with and without a sum add up to no sum, in either order', () => {
    for (const deltas of [
      [buckets(1, 10, [1, 0, 0], 1), sumless(10, 20, [0, 1, 0], 0), buckets(20, 30, [0, 0, 1], 3)],
      [sumless(1, 10, [1, 0, 0], 0), buckets(10, 20, [0, 1, 0], 2), buckets(20, 30, [0, 0, 1], 3)],
    ]) {
      const rig = createRig();
      rig.points(deltaHistogram, ...deltas);
      assert.deepEqual(rig.shown(), { 'h{}': [1, 1, 1, 'no sum'] });
    }
  });

  it('of other bounds begin anew, with the sum that they have', () => {
    const rig = createRig();
    rig.points(deltaHistogram, sumless(1, 10, [1, 0, 0], 0), buckets(10, 20, [0, 1], 7, [5]));
    assert.deepEqual(rig.shown(), { 'h{}': [0, 1, 7] });
  });
});

describe('an exponential histogram without a sum', () => {
  const point = (start: number, time: number): SentPoint => ({
    start,
    time,
    count: 1,
    scale: 0,
    positive: { offset: 0, counts: [1] },
  });
  const noSum = { type: 'no_sum', name: 'e', resource: new Uint8Array(0) };

  it('is not shown, counted by its own reason, and told once', () => {
    const rig = createRig();
    rig.points(exponential, point(1, 10), { ...point(1, 10), attributes: { a: '1' } });
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.no_sum, rig.received.tally.ignored.not_a_count], [{}, 2, 0]);
    assert.deepEqual(
      rig.events.map(({ type, name }) => ({ type, name })),
      [{ type: noSum.type, name: noSum.name }],
    );
  });

  it('ends a series that had one', () => {
    const rig = createRig();
    rig.points(exponential, { ...point(1, 10), sum: 1.5 }, point(1, 20));
    assert.deepEqual(rig.shown(), {});
  });

  it('is no part of what deltas add up to', () => {
    const rig = createRig();
    rig.points(deltaExponential, { ...point(1, 10), sum: 1.5 }, point(10, 20), { ...point(20, 30), sum: 1.5 });
    assert.deepEqual((rig.shown()['e{}'] as { count: number; sum: number }).count, 2);
  });
});
