/**
 * Streams of one resource that are one series, because what differs in their attributes is in no label: they add up, as the data
 * model demands of streams whose attributes are removed ("Metric points ... re-aggregation"), so that what Prometheus stores is
 * what was recorded.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import type { SentAttributes, SentPoint } from './sender.ts';
import { at, buckets, exponential, gauge, histogram, summary, upDown } from './sent.ts';

const number: SentAttributes = { k: 1 };

const text: SentAttributes = { k: '1' };

const as = (attributes: SentAttributes, point: SentPoint): SentPoint => ({ ...point, attributes });

describe('sums that go up and down', () => {
  it('add up, and what one had goes with it', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(upDown, as(number, at(10, 7, 1)), as(text, at(10, 5, 1)), as(number, at(20, 4, 1)));
    assert.deepEqual(rig.shown(), { 'u{k="1"}': 9 });
    rig.points(upDown, as(number, at(30, 1, 25)));
    assert.deepEqual(rig.shown(), { 'u{k="1"}': 6 });
    rig.clock.now = 60;
    rig.points(upDown, as(text, at(40, 6, 1)));
    rig.clock.now = 101;
    rig.received.expire();
    assert.deepEqual(rig.shown(), { 'u{k="1"}': 6 });
  });

  it('are NaN while one is, and no longer', () => {
    const rig = createRig();
    rig.points(upDown, as(number, at(10, 7, 1)), as(text, at(10, Number.NaN, 1)));
    assert.deepEqual(rig.shown(), { 'u{k="1"}': Number.NaN });
    rig.points(upDown, as(text, at(20, 5, 1)));
    assert.deepEqual(rig.shown(), { 'u{k="1"}': 12 });
  });
});

describe('histograms of one resource', () => {
  it('with equal bounds add up', () => {
    const rig = createRig();
    rig.points(histogram, as(number, buckets(1, 10, [1, 2, 3], 6)), as(text, buckets(1, 10, [10, 0, 0], 5)));
    rig.points(histogram, as(number, buckets(1, 20, [1, 3, 3], 8)), as(text, buckets(15, 20, [1, 0, 0], 1)));
    assert.deepEqual(rig.shown(), { 'h{k="1"}': [12, 3, 3, 14] });
  });

  it('have no sum where one has none', () => {
    const rig = createRig();
    const { sum: _, ...noSum } = buckets(1, 10, [10, 0, 0], 5);
    rig.points(histogram, as(number, buckets(1, 10, [1, 2, 3], 6)), as(text, noSum));
    assert.deepEqual(rig.shown(), { 'h{k="1"}': [11, 2, 3, 'no sum'] });
  });

  it('with other bounds do not: the newer is shown, told once', () => {
    const rig = createRig();
    rig.points(histogram, as(number, buckets(1, 10, [1, 2, 3], 6)), as(text, buckets(1, 20, [1, 1], 5, [1])));
    rig.points(histogram, as(number, buckets(1, 30, [1, 2, 3], 6)));
    assert.deepEqual([rig.shown(), rig.received.tally.conflicts], [{ 'h{k="1"}': [1, 2, 3, 6] }, 2]);
    assert.deepEqual(
      rig.events.map((event) => [event.type, 'adds' in event && event.adds]),
      [['joined', false]],
    );
  });
});

describe('gauges, summaries and exponential histograms since a start', () => {
  it('show the newest, told once', () => {
    const rig = createRig();
    rig.points(gauge, as(number, at(10, 1)), as(text, at(20, 2)), as(number, at(15, 3)));
    const quantiles = [[0.5, 1]] as const;
    const of = (attributes: SentAttributes, time: number, count: number) => ({
      attributes,
      start: 1,
      time,
      count,
      sum: 1,
      quantiles,
    });
    rig.points(summary, of(number, 10, 1), of(text, 20, 2));
    rig.points(exponential, { ...of(number, 10, 1), scale: 0 }, { ...of(text, 20, 2), scale: 0 });
    const shown = rig.shown();
    assert.deepEqual([shown['g{k="1"}'], shown['s{k="1"}']], [2, [2, 1, 1]]);
    assert.equal((shown['e{k="1"}'] as { count: number }).count, 2);
    assert.deepEqual(
      rig.events.map((event) => [event.type, event.name, 'adds' in event && event.adds]),
      ['g', 's', 'e'].map((name) => ['joined', name, false]),
    );
  });
});
