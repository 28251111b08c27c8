/** Deltas without a gap between them become one: a receiver adds up the same, over the same time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { histogramAt, metricAt, metricType, numberAt, pointAt } from '../../../src/formats/otlp/batch/batch-index.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../../src/formats/otlp/batch/walk.ts';
import { compacting } from '../../../src/service/queue/compact.ts';
import type { Loaded } from '../../../src/service/queue/entry.ts';
import { requestOf, type SentMetric, type SentPoint } from '../received/sender.ts';

/** A point as a receiver reads it: its span, and all its numbers. */
interface Read {
  readonly from: number;
  readonly to: number;
  readonly numbers: readonly number[];
}

function compacted(requests: readonly Uint8Array[], tried: readonly boolean[] = []): readonly Loaded[] {
  const entries = requests.map((bytes, at) => ({
    bytes,
    points: readBatch(bytes).points,
    since: 0,
    ...(tried[at] === true && { tried: true }),
  }));
  const work = compacting(entries);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value.entries;
  }
}

/** By metric. */
function readAll(entries: readonly Pick<Loaded, 'bytes'>[]): Map<string, Read[]> {
  const all = new Map<string, Read[]>();
  for (const { bytes: given } of entries) {
    const batch = readBatch(given);
    const { index, bytes } = batch;
    for (const r of resourcesOf(batch))
      for (const s of scopesOf(batch, r))
        for (const m of metricsOf(batch, s)) {
          const name = Buffer.from(bytes.subarray(index[m + metricAt.nameFrom], index[m + metricAt.nameTo])).toString();
          const points = all.get(name) ?? [];
          all.set(name, points);
          for (const p of pointsOf(batch, m)) points.push(readPoint(batch, m, p));
        }
  }
  return all;
}

function readPoint({ index, view }: ReturnType<typeof readBatch>, m: number, p: number): Read {
  const int = (at: number) => Number(view.getBigInt64(at, true));
  const of = (column: number) => index[p + column] as number;
  const double = (column: number) => (of(column) === 0 ? [] : [view.getFloat64(of(column), true)]);
  const numbers: number[] = [];
  if (index[m + metricAt.type] === metricType.sum)
    numbers.push(of(numberAt.isInt) === 1 ? int(of(numberAt.value)) : view.getFloat64(of(numberAt.value), true));
  else {
    for (let at = of(histogramAt.countsFrom); at < of(histogramAt.countsTo); at += 8) numbers.push(int(at));
    numbers.push(int(of(histogramAt.count)), ...double(histogramAt.sum), ...double(histogramAt.min), ...double(histogramAt.max));
  }
  return { from: int(of(pointAt.start)), to: int(of(pointAt.time)), numbers };
}

const delta = (name: string, type: 'sum' | 'histogram', ...points: SentPoint[]): SentMetric => ({
  name,
  type,
  temporality: 1,
  monotonic: true,
  points,
});
const request = (...metrics: SentMetric[]) => requestOf({ metrics });

test('deltas of a sum, of integers and of doubles', () => {
  const entries = compacted(
    [1, 2, 3, 4].map((to) =>
      request(
        delta('ints', 'sum', { start: to + 8, time: to + 10, int: to }),
        delta('doubles', 'sum', { start: to + 9, time: to + 10, double: to / 4 }),
      ),
    ),
  );
  const all = readAll(entries);
  assert.deepEqual(all.get('doubles'), [{ from: 10, to: 14, numbers: [2.5] }]);
  // Their starts are not where the one before ended.
  assert.equal(all.get('ints')?.length, 4);
});

test('deltas of a histogram', () => {
  const point = (to: number, counts: readonly number[], sum: number): SentPoint => ({
    start: to - 1,
    time: to,
    count: counts.reduce((all, one) => all + one, 0),
    sum,
    counts,
    bounds: [1, 2],
  });
  const other = { ...point(14, [9, 9], 9), bounds: [1] };
  const entries = compacted([
    request(delta('h', 'histogram', point(11, [1, 0, 2], 3.5))),
    request(delta('h', 'histogram', point(12, [0, 0, 0], 0), point(13, [5, 1, 0], 0.25))),
    request(delta('h', 'histogram', other)),
  ]);
  assert.deepEqual(readAll(entries).get('h'), [
    { from: 10, to: 13, numbers: [6, 1, 2, 9, 3.75] },
    { from: 13, to: 14, numbers: [9, 9, 18, 9] },
  ]);
});

test('what was sent before stays as it is, and so does what overlaps', () => {
  const one = (from: number, to: number, int: number) => request(delta('a', 'sum', { start: from, time: to, int }));
  const sent = [one(1, 2, 1), one(2, 3, 2), one(3, 4, 4), one(4, 5, 8)];
  assert.deepEqual(readAll(compacted(sent, [true, true])).get('a'), [
    { from: 1, to: 2, numbers: [1] },
    { from: 2, to: 3, numbers: [2] },
    { from: 3, to: 5, numbers: [12] },
  ]);
  // A receiver that has [2, 3] refuses what overlaps it, and must not refuse [3, 5] with it.
  assert.deepEqual(readAll(compacted([one(1, 2, 1), one(2, 3, 2), one(2, 3, 2), one(3, 4, 4), one(4, 5, 8)])).get('a'), [
    { from: 1, to: 3, numbers: [3] },
    { from: 2, to: 3, numbers: [2] },
    { from: 3, to: 5, numbers: [12] },
  ]);
});

test('a sum that an integer does not hold stays two', () => {
  const most = 2n ** 63n - 1n;
  const entries = compacted([1, 2].map((to) => request(delta('a', 'sum', { start: to, time: to + 1, int: most }))));
  assert.equal(readAll(entries).get('a')?.length, 2);
});

const step = fc.record({
  gap: fc.integer({ min: 0, max: 3 }).map((gap) => Math.max(0, gap - 2)),
  length: fc.integer({ min: 1, max: 3 }),
  int: fc.integer({ min: 0, max: 99 }),
});

test('whatever is between them, receivers add up the same over the same time, and nothing more is left than there are gaps', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: step, b: fc.option(step) }), { maxLength: 12 }), (steps) => {
      const at = { a: 100, b: 100 };
      const expected = { a: [] as Read[], b: [] as Read[] };
      function next(name: 'a' | 'b', { gap, length, int }: { gap: number; length: number; int: number }): SentMetric {
        const from = at[name] + gap;
        const to = from + length;
        at[name] = to;
        const last = expected[name].at(-1);
        if (last !== undefined && last.to === from)
          expected[name].splice(-1, 1, { from: last.from, to, numbers: [(last.numbers[0] as number) + int] });
        else expected[name].push({ from, to, numbers: [int] });
        return delta(name, 'sum', { start: from, time: to, int });
      }
      const requests = steps.map(({ a, b }) => request(next('a', a), ...(b === null ? [] : [next('b', b)])));
      const once = compacted(requests);
      const all = readAll(once);
      assert.deepEqual({ a: all.get('a') ?? [], b: all.get('b') ?? [] }, expected);
      assert.deepEqual(readAll(compacted(once.map(({ bytes }) => bytes))), all);
    }),
  );
});
