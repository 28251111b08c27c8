/** Who writes to a series, who goes, and how many there may be: a test a row of the rules, and for each limit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import type { SentMetric } from './sender.ts';
import { at, buckets, cumulative, delta, gauge, histogram } from './sent.ts';

/** A metric of a process. The labels of its series are the same for each process. */
const from = (process: string, metric: Omit<SentMetric, 'points'>, ...points: SentMetric['points'][number][]) => ({
  attributes: { process },
  metrics: [{ ...metric, points }],
});

describe('two streams that become one series', () => {
  it('the newer time wins, it is counted, and told once with both resources', () => {
    const rig = createRig();
    rig.send(from('a', gauge, at(10, 1)));
    rig.send(from('b', gauge, at(12, 2)));
    assert.deepEqual(rig.shown(), { 'g{}': 2 });
    rig.send(from('a', gauge, at(11, 3)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.older], [{ 'g{}': 2 }, 1]);
    rig.send(from('a', gauge, at(20, 4)));
    assert.deepEqual([rig.shown(), rig.received.tally.conflicts], [{ 'g{}': 4 }, 3]);
    const told = rig.events.map((event) => [
      event.type,
      event.name,
      'other' in event && nameIn(event.resource) + nameIn(event.other),
    ]);
    assert.deepEqual(told, [['conflict', 'g', 'ba']]);
  });

  it('deltas of the two are not added', () => {
    const rig = createRig();
    rig.send(from('a', delta, at(10, 5, 1)), from('b', delta, at(10, 100, 1)));
    rig.send(from('a', delta, at(20, 3, 10)), from('b', delta, at(20, 100, 10)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.overlap], [{ 'd{}': 8 }, 2]);
  });

  it('deltas of the two with the same times and value are no repeat: it is told', () => {
    const rig = createRig();
    rig.send(from('a', delta, at(10, 5, 1)));
    assert.equal(rig.send(from('b', delta, at(10, 5, 1)))?.points, 1);
    assert.deepEqual([rig.received.tally.repeats, rig.received.tally.conflicts], [0, 1]);
  });

  it('a process that began behind the last point of the other one succeeds it', () => {
    const rig = createRig();
    rig.send(from('a', cumulative, at(10, 5, 1)));
    rig.send(from('b', cumulative, at(20, 1, 15)));
    assert.deepEqual(
      [rig.shown(), rig.received.tally.conflicts, rig.received.tally.resets, rig.events],
      [{ 'c{}': 1 }, 0, 1, []],
    );
  });

  it('the series stays until both are silent', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.send(from('a', gauge, at(10, 1)), from('b', gauge, at(10, 2)));
    rig.clock.now = 101;
    rig.send(from('a', gauge, at(20, 3)));
    rig.received.expire();
    assert.deepEqual([rig.shown(), rig.received.streams], [{ 'g{}': 3 }, 1]);
    rig.clock.now = 202;
    rig.received.expire();
    assert.deepEqual([rig.shown(), rig.received.streams], [{}, 0]);
  });

  it('a value that goes is gone for both, and comes back with either', () => {
    const rig = createRig();
    rig.send(from('a', gauge, at(10, 1)), from('b', gauge, at(10, 2)));
    rig.send(from('a', gauge, { time: 20, flags: 1 }));
    assert.deepEqual(rig.shown(), {});
    rig.send(from('b', gauge, at(30, 3)));
    rig.send(from('a', gauge, at(40, 4)));
    assert.deepEqual([rig.shown(), rig.received.series], [{ 'g{}': 4 }, 1]);
  });
});

describe('a counter of two streams', () => {
  it('has no line once the newer value is no count, though it is the other stream’s first', () => {
    const rig = createRig();
    rig.send(from('a', cumulative, at(10, 1)));
    rig.send(from('b', cumulative, at(20, -1)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.not_a_count], [{}, 1]);
  });
});

describe('one stream with two writers', () => {
  it('of which one began earlier: the value is taken, told once and counted', () => {
    const rig = createRig();
    rig.points(cumulative, at(10, 100, 5), at(20, 7, 2), at(30, 101, 5), at(40, 8, 2));
    assert.deepEqual([rig.shown(), rig.received.tally.contested, rig.received.tally.resets], [{ 'c{}': 8 }, 2, 0]);
    assert.deepEqual(
      rig.events.map(({ type, name }) => [type, name]),
      [['contested', 'c']],
    );
  });
});

describe('same name, other TYPE', () => {
  it('is not shown and counted, until the first is gone', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(gauge, at(10, 1));
    rig.clock.now = 60;
    assert.equal(rig.points({ ...cumulative, name: 'g' }, at(10, 2)), undefined);
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.type_conflict], [{ 'g{}': 1 }, 1]);
    rig.clock.now = 101;
    rig.received.expire();
    rig.points({ ...cumulative, name: 'g' }, at(20, 3));
    assert.deepEqual(rig.shown(), { 'g{}': 3 });
  });
});

