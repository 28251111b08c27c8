/**
 * Totals of deltas outlive their series. An SDK leaves out what nothing was recorded for, so an error that happens once an hour
 * is one delta an hour: counted from 0 each time it would be 1 for ever, and no alert would see it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startOf } from '../../../src/core/store/index.ts';
import { createRig } from './rig.ts';
import type { SentPoint } from './sender.ts';
import { at, buckets, cumulative, delta, deltaExponential, deltaHistogram, gauge } from './sent.ts';

const expireAfterMs = 300_000;
const hour = 3_600_000;
const nanos = 1e6;

type Rig = ReturnType<typeof createRig>;

/** Nothing comes for longer than a series is shown. */
function silence(rig: Rig, ms = expireAfterMs + 1): void {
  rig.clock.now += ms;
  rig.received.expire();
}

const as = (k: string | number, point: SentPoint): SentPoint => ({ ...point, attributes: { k } });

describe('a series of deltas that expired', () => {
  it('is shown no more, and goes on with the next delta: each error counts', () => {
    const rig = createRig();
    for (let error = 1; error <= 10; error++) {
      rig.points(delta, at(rig.clock.now * nanos + 20, 1, rig.clock.now * nanos + 10));
      assert.deepEqual(rig.shown(), { 'd{}': error });
      silence(rig, hour);
      assert.deepEqual([rig.shown(), rig.received.series, rig.received.streams, rig.received.silent], [{}, 0, 0, 1]);
    }
    const { gaps, expired, forgotten } = rig.received.tally;
    assert.deepEqual([gaps, expired, forgotten, rig.events], [9, 10, 0, []]);
  });

  it('has the start that it had', () => {
    const rig = createRig();
    rig.points(delta, at(20 * nanos, 5, 10 * nanos));
    silence(rig);
    rig.points(delta, at(50 * nanos, 1, 40 * nanos));
    const starts: number[] = [];
    rig.store.view.walk({ family: () => true, row: (family, row) => void starts.push(startOf(family, row)) });
    assert.deepEqual([rig.shown(), starts], [{ 'd{}': 6 }, [10]]);
  });

  it('knows what was added: a delta that is sent again, and one that overlaps', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10));
    silence(rig);
    assert.equal(rig.points(delta, at(20, 5, 10)), undefined);
    assert.deepEqual([rig.shown(), rig.received.tally.repeats, rig.events], [{ 'd{}': 5 }, 1, []]);
    silence(rig);
    assert.equal(rig.points(delta, at(30, 7, 19))?.points, 1);
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.overlap], [{ 'd{}': 5 }, 1]);
  });

  it('goes on in the order of its times where points have no starts', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5));
    silence(rig);
    rig.points(delta, at(30, 2));
    assert.deepEqual(rig.shown(), { 'd{}': 7 });
  });

  it('goes on with each of its buckets, and its sum where it has one', () => {
    const rig = createRig();
    const { sum: _, ...withoutSum } = buckets(10, 20, [1, 2, 3], 0);
    rig.points(deltaHistogram, as('sum', buckets(10, 20, [1, 2, 3], 9.5)), as('none', withoutSum));
    silence(rig);
    rig.points(deltaHistogram, as('sum', buckets(30, 40, [1, 0, 1], 4)), as('none', buckets(30, 40, [1, 0, 1], 4)));
    assert.deepEqual(rig.shown(), { 'h{k="sum"}': [2, 2, 4, 13.5], 'h{k="none"}': [2, 2, 4, 'no sum'] });
  });

  it('begins anew with other bounds, as one that is shown', () => {
    const rig = createRig();
    rig.points(deltaHistogram, buckets(10, 20, [1, 2, 3], 9));
    silence(rig);
    rig.points(deltaHistogram, buckets(30, 40, [1, 1, 1], 4, [5, 10]));
    assert.deepEqual(rig.shown(), { 'h{}': [1, 1, 1, 4] });
  });

  it('goes on with exponential buckets of either sign', () => {
    const rig = createRig();
    const power = {
      count: 6,
      sum: 20,
      zeroCount: 1,
      positive: { offset: 2, counts: [2, 1] },
      negative: { offset: 3, counts: [2] },
    };
    rig.points(deltaExponential, { start: 10, time: 20, ...power });
    const before = rig.shown();
    silence(rig);
    rig.points(deltaExponential, { start: 30, time: 40, count: 1, sum: 5, positive: { offset: 2, counts: [1] } });
    assert.deepEqual(before, { 'e{}': { count: 6, sum: 20, scale: 0, zeroCount: 1, positive: [2, 2, 1], negative: [3, 2] } });
    assert.deepEqual(rig.shown(), {
      'e{}': { count: 7, sum: 25, scale: 0, zeroCount: 1, positive: [2, 3, 1], negative: [3, 2] },
    });
  });

  it('goes on where its process was started again meanwhile, as one that is shown', () => {
    const rig = createRig();
    const send = (process: string, ...points: SentPoint[]) =>
      rig.send({ attributes: { process }, metrics: [{ ...delta, points }] });
    send('1', at(20, 5, 10));
    silence(rig);
    send('2', at(40, 2, 30));
    assert.deepEqual([rig.shown(), rig.received.tally.conflicts, rig.events], [{ 'd{}': 7 }, 0, []]);
  });

  it('begins anew behind a point without a recorded value, whenever that comes, if it is not older', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10), { time: 30, flags: 1 });
    silence(rig);
    rig.points(delta, at(40, 3, 35));
    assert.deepEqual(rig.shown(), { 'd{}': 3 });
    silence(rig);
    rig.points(delta, { time: 39, flags: 1 });
    rig.points(delta, at(60, 2, 50));
    assert.deepEqual(rig.shown(), { 'd{}': 5 });
    silence(rig);
    rig.points(delta, { time: 70, flags: 1 });
    assert.deepEqual([rig.received.silent, rig.received.tally.stale], [0, 2]);
    rig.points(delta, at(90, 1, 80));
    assert.deepEqual(rig.shown(), { 'd{}': 1 });
  });

  it('holds no name: another type may take it', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10));
    silence(rig);
    rig.points({ ...gauge, name: 'd' }, at(30, -1));
    assert.deepEqual([rig.shown(), rig.received.names.families], [{ 'd{}': -1 }, 1]);
    silence(rig);
    rig.points(delta, at(50, 2, 40));
    assert.deepEqual(rig.shown(), { 'd{}': 7 });
  });

  it('is none whose newest value is cumulative: its sender knows its total', () => {
    const rig = createRig();
    const send = (process: string, temporality: number, point: SentPoint) =>
      rig.send({ attributes: { process }, metrics: [{ ...delta, temporality, points: [point] }] });
    rig.points(cumulative, at(20, 5, 10));
    send('a', 1, at(20, 5, 10));
    send('b', 2, at(30, 9, 25));
    silence(rig);
    assert.deepEqual([rig.shown(), rig.received.silent], [{}, 0]);
    rig.points(cumulative, at(40, 1, 30));
    assert.deepEqual(rig.shown(), { 'c{}': 1 });
  });

  it('gives way to a cumulative one with its labels', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10));
    silence(rig);
    rig.points({ ...delta, temporality: 2 }, at(40, 3, 30));
    assert.deepEqual([rig.shown(), rig.received.silent], [{ 'd{}': 3 }, 0]);
  });
});

