/**
 * The rules about time and values, a test a row. Expected values come from the OpenTelemetry data model (metrics/data-model),
 * OTLP's metrics.proto, OpenMetrics 1.0, or from what the Collector's prometheus exporter v0.159 shows, where nothing else is
 * said.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';
import { at, cumulative, delta, exponential, gauge, histogram, upDown } from './sent.ts';

/** Nanoseconds that a double does not hold. */
const late = 1_795_357_530_000_000_001n;

describe('identity', () => {
  it('is name, type, scope, attributes and resource: another of them is another series', () => {
    const rig = createRig();
    rig.points(gauge, { ...at(1, 1), attributes: { a: '1' } }, { ...at(1, 2), attributes: { a: '2' } }, at(1, 3));
    rig.points({ ...gauge, name: 'other' }, at(1, 4));
    rig.send({ attributes: { 'service.name': 'j' }, metrics: [{ ...gauge, points: [at(1, 5)] }] });
    assert.deepEqual(rig.shown(), { 'g{a="1"}': 1, 'g{a="2"}': 2, 'g{}': 3, 'other{}': 4, 'g{job="j"}': 5 });
  });

  it('does not depend on the order of attributes', () => {
    const rig = createRig();
    rig.points(gauge, { ...at(1, 1), attributes: { a: '1', b: '2', c: '3' } });
    rig.points(gauge, { ...at(2, 2), attributes: { c: '3', a: '1', b: '2' } });
    rig.points(gauge, { ...at(3, 3), attributes: { b: '2', c: '3', a: '1' } });
    assert.deepEqual(rig.shown(), { 'g{a="1",b="2",c="3"}': 3 });
    assert.equal(rig.received.streams, 1);
  });
});

describe('older, equal time', () => {
  for (const [what, metric] of Object.entries({ gauge, cumulative, upDown })) {
    it(`${what}: a point older than what is there is ignored and counted`, () => {
      const rig = createRig();
      rig.points(metric, at(10, 7));
      rig.points(metric, at(9, 5));
      assert.deepEqual(Object.values(rig.shown()), [7]);
      assert.equal(rig.received.tally.ignored.older, 1);
    });

    it(`${what}: a point of equal time is taken`, () => {
      const rig = createRig();
      rig.points(metric, at(10, 7), at(10, 8));
      assert.deepEqual(Object.values(rig.shown()), [8]);
      assert.equal(rig.received.tally.taken, 2);
    });
  }

  it('tells nanoseconds apart that a double does not', () => {
    const rig = createRig();
    rig.points(gauge, { time: late, double: 1 }, { time: late - 1n, double: 2 });
    assert.deepEqual(rig.shown(), { 'g{}': 1 });
  });

  it('orders times whose halves have their highest bit set', () => {
    const rig = createRig();
    const times = [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
    times.forEach((time, index) => void rig.points(gauge, { time, double: index }));
    assert.deepEqual([rig.shown(), rig.received.tally.taken], [{ 'g{}': 5 }, 6]);
    for (const time of times.slice(0, -1)) rig.points(gauge, { time, double: -1 });
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.older], [{ 'g{}': 5 }, 5]);
  });
});

describe('values', () => {
  it('are read as integers of 64 bits, and as doubles', () => {
    const rig = createRig();
    const ints = { a: -1n, b: 2n ** 53n + 1n, c: -(2n ** 63n), d: 4_294_967_296n };
    for (const [name, int] of Object.entries(ints)) rig.points({ ...gauge, name }, { time: 1, int });
    assert.deepEqual(rig.shown(), { 'a{}': -1, 'b{}': 2 ** 53, 'c{}': -(2 ** 63), 'd{}': 2 ** 32 });
  });
});