describe('silence', () => {
  it('ends a series once its time is over, not before; what is above it goes with the last one', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.send({ attributes: { 'service.name': 'j', 'service.instance.id': 'i' }, metrics: [{ ...gauge, points: [at(10, 1)] }] });
    rig.clock.now = 100;
    rig.received.expire();
    assert.deepEqual(rig.shown(), { 'g{instance="i",job="j"}': 1, 'target_info{instance="i",job="j"}': 1 });
    rig.clock.now = 100.5;
    rig.received.expire();
    assert.deepEqual([rig.shown(), rig.received.tally.expired], [{}, 1]);
    assert.deepEqual([rig.log, rig.received.names.families], [['open g', 'end g'], 0]);
  });

  it('is broken by points that are taken, not by those that are ignored', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(gauge, at(1_000_000, 1));
    rig.clock.now = 90;
    rig.points(gauge, at(10, 2));
    rig.clock.now = 150;
    rig.received.expire();
    assert.deepEqual(rig.shown(), {});
    rig.points(gauge, at(20, 3));
    rig.clock.now = 240;
    rig.points(gauge, at(30, 4));
    rig.clock.now = 330;
    rig.received.expire();
    assert.deepEqual(rig.shown(), { 'g{}': 4 });
  });

  it('is looked for in slices', () => {
    const rig = createRig({ expireAfterMs: 100 });
    const points = Array.from({ length: 10 }, (_, index) => ({ ...at(1, index), attributes: { a: `${index}` } }));
    rig.points(gauge, ...points);
    rig.clock.now = 101;
    assert.equal(rig.received.expire(4), false);
    assert.equal(rig.received.series, 6);
    rig.points(gauge, ...points.slice(0, 2));
    assert.equal(rig.received.expire(4), false);
    assert.equal(rig.received.expire(4), true);
    assert.deepEqual(rig.shown(), { 'g{a="0"}': 0, 'g{a="1"}': 1 });
  });
});

describe('limits', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...at(1, index), attributes: { a: `${index}` } }));

  it('on series: what is there goes on, what is new is refused, counted, and told once', () => {
    const rig = createRig({ limits: { series: 3 } });
    const refused = { points: 2, why: 'there are as many series as there may be (3)' };
    assert.deepEqual(rig.points(gauge, ...named(5)), refused);
    assert.deepEqual(rig.points(gauge, ...named(5)), refused);
    assert.deepEqual([rig.received.tally.ignored.series_limit, rig.received.tally.taken], [4, 6]);
    assert.deepEqual(
      rig.events.map((event) => [event.type, 'limit' in event && event.limit]),
      [['series_limit', 3]],
    );
  });

  it('on series of a resource: others are not held back', () => {
    const rig = createRig({ limits: { seriesPerResource: 2 } });
    const sent = ['a', 'b'].map((name) => ({ attributes: { 'service.name': name }, metrics: [{ ...gauge, points: named(3) }] }));
    assert.deepEqual(rig.send(...sent), { points: 2, why: 'the resource has as many series as one may have (2)' });
    assert.equal(rig.received.series, 4);
    assert.deepEqual(
      rig.events.map(({ type }) => type),
      ['resource_series_limit', 'resource_series_limit'],
    );
  });

  it('have room again when series have gone', () => {
    const rig = createRig({ limits: { series: 2 }, expireAfterMs: 100 });
    rig.points(gauge, ...named(2));
    rig.clock.now = 101;
    rig.received.expire();
    assert.equal(rig.points({ ...gauge, name: 'other' }, ...named(2)), undefined);
  });

  it('on names: a shape more of one that is there is none', () => {
    const rig = createRig({ maxFamilies: 1 });
    rig.points(histogram, buckets(1, 10, [1, 2, 3], 6));
    assert.equal(rig.points(histogram, { ...buckets(1, 20, [1, 2], 6, [1]), attributes: { a: '1' } }), undefined);
    assert.deepEqual(rig.points(gauge, at(1, 1)), { points: 1, why: 'there are 1 metric names already (--max-families)' });
    assert.deepEqual([rig.shown(), rig.received.streams], [{ 'h{}': [1, 2, 3, 6], 'h{a="1"}': [1, 2, 6] }, 2]);
  });
});

describe('a request that makes nothing', () => {
  it('leaves nothing behind', () => {
    const rig = createRig();
    rig.send({ attributes: { 'service.name': 'j' }, metrics: [{ ...gauge, points: [] }] });
    rig.points({ ...cumulative, temporality: 0 }, at(1, 1));
    rig.points(cumulative, at(1, -1));
    assert.deepEqual([rig.received.streams, rig.received.series, rig.received.names.families], [0, 0, 0]);
  });
});

/** The value of a resource's only attribute. */
function nameIn(resource: Uint8Array): string {
  return String.fromCharCode(resource.at(-1) as number);
}
