/** Compaction: no series loses its last value, and no change is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { metricAt, numberAt, pointAt, resourceAt, scopeAt } from '../../../src/formats/otlp/batch/batch-index.ts';
import { type Compacted, compacting } from '../../../src/service/queue/compact.ts';
import type { Loaded } from '../../../src/service/queue/entry.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, soon, startExporter } from '../exporters/otlp-http/rig.ts';
import { requestOf, type SentMetric } from '../received/sender.ts';

interface Seen {
  /** By series and start: the value at the latest time. */
  readonly last: Map<string, { readonly time: bigint; readonly value: bigint }>;
  /** Of deltas, by series. */
  readonly sums: Map<string, bigint>;
  points: number;
}

/** What a receiver makes of requests, in their order. Reads the bytes anew. */
function seen(requests: readonly Uint8Array[]): Seen {
  const all: Seen = { last: new Map(), sums: new Map(), points: 0 };
  for (const bytes of requests) {
    const { index, length, view, points, bytes: own } = readBatch(bytes);
    const text = (column: number) => Buffer.from(own.subarray(index[column], index[column + 1])).toString('latin1');
    all.points += points;
    for (let r = 0; r < length; r = index[r + resourceAt.end] as number)
      for (let s = r + resourceAt.size; s < (index[r + resourceAt.end] as number); s = index[s + scopeAt.end] as number)
        for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number)
          for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += index[m + metricAt.stride] as number) {
            const number = (column: number) =>
              index[p + column] === 0 ? 0n : view.getBigInt64(index[p + column] as number, true);
            const kind = `${index[m + metricAt.type]} ${index[m + metricAt.temporality]} ${index[m + metricAt.monotonic]}`;
            const series = [
              text(r),
              text(s),
              text(m + metricAt.nameFrom),
              text(m + metricAt.unitFrom),
              kind,
              text(p + pointAt.attributesFrom),
            ].join('|');
            const [time, value] = [number(pointAt.time), number(numberAt.value)];
            if (index[m + metricAt.temporality] === 1) all.sums.set(series, (all.sums.get(series) ?? 0n) + value);
            else {
              const key = `${series}|${number(pointAt.start)}`;
              const before = all.last.get(key);
              if (before === undefined || time >= before.time) all.last.set(key, { time, value });
            }
          }
  }
  return all;
}