describe('cumulative with a new start', () => {
  for (const metric of [cumulative, upDown]) {
    it(`is taken as it is and counted as a reset (${metric.name})`, () => {
      const rig = createRig();
      rig.points(metric, at(10, 100, 5));
      rig.points(metric, at(30, 1, 20));
      assert.deepEqual(Object.values(rig.shown()), [1]);
      assert.equal(rig.received.tally.resets, 1);
    });
  }

  it('is none of a gauge, whose start is ignored', () => {
    const rig = createRig();
    rig.points(gauge, at(10, 100, 5));
    rig.points(gauge, at(30, 1, 20));
    rig.points(gauge, at(40, 2, 3));
    assert.deepEqual([rig.shown(), rig.received.tally.resets, rig.received.tally.contested], [{ 'g{}': 2 }, 0, 0]);
  });

  it('is none where a start is unknown', () => {
    const rig = createRig();
    rig.points(cumulative, at(10, 1, 0), at(20, 2, 15), at(30, 3, 0), at(40, 4, 15));
    assert.deepEqual([rig.shown(), rig.received.tally.resets, rig.received.tally.taken], [{ 'c{}': 4 }, 0, 4]);
  });
});

describe('temporality', () => {
  for (const metric of [
    { ...cumulative, temporality: 0 },
    { ...histogram, temporality: 0 },
    { ...exponential, temporality: 0 },
  ]) {
    it(`unspecified is not shown, and counted (${metric.type})`, () => {
      const rig = createRig();
      assert.equal(rig.points(metric, { time: 1, double: 1, count: 1 }, { time: 1, double: 1, count: 1 }), undefined);
      assert.deepEqual([rig.shown(), rig.received.tally.ignored.temporality_unspecified], [{}, 2]);
      assert.equal(rig.received.streams, 0);
    });
  }

  it('delta of a sum that is not monotonic is not shown, and counted', () => {
    const rig = createRig();
    rig.points({ ...delta, monotonic: false }, at(1, 1));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.delta_not_monotonic], [{}, 1]);
  });
});

