/**
 * Streams of one resource that are one series, because what differs in their attributes is in no label: they add up, as the data
 * model demands of streams whose attributes are removed ("Metric points ... re-aggregation"), so that what Prometheus stores is
 * what was recorded.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRig } from './rig.ts';
import type { SentAttributes, SentPoint } from './sender.ts';
import { at, buckets, cumulative, delta, deltaExponential, deltaHistogram } from './sent.ts';

const number: SentAttributes = { k: 1 };

const text: SentAttributes = { k: '1' };

const as = (attributes: SentAttributes, point: SentPoint): SentPoint => ({ ...point, attributes });

const spellings: readonly [string, SentAttributes, SentAttributes, string][] = [
  ['a number and its text', number, text, '{k="1"}'],
  ['true and its text', { k: true }, { k: 'true' }, '{k="true"}'],
  ['an attribute that is absent and one that is empty', { a: 'x' }, { a: 'x', b: '' }, '{a="x"}'],
];

describe('counters of one resource', () => {
  for (const [what, one, other, labels] of spellings) {
    it(`whose attributes are ${what} add up, told once with both`, () => {
      const rig = createRig();
      rig.points(cumulative, as(one, at(10, 100, 1)), as(other, at(10, 5, 1)));
      assert.deepEqual(rig.shown(), { [`c${labels}`]: 105 });
      rig.points(cumulative, as(one, at(20, 110, 1)), as(other, at(20, 7, 1)));
      assert.deepEqual(rig.shown(), { [`c${labels}`]: 117 });
      const { joined, conflicts, resets, ignoredAll, contested } = rig.received.tally;
      assert.deepEqual(
        { joined, conflicts, resets, ignoredAll, contested },
        { joined: 1, conflicts: 0, resets: 0, ignoredAll: 0, contested: 0 },
      );
      assert.deepEqual(
        rig.events.map((event) => [event.type, 'adds' in event && event.adds]),
        [['joined', true]],
      );
    });
  }

  it('add up over scopes that are no labels', () => {
    const rig = createRig();
    const from = (scope: string, value: number) => ({ scope, metrics: [{ ...cumulative, points: [at(10, value, 1)] }] });
    rig.send(from('a', 1), from('b', 10));
    rig.send(from('a', 1), from('b', 10));
    assert.deepEqual(rig.shown(), { 'c{}': 11 });
  });

  it('each has its own order: an older point of one is ignored, though the other one’s are newer', () => {
    const rig = createRig();
    rig.points(cumulative, as(number, at(100, 3, 1)), as(text, at(10, 5, 1)), as(text, at(20, 6, 1)), as(number, at(90, 1, 1)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.older], [{ 'c{k="1"}': 9 }, 1]);
  });

  it('what one had counted before it began anew stays', () => {
    const rig = createRig();
    rig.points(cumulative, as(number, at(10, 100, 1)), as(text, at(10, 5, 1)));
    rig.points(cumulative, as(text, at(30, 2, 20)));
    rig.points(cumulative, as(number, at(30, 101, 1)));
    assert.deepEqual([rig.shown(), rig.received.tally.resets], [{ 'c{k="1"}': 108 }, 1]);
  });

  it('one that falls without a start has begun anew', () => {
    const rig = createRig();
    rig.points(cumulative, as(number, at(10, 100)), as(text, at(10, 5)), as(number, at(20, 1)));
    assert.deepEqual(rig.shown(), { 'c{k="1"}': 106 });
  });

  it('what one that is silent had counted stays, and counts once when it comes back', () => {
    const rig = createRig({ expireAfterMs: 100 });
    rig.points(cumulative, as(number, at(10, 100, 1)), as(text, at(10, 5, 1)));
    for (const [now, value] of [
      [90, 6],
      [180, 7],
      [270, 8],
    ] as const) {
      rig.clock.now = now;
      rig.received.expire();
      rig.points(cumulative, as(text, at(now, value, 1)));
    }
    assert.deepEqual(rig.shown(), { 'c{k="1"}': 108 });
    rig.points(cumulative, as(number, at(300, 101, 1)));
    assert.deepEqual(rig.shown(), { 'c{k="1"}': 109 });
    rig.clock.now = 371;
    rig.received.expire();
    assert.deepEqual([rig.shown(), rig.received.streams, rig.received.series], [{}, 0, 0]);
  });

  it('the series goes when the values of all have gone, and begins anew', () => {
    const rig = createRig();
    rig.points(cumulative, as(number, at(10, 100, 1)), as(text, at(10, 5, 1)), as(number, { time: 20, flags: 1 }));
    assert.deepEqual(rig.shown(), { 'c{k="1"}': 105 });
    rig.points(cumulative, as(text, { time: 20, flags: 1 }));
    assert.deepEqual(rig.shown(), {});
    rig.points(cumulative, as(number, at(30, 101, 1)), as(text, at(30, 6, 1)));
    assert.deepEqual(rig.shown(), { 'c{k="1"}': 107 });
  });

  it('a NaN of one costs only that point', () => {
    const rig = createRig();
    rig.points(
      cumulative,
      as(number, at(10, 1, 1)),
      as(text, at(10, 5, 1)),
      as(text, at(20, Number.NaN, 1)),
      as(text, at(30, 6, 1)),
    );
    assert.deepEqual([rig.shown(), rig.received.tally.ignored.not_a_count], [{ 'c{k="1"}': 7 }, 1]);
  });

  it('of another resource the newer value is shown, as before, and these add up again', () => {
    const rig = createRig();
    const from = (process: string, ...points: SentPoint[]) => ({ attributes: { process }, metrics: [{ ...cumulative, points }] });
    rig.send(from('a', as(number, at(10, 1, 1)), as(text, at(10, 10, 1))));
    rig.send(from('b', as(text, at(20, 500, 1))));
    assert.deepEqual([rig.shown(), rig.received.tally.conflicts], [{ 'c{k="1"}': 500 }, 1]);
    rig.send(from('a', as(number, at(30, 2, 1)), as(text, at(30, 10, 1))));
    assert.deepEqual([rig.shown(), rig.received.tally.conflicts], [{ 'c{k="1"}': 12 }, 2]);
  });

  it('leave nothing behind', () => {
    const rig = createRig({ expireAfterMs: 100 });
    const send = () => rig.points(cumulative, as(number, at(10, 100, 1)), as(text, at(10, 5, 1)));
    rig.points({ ...cumulative, name: 'other' }, at(10, 1));
    send();
    rig.clock.now = 101;
    rig.received.expire();
    const { heap } = rig.received.held;
    send();
    assert.ok(rig.received.held.heap > heap);
    rig.clock.now = 202;
    rig.received.expire();
    assert.equal(rig.received.held.heap, heap);
  });
});

describe('deltas of one resource', () => {
  it('add up by their own times', () => {
    const rig = createRig();
    rig.points(delta, as(number, at(10, 1, 1)), as(text, at(10, 10, 1)));
    rig.points(delta, as(number, at(20, 2, 10)), as(text, at(20, 20, 10)));
    assert.deepEqual([rig.shown(), rig.received.tally.ignoredAll], [{ 'd{k="1"}': 33 }, 0]);
  });

  it('are added once where they are sent again, and told where two writers send one stream', () => {
    const rig = createRig();
    rig.points(delta, as(number, at(10, 1, 1)), as(text, at(10, 10, 1)));
    assert.equal(rig.points(delta, as(text, at(10, 10, 1))), undefined);
    assert.equal(rig.points(delta, as(text, at(12, 9, 2)))?.points, 1);
    rig.points(delta, as(number, at(30, 1, 20)));
    const { repeats, gaps, ignored } = rig.received.tally;
    assert.deepEqual([rig.shown(), repeats, gaps, ignored.overlap], [{ 'd{k="1"}': 12 }, 1, 1, 1]);
  });

  it('of histograms with equal bounds, and of exponential ones', () => {
    const rig = createRig();
    rig.points(deltaHistogram, as(number, buckets(1, 10, [1, 2, 3], 6)), as(text, buckets(1, 10, [0, 1, 0], 2)));
    assert.deepEqual(rig.shown(), { 'h{k="1"}': [1, 3, 3, 8] });
    const positive = { offset: 0, counts: [1, 2] };
    const of = (attributes: SentAttributes) => ({
      attributes,
      start: 1,
      time: 10,
      count: 3,
      sum: 5,
      scale: 0,
      zeroCount: 0,
      positive,
    });
    rig.points(deltaExponential, of(number), of(text));
    const shown = rig.shown()['e{k="1"}'] as { count: number; sum: number; positive: readonly number[] };
    assert.deepEqual([shown.count, shown.sum, shown.positive], [6, 10, [0, 2, 4]]);
  });
});

interface Step {
  readonly kind: 'cumulative' | 'delta';
  readonly stream: number;
  readonly event: 'records' | 'restarts' | 'repeats' | 'is late';
  readonly by: number;
}

/** What a program would have recorded in all, by each stream that it has. */
it('is what was recorded, however streams come, repeat themselves, and begin anew', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom<Step['kind'][]>('cumulative', 'delta'),
    stream: fc.nat(2),
    event: fc.constantFrom<Step['event'][]>('records', 'records', 'records', 'restarts', 'repeats', 'is late'),
    by: fc.nat(5),
  });
  const attributes: readonly SentAttributes[] = [{ k: 1 }, { k: '1' }, { k: 1, e: '' }];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rig = createRig();
      const recorded = { cumulative: 0, delta: 0 };
      const sent = new Set<Step['kind']>();
      const states = { cumulative: attributes.map(stateOf), delta: attributes.map(stateOf) };
      let now = 100;
      for (const { kind, stream, event, by } of steps) {
        const state = states[kind][stream] as ReturnType<typeof stateOf>;
        const send = (double: number, start: number, time: number) =>
          rig.points(kind === 'delta' ? delta : cumulative, as(attributes[stream] as SentAttributes, at(time, double, start)));
        now += 10;
        if (event === 'repeats' || event === 'is late') {
          if (state.last !== undefined)
            send(
              state.last.double,
              state.last.start,
              event === 'repeats' || kind === 'delta' ? state.last.time : state.last.time - 1,
            );
          continue;
        }
        if (event === 'restarts' && kind === 'cumulative') {
          state.start = now - 5;
          state.value = 0;
          // Alone it is a reset that Prometheus sees.
          if (states.cumulative.every((other) => other === state || other.last === undefined)) recorded.cumulative = 0;
        }
        state.value += by;
        recorded[kind] += by;
        sent.add(kind);
        const start = kind === 'delta' ? state.end : state.start;
        state.last = { double: kind === 'delta' ? by : state.value, start, time: now };
        state.end = now;
        send(state.last.double, start, now);
      }
      const expected = [...sent].map((kind) => [kind === 'delta' ? 'd{k="1"}' : 'c{k="1"}', recorded[kind]] as const);
      assert.deepEqual(rig.shown(), Object.fromEntries(expected));
      assert.equal(rig.received.tally.conflicts, 0);
    }),
    { numRuns: 300 },
  );
});

function stateOf() {
  return { start: 50, end: 50, value: 0, last: undefined as { double: number; start: number; time: number } | undefined };
}
