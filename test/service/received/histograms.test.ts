/** The rules about histograms and summaries, a test a row. Expected values come from the same places as in `numbers.test.ts`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import type { SentPoint } from './sender.ts';
import { at, buckets, deltaExponential, deltaHistogram, exponential, gauge, histogram, summary } from './sent.ts';

describe('delta histogram', () => {
  it('that starts where the last one ended is added', () => {
    const rig = createRig();
    rig.points(deltaHistogram, buckets(1, 10, [1, 2, 3], 6), buckets(10, 20, [1, 0, 1], 2.5));
    assert.deepEqual(rig.shown(), { 'h{}': [2, 2, 4, 8.5] });
  });

  it('with other bounds is begun anew', () => {
    const rig = createRig();
    rig.points(deltaHistogram, buckets(1, 10, [1, 2, 3], 6), buckets(10, 20, [1, 1], 2, [5]), buckets(20, 30, [0, 1], 7, [5]));
    assert.deepEqual(rig.shown(), { 'h{}': [1, 2, 9] });
  });

  it('that starts later is added, earlier dropped', () => {
    const rig = createRig();
    rig.points(deltaHistogram, buckets(1, 10, [1, 2, 3], 6), buckets(11, 20, [1, 0, 0], 1), buckets(19, 30, [9, 9, 9], 9));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.overlap, rig.received.tally.gaps], [{ 'h{}': [2, 2, 3, 7] }, 1, 1]);
  });

  it('that is sent again is known by its times and value', () => {
    const rig = createRig();
    const sent = buckets(1, 10, [1, 2, 3], 6);
    assert.equal(rig.points(deltaHistogram, sent, sent), undefined);
    assert.equal(rig.points(deltaHistogram, buckets(1, 10, [1, 3, 2], 6))?.points, 1);
    const power = { start: 1, time: 10, count: 2, sum: 3, scale: 0, zeroCount: 0, positive: { offset: 0, counts: [2] } };
    assert.equal(rig.points(deltaExponential, power, power), undefined);
    assert.equal(rig.points(deltaExponential, { ...power, positive: { offset: 1, counts: [2] } })?.points, 1);
    assert.deepEqual([rig.received.tally.repeats, rig.received.tally.ignored.overlap], [2, 2]);
  });

  it('that starts later with other bounds is begun anew', () => {
    const rig = createRig();
    rig.points(deltaHistogram, buckets(1, 10, [1, 2, 3], 6), buckets(15, 20, [1, 1], 2, [5]));
    assert.deepEqual([rig.shown(), rig.received.tally.gaps], [{ 'h{}': [1, 1, 2] }, 0]);
  });
});

describe('a histogram', () => {
  it('without buckets has its count in +Inf', () => {
    const rig = createRig();
    rig.points(histogram, { time: 1, count: 7, sum: 3 });
    assert.deepEqual(rig.shown(), { 'h{}': [7, 3] });
  });

  it('whose last bound is +Inf has that bucket once', () => {
    const rig = createRig();
    rig.points(histogram, buckets(0, 1, [1, 2, 3], 5, [1, Number.POSITIVE_INFINITY]));
    assert.deepEqual(rig.shown(), { 'h{}': [1, 5, 5] });
  });

  it('with other bounds moves to another shape of its family, and the shape that it leaves ends', () => {
    const rig = createRig();
    rig.points(histogram, { ...buckets(1, 10, [1, 2, 3], 6), attributes: { a: '1' } });
    rig.points(histogram, { ...buckets(1, 20, [7, 8], 9, [5]), attributes: { a: '1' } });
    assert.deepEqual(rig.shown(), { 'h{a="1"}': [7, 8, 9] });
    assert.deepEqual(rig.log, ['open h', 'open h', 'end h']);
  });

  it('of each bounds stays beside the others of its name', () => {
    const rig = createRig();
    rig.points(histogram, { ...buckets(1, 10, [1, 2, 3], 6), attributes: { a: '1' } });
    rig.points(gauge, at(1, 1));
    rig.points(histogram, { ...buckets(1, 10, [7, 8], 9, [5]), attributes: { a: '2' } });
    assert.deepEqual(Object.entries(rig.shown()), [
      ['h{a="1"}', [1, 2, 3, 6]],
      ['h{a="2"}', [7, 8, 9]],
      ['g{}', 1],
    ]);
  });
});

describe('exponential histogram', () => {
  const point = (start: number, time: number, counts: readonly number[], offset = 0, scale = 0): SentPoint => ({
    start,
    time,
    scale,
    count: counts.reduce((one, other) => one + other, 1),
    sum: 10,
    zeroCount: 1,
    positive: { offset, counts },
  });

  it('keeps count, sum and buckets', () => {
    const rig = createRig();
    rig.points(exponential, point(1, 10, [1, 2], -3, 4));
    rig.points(exponential, point(1, 20, [2, 2], -3, 4));
    const shown = { count: 5, sum: 10, scale: 4, zeroCount: 1, positive: [-3, 2, 2], negative: [0] };
    assert.deepEqual(rig.shown(), { 'e{}': shown });
  });

  it('of deltas adds up, at the smaller scale', () => {
    const rig = createRig();
    // Buckets 0 and 1 at scale 1 are bucket 0 at scale 0.
    rig.points(deltaExponential, point(1, 10, [1, 2], 0, 1), point(10, 20, [4], 0, 0));
    assert.deepEqual(rig.shown(), { 'e{}': { count: 9, sum: 20, scale: 0, zeroCount: 2, positive: [0, 7], negative: [0] } });
  });

  it('keeps its sum when values below 0 come, for which it moves', () => {
    const rig = createRig();
    rig.points(deltaExponential, point(1, 10, [1, 2]), { ...point(10, 20, [1]), negative: { offset: 3, counts: [5] } });
    assert.deepEqual(rig.shown(), {
      'e{}': { count: 6, sum: 20, scale: 0, zeroCount: 2, positive: [0, 2, 2], negative: [3, 5] },
    });
  });

  it('has at most 160 buckets', () => {
    const rig = createRig();
    rig.points(exponential, point(1, 10, new Array(320).fill(1), 0, 3));
    const { scale, positive } = rig.shown()['e{}'] as { scale: number; positive: readonly number[] };
    assert.deepEqual([scale, positive], [2, [0, ...new Array(160).fill(2)]]);
  });

  it('shows count and sum where its buckets are no buckets of doubles, and harms no other row', () => {
    const rig = createRig();
    rig.points(
      deltaExponential,
      { ...point(1, 10, [1, 1]), attributes: { a: '1' } },
      { ...point(1, 10, [1, 1]), attributes: { a: '2' } },
    );
    const before = rig.shown()['e{a="2"}'];
    let time = 10;
    for (const scale of [-2147483648, -60, 0, 20, 51, 2147483647]) {
      for (const offset of [-2147483648, 2147483646]) {
        rig.points(deltaExponential, { ...point(time, time + 10, [1, 1], offset, scale), attributes: { a: '1' } });
        time += 10;
      }
    }
    assert.deepEqual(rig.shown()['e{a="2"}'], before);
    const { count, scale, positive } = rig.shown()['e{a="1"}'] as { count: number; scale: number; positive: readonly number[] };
    assert.deepEqual([count, scale, positive], [39, 0, [0, 1, 1]]);
  });
});

describe('summary', () => {
  it('shows count, sum and its quantiles in ascending order; other quantiles are another shape', () => {
    const rig = createRig();
    rig.points(summary, {
      time: 1,
      count: 3,
      sum: 6,
      quantiles: [
        [0.9, 5],
        [0.5, 2],
      ],
    });
    assert.deepEqual(rig.shown(), { 's{}': [3, 6, 2, 5] });
    rig.points(summary, { time: 2, count: 4, sum: 7, quantiles: [[1, 9]] });
    assert.deepEqual(rig.shown(), { 's{}': [4, 7, 9] });
  });
});