describe('delta, monotonic sum', () => {
  it('that starts where the last one ended is added', () => {
    const rig = createRig();
    rig.points(delta, { start: late, time: late + 10n, double: 5 });
    rig.points(delta, { start: late + 10n, time: late + 20n, double: 3 });
    rig.points(delta, { start: late + 20n, time: late + 30n, int: 2 });
    assert.deepEqual([rig.shown(), rig.received.tally.resets], [{ 'd{}': 10 }, 0]);
  });

  it('that is sent again is known, and its sender is told nothing', () => {
    const rig = createRig();
    const sent = { start: late, time: late + 10n, double: 5 };
    assert.equal(rig.points(delta, sent), undefined);
    assert.equal(rig.points(delta, sent, sent), undefined);
    const { repeats, ignoredAll, taken } = rig.received.tally;
    assert.deepEqual([rig.shown(), repeats, ignoredAll, taken, rig.events], [{ 'd{}': 5 }, 2, 0, 1, []]);
    rig.points(delta, { start: late + 10n, time: late + 20n, double: 1 });
    assert.deepEqual(rig.shown(), { 'd{}': 6 });
  });

  it('without a start is added each time', () => {
    const rig = createRig();
    rig.points(delta, { start: 0n, time: late, double: 5 }, { start: 0n, time: late, double: 5 });
    assert.deepEqual([rig.shown(), rig.received.tally.repeats], [{ 'd{}': 10 }, 0]);
  });

  it('that starts before is dropped and counted: another value at the same times, and an overlap', () => {
    const rig = createRig();
    const why = 'a delta overlaps those that were added up: each writer of a series has a service.instance.id of its own';
    const twice = rig.points(delta, { start: late, time: late + 10n, double: 5 }, { start: late, time: late + 10n, double: 6 });
    assert.deepEqual(twice, { points: 1, why });
    assert.deepEqual(rig.points(delta, { start: late + 9n, time: late + 20n, double: 3 }), { points: 1, why });
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.overlap], [{ 'd{}': 5 }, 2]);
    assert.deepEqual(
      rig.events.map(({ type, name }) => [type, name]),
      [['overlap', 'd']],
    );
  });

  // As the Collector's `deltatocumulative` does; on purpose unlike the data model.
  it('that starts later is added, and its gap counted', () => {
    const rig = createRig();
    rig.points(delta, { start: late, time: late + 10n, double: 5 }, { start: late + 11n, time: late + 20n, double: 3 });
    rig.points(delta, { start: late + 20n, time: late + 30n, double: 1 });
    const { gaps, resets, conflicts } = rig.received.tally;
    assert.deepEqual([rig.shown(), gaps, resets, conflicts, rig.events], [{ 'd{}': 9 }, 1, 0, 0, []]);
  });

  it('of rare events, each alone in its interval, is one at a time', () => {
    const rig = createRig();
    for (let event = 0; event < 10; event++) {
      const start = late + BigInt(event) * 1_000n;
      rig.points(delta, { start, time: start + 10n, int: 1 });
    }
    assert.deepEqual([rig.shown(), rig.received.tally.gaps], [{ 'd{}': 10 }, 9]);
  });

  it('of a process that was started again goes on with the total', () => {
    const rig = createRig();
    const of = (process: string, start: bigint, time: bigint, double: number) =>
      rig.send({ attributes: { process }, metrics: [{ ...delta, points: [{ start, time, double }] }] });
    of('first', late, late + 10n, 5);
    of('second', late + 15n, late + 20n, 3);
    const { gaps, conflicts } = rig.received.tally;
    assert.deepEqual([rig.shown(), gaps, conflicts, rig.events], [{ 'd{}': 8 }, 1, 0, []]);
  });

  it('that is no count leaves no gap behind it', () => {
    const rig = createRig();
    rig.points(delta, at(20, 5, 10), at(30, Number.NaN, 25), at(40, 2, 30));
    assert.deepEqual([rig.shown(), rig.received.tally.gaps], [{ 'd{}': 7 }, 0]);
  });

  it('is begun anew behind a point without a recorded value', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(delta, at(20, 5, 10), { time: 30, flags: 1 });
    rig.points(delta, at(40, 3, 35));
    assert.deepEqual([rig.shown(), rig.received.tally.gaps], [{ 'd{}': 3 }, 0]);
  });

  it('without starts is added in the order of its times', () => {
    const rig = createRig();
    assert.equal(rig.points(delta, at(10, 5), at(20, 3), at(15, 100))?.points, 1);
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.older], [{ 'd{}': 8 }, 1]);
  });
});

describe('NaN, infinities, negative values', () => {
  it('are shown of gauges and of sums that go up and down', () => {
    const rig = createRig();
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1];
    for (const metric of [gauge, upDown]) {
      for (const value of values) {
        rig.points(metric, at(1, value));
        assert.deepEqual(rig.shown()[`${metric.name}{}`], value);
      }
    }
  });

  it('a counter shows +Inf; of NaN or negative it has no line, which is counted, until it is a count again', () => {
    const rig = createRig();
    rig.points(cumulative, at(10, Number.POSITIVE_INFINITY));
    assert.deepEqual(rig.shown(), { 'c{}': Number.POSITIVE_INFINITY });
    for (const value of [Number.NaN, -1, Number.NEGATIVE_INFINITY]) {
      rig.points(cumulative, at(20, value));
      assert.deepEqual(rig.shown(), {});
    }
    assert.equal(rig.received.tally.ignored.not_a_count, 3);
    rig.points(cumulative, at(30, 4));
    assert.deepEqual(rig.shown(), { 'c{}': 4 });
  });

  it('a first value that is no count makes nothing', () => {
    const rig = createRig();
    rig.points(cumulative, at(10, -1));
    assert.deepEqual([rig.shown(), rig.received.streams, rig.received.names.families], [{}, 0, 0]);
  });

  it('a delta that is no count is left out of the sum', () => {
    const rig = createRig();
    rig.points(delta, at(10, 5, 1), at(20, Number.NaN, 10), at(30, 2, 20));
    assert.deepEqual(rig.shown(), { 'd{}': 7 });
  });
});