describe('a series that several streams of deltas add up in', () => {
  it('goes on with whichever of them comes next', () => {
    const rig = createRig();
    rig.points(delta, as(1, at(20, 100, 10)), as('1', at(20, 5, 10)));
    silence(rig);
    assert.deepEqual(rig.shown(), {});
    rig.points(delta, as('1', at(50, 1, 40)), as(1, at(60, 10, 50)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.overlap], [{ 'd{k="1"}': 116 }, 0]);
  });

  it('goes on beside a cumulative one, whose total is its own', () => {
    const rig = createRig();
    const sum = { ...delta, temporality: 2 };
    rig.points(delta, as(1, at(20, 100, 10)));
    rig.points(sum, as('1', at(20, 5, 10)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 105 });
    silence(rig);
    rig.points(sum, as('1', at(40, 6, 10)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 106 });
    rig.points(delta, as(1, at(60, 10, 50)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 116 });
    silence(rig);
    rig.points(delta, as(1, at(80, 1, 70)));
    rig.points(sum, as('1', at(90, 7, 10)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 118 });
    silence(rig);
    rig.points(sum, as('1', at(99, Number.NaN, 10)));
    silence(rig);
    rig.points(delta, as(1, at(110, 1, 100)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 112 });
  });

  it('goes on with one of another scope when the one that wrote it last has left', () => {
    const rig = createRig();
    const from = (scope: string, point: SentPoint) => rig.send({ scope, metrics: [{ ...delta, points: [point] }] });
    from('a', at(20, 1, 10));
    from('b', at(20, 2, 10));
    rig.clock.now = 200_000;
    // It is not silent, and yet writes nothing.
    from('a', at(20, 1, 10));
    rig.clock.now = 300_001;
    rig.received.expire();
    from('c', at(20, 4, 10));
    assert.deepEqual(rig.shown(), { 'd{}': 7 });
  });

  it('knows the last delta of one that is silent while others go on', () => {
    const rig = createRig();
    rig.points(delta, as(1, at(20, 100, 10)), as('1', at(20, 5, 10)));
    for (let time = 20; time < 50; time += 10) {
      silence(rig, 200_000);
      rig.points(delta, as('1', at(time + 10, 1, time)));
    }
    rig.points(delta, as(1, at(20, 100, 10)));
    assert.deepEqual([rig.shown(), rig.received.tally.repeats], [{ 'd{k="1"}': 108 }, 1]);
    rig.points(delta, as(1, at(60, 10, 50)));
    assert.deepEqual(rig.shown(), { 'd{k="1"}': 118 });
  });
});

