/** The queue over a real socket: its room, what it refuses, who waits, how requests are put together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { until } from '../../until.ts';
import { type Receiver, startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, soon, startExporter } from '../exporters/otlp-http/rig.ts';

const delta = (name: string, int = 1) => batch(metric(name, 2, int, { temporality: 1 }));

/** A receiver that answers nothing until `open` is called. */
async function closed(t: Parameters<typeof startReceiver>[0]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const receiver = await startReceiver(t, [{ status: 200, after: promise }]);
  t.after(() => resolve());
  return { receiver, open: resolve };
}

const pointsIn = ({ requests }: Receiver) => requests.map(({ body }) => readBatch(gunzipSync(body)).points);

for (const [sizer, queue_size] of [
  ['requests', 2],
  ['items', 2],
  ['bytes', 2 * delta('a').bytes.length],
] as const) {
  test(`a full queue refuses the newest batch for its sender to send again: sizer ${sizer}`, async (t) => {
    const { receiver, open } = await closed(t);
    const { exporter, counts, queue, refusals } = await startExporter(t, {
      endpoint: receiver.origin,
      sending_queue: { queue_size, sizer, num_consumers: 1 },
    });
    assert.deepEqual(
      ['a', 'b'].map((name) => exporter.consume(delta(name))),
      [undefined, undefined],
    );
    const { size, capacity, unit } = queue();
    assert.deepEqual([size, capacity, unit], [queue_size, queue_size, sizer]);
    assert.deepEqual(await exporter.consume(delta('c')), { points: 1, why: 'sending queue is full', retryable: true });
    assert.equal(counts.enqueueFailed, 1);
    assert.match(refusals[0] ?? '', /^queue_full: /);
    open();
    await until('sent', () => counts.sent === 2);
    await until('empty', () => queue().size === 0);
    assert.equal(exporter.consume(delta('c')), undefined);
  });
}

test('block_on_overflow: a sender waits for room', async (t) => {
  const { receiver, open } = await closed(t);
  const { exporter, counts } = await startExporter(t, {
    endpoint: receiver.origin,
    sending_queue: { queue_size: 1, num_consumers: 1, block_on_overflow: true },
  });
  assert.equal(exporter.consume(delta('a')), undefined);
  const waits = exporter.consume(delta('b'));
  assert.ok(waits instanceof Promise);
  open();
  assert.equal(await waits, undefined);
  await until('sent', () => counts.sent === 2);
});

for (const sending_queue of [{ wait_for_result: true }, { enabled: false }]) {
  test(`${JSON.stringify(sending_queue)}: a sender learns what became of its points`, async (t) => {
    const receiver = await startReceiver(t, [{ status: 200 }, { status: 400 }, { status: 503 }]);
    const retry_on_failure = { ...soon, max_elapsed_time: '20ms' };
    const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, sending_queue, retry_on_failure });
    assert.equal(await exporter.consume(delta('a')), undefined);
    const wrong = await exporter.consume(delta('b'));
    assert.deepEqual([wrong?.points, wrong?.retryable], [1, undefined]);
    const late = await exporter.consume(delta('c'));
    assert.deepEqual([late?.points, late?.retryable], [1, true]);
    assert.deepEqual({ ...counts }, { sent: 1, failed: 2, enqueueFailed: 0 });
  });
}

test('batch: requests are put together up to min_size, and what is left goes after flush_timeout', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, {
    endpoint: receiver.origin,
    sending_queue: { batch: { min_size: 3, flush_timeout: '50ms' } },
  });
  for (const name of ['a', 'b', 'c', 'd']) exporter.consume(delta(name));
  await until('sent', () => counts.sent === 4);
  // The second may overtake the first, on another connection.
  assert.deepEqual(pointsIn(receiver).toSorted(), [1, 3]);
});

test('batch: no request has more than max_size, and no point is lost', async (t) => {
  const receiver = await startReceiver(t);
  const { exporter, counts } = await startExporter(t, {
    endpoint: receiver.origin,
    sending_queue: { batch: { min_size: 2, max_size: 3, flush_timeout: '50ms' } },
  });
  exporter.consume(batch(...Array.from({ length: 7 }, (_, at) => metric(`m.${at}`, 2, at))));
  exporter.consume(delta('last'));
  await until('sent', () => counts.sent === 8);
  assert.ok(pointsIn(receiver).every((points) => points <= 3));
  assert.equal(
    pointsIn(receiver).reduce((sum, points) => sum + points, 0),
    8,
  );
});

test('no more than num_consumers requests are on their way', async (t) => {
  const { receiver, open } = await closed(t);
  const { exporter, counts } = await startExporter(t, { endpoint: receiver.origin, sending_queue: { num_consumers: 2 } });
  for (const name of ['a', 'b', 'c', 'd']) exporter.consume(delta(name));
  await until('two are there', () => receiver.requests.length === 2);
  // A third would come at once.
  await sleep(100);
  assert.equal(receiver.requests.length, 2);
  open();
  await until('sent', () => counts.sent === 4);
});

test('what waits is sent before the exporter ends, without a pause between tries', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }, { status: 200 }]);
  const { exporter, counts } = await startExporter(t, {
    endpoint: receiver.origin,
    sending_queue: { num_consumers: 1 },
    retry_on_failure: { initial_interval: '10m', max_elapsed_time: '0s' },
  });
  for (const name of ['a', 'b']) exporter.consume(delta(name));
  await until('the first was tried', () => receiver.requests.length === 1);
  await exporter.shutdown();
  assert.deepEqual({ ...counts }, { sent: 1, failed: 1, enqueueFailed: 0 });
});

test('what is not sent when the exporter ends is counted in one line', async (t) => {
  const { receiver } = await closed(t);
  const { exporter, counts, lines } = await startExporter(t, { endpoint: receiver.origin, sending_queue: { num_consumers: 1 } });
  for (const name of ['a', 'b', 'c']) exporter.consume(delta(name));
  await exporter.shutdown();
  assert.deepEqual({ ...counts }, { sent: 0, failed: 3, enqueueFailed: 0 });
  assert.deepEqual(lines, ['3 points were not sent before the exporter ended']);
});