/** All steps at once. */
function compacted(entries: readonly Loaded[], changes?: boolean): Compacted {
  const work = compacting(entries, changes);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function entryOf(bytes: Uint8Array): Loaded {
  return { bytes, points: readBatch(bytes).points, since: 0 };
}

const point = fc.record({
  int: fc.integer({ min: 0, max: 1_000 }),
  start: fc.constantFrom(1, 2),
  time: fc.integer({ min: 3, max: 9 }),
  attributes: fc.constantFrom({}, { a: '1' }, { a: '2', b: '' }),
});
const anyMetric: fc.Arbitrary<SentMetric> = fc.record({
  name: fc.constantFrom('a', 'b'),
  unit: fc.constantFrom('', 's'),
  type: fc.constantFrom('sum', 'gauge'),
  temporality: fc.constantFrom(1, 2),
  monotonic: fc.boolean(),
  points: fc.array(point, { maxLength: 4 }),
});
const anyRequest = fc.array(
  fc.record({
    attributes: fc.constantFrom({}, { 'service.name': 'x' }),
    scope: fc.constantFrom('', 's'),
    metrics: fc.array(anyMetric, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);

const shaped = (metrics: SentMetric[]) =>
  metrics.map((one) => (one.type === 'gauge' ? { ...one, temporality: 0, monotonic: false } : one));

test('compaction never changes the last value of a series nor the sum of deltas, and what is compact stays', () => {
  fc.assert(
    fc.property(fc.array(anyRequest, { maxLength: 6 }), (requests) => {
      const sent = requests.map((resources) => requestOf(...resources.map((one) => ({ ...one, metrics: shaped(one.metrics) }))));
      const once = compacted(sent.map(entryOf)).entries;
      const [before, after] = [seen(sent), seen(once.map(({ bytes }) => bytes))];
      assert.deepEqual(after.last, before.last);
      assert.deepEqual(after.sums, before.sums);
      assert.equal(
        after.points,
        once.reduce((sum, { points }) => sum + points, 0),
      );
      assert.equal(seen(compacted(once).entries.map(({ bytes }) => bytes)).points, after.points);
      const state = compacted(sent.map(entryOf), false);
      assert.deepEqual(seen(state.entries.map(({ bytes }) => bytes)), {
        last: before.last,
        sums: new Map(),
        points: before.last.size,
      });
    }),
    { numRuns: 500 },
  );
});

test('one point of each series and start time is left', () => {
  const requests = Array.from({ length: 100 }, (_, at) => batch(metric('jobs', at, at)).bytes);
  const { entries } = compacted(requests.map(entryOf));
  assert.deepEqual(
    entries.map(({ points }) => points),
    [1],
  );
});

test('an outage longer than the queue costs resolution and no total', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, counts, queue } = await startExporter(t, {
    endpoint: receiver.origin,
    retry_on_failure: { ...soon, max_elapsed_time: '0s', initial_interval: '20ms', max_interval: '20ms' },
    sending_queue: { queue_size: 8, num_consumers: 2 },
  });
  const lengths = 200;
  for (let at = 1; at <= lengths; at++)
    assert.equal(await exporter.consume(batch(metric('a', at, at), metric('b', at, 2 * at))), undefined);
  receiver.answers = [{ status: 200 }];
  const from = receiver.requests.length;
  await until('empty', () => queue().size === 0);
  const got = seen(receiver.requests.slice(from).map(({ body }) => gunzipSync(body)));
  assert.deepEqual(
    [...got.last.values()].map(({ value }) => value),
    [BigInt(lengths), BigInt(2 * lengths)],
  );
  assert.equal(counts.enqueueFailed, 0);
});

test('--no-compaction: a full queue refuses', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const config = { endpoint: receiver.origin, sending_queue: { queue_size: 3 }, retry_on_failure: { max_elapsed_time: '0s' } };
  const { exporter } = await startExporter(t, config, { noCompaction: true });
  const verdicts = Array.from({ length: 4 }, (_, at) => exporter.consume(batch(metric('a', at, at))));
  assert.deepEqual(verdicts, [undefined, undefined, undefined, { points: 1, why: 'sending queue is full', retryable: true }]);
});

for (const [noCompaction, sent, failed] of [
  [false, 1, 1],
  [true, 0, 2],
] as const) {
  test(`at the end of max_elapsed_time, deltas are dropped${noCompaction ? ', and totals with --no-compaction' : ' and totals wait again'}`, async (t) => {
    const receiver = await startReceiver(t, [{ status: 503 }]);
    const retry_on_failure = { ...soon, max_elapsed_time: '50ms' };
    const { exporter, counts, queue, refusals } = await startExporter(
      t,
      { endpoint: receiver.origin, retry_on_failure },
      { noCompaction },
    );
    exporter.consume(batch(metric('total', 2, 7), metric('change', 2, 7, { temporality: 1 })));
    await until('given up', () => counts.failed === failed);
    assert.match(refusals[0] ?? '', /could not be sent in time and are dropped: 503/);
    receiver.answers = [{ status: 200 }];
    await until('empty', () => queue().size === 0);
    assert.deepEqual({ ...counts }, { sent, failed, enqueueFailed: 0 });
  });
}

test('a queue of large requests keeps taking totals', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const config = {
    endpoint: receiver.origin,
    sending_queue: { queue_size: 20, num_consumers: 1 },
    retry_on_failure: { max_elapsed_time: '0s' },
  };
  const { exporter, counts } = await startExporter(t, config);
  const large = (at: number) => batch(...Array.from({ length: 2_000 }, (_, series) => metric(`m.${series}`, at, at)));
  for (let at = 1; at <= 60; at++) assert.equal(await exporter.consume(large(at)), undefined);
  assert.equal(counts.enqueueFailed, 0);
});