describe('memory', () => {
  const counted = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ ...at(20, 1, 10), attributes: { k: `error-${from + index}` } }));

  it('of a total is less than that of a series, and all is given back', () => {
    const rig = createRig();
    rig.points(delta, ...counted(2_000));
    const { heap, buffers } = rig.received.held;
    silence(rig);
    const silent = rig.received.held;
    assert.equal(rig.received.silent, 2_000);
    assert.ok(silent.heap < heap && silent.buffers < buffers + 2_000 * 200, `${silent.heap} ${silent.buffers - buffers}`);
    const back = [30, 50, 70].map((start) => {
      rig.points(delta, ...counted(2_000).map((point) => ({ ...point, start, time: start + 10 })));
      const held = rig.received.held.buffers;
      assert.equal(rig.received.silent, 0);
      silence(rig);
      return held;
    });
    assert.deepEqual([back[2], rig.received.tally.gaps], [back[1], 6_000]);
  });

  it('for a new series comes from the oldest first; these are counted, and told once', () => {
    let most = Number.POSITIVE_INFINITY;
    const held = () => rig.received.held.heap + rig.received.held.buffers;
    const rig: Rig = createRig({ room: () => ({ bytes: most - held(), heap: Number.POSITIVE_INFINITY }), maxMemory: 8e9 });
    rig.points(delta, ...counted(1_000));
    silence(rig);
    rig.points(delta, ...counted(1_000, 1_000));
    silence(rig);
    most = held();
    assert.equal(rig.points(gauge, ...counted(100)), undefined);
    const { forgotten } = rig.received.tally;
    assert.ok(forgotten > 0 && rig.received.silent === 2_000 - forgotten, `${forgotten}`);
    assert.deepEqual(rig.events, [{ type: 'forgotten', limit: 8e9, name: 'd' }]);
    most = Number.POSITIVE_INFINITY;
    rig.points(delta, ...[...counted(1), ...counted(1, 1_999)].map((point) => ({ ...point, start: 30, time: 40 })));
    const { 'd{k="error-0"}': oldest, 'd{k="error-1999"}': newest } = rig.shown();
    assert.deepEqual([oldest, newest], [1, 2]);
  });

  it('is an eighth of what there is at most', () => {
    const maxMemory = 2 ** 20;
    const rig = createRig({ maxMemory });
    for (let round = 0; round < 20; round++) {
      rig.points(delta, ...counted(500, round * 500));
      silence(rig);
    }
    assert.ok(rig.received.silent > 200 && rig.received.silent < 1_000, `${rig.received.silent}`);
    assert.equal(rig.received.silent + rig.received.tally.forgotten, 10_000);
  });

  it('does not grow with those that come and go', () => {
    const rig = createRig();
    rig.points(delta, ...counted(1, 1e6));
    const held: number[] = [];
    for (let round = 0; round < 20; round++) {
      silence(rig);
      rig.points(delta, ...counted(500).map((point) => ({ ...point, start: 30 + 20 * round, time: 40 + 20 * round })));
      held.push(rig.received.held.buffers);
    }
    silence(rig);
    rig.points(delta, ...counted(500), ...counted(1, 1e6));
    assert.equal(rig.shown()['d{k="error-499"}'], 20);
    assert.ok(Math.max(...held.slice(10)) <= Math.max(...held.slice(0, 10)), `${held}`);
  });
});
