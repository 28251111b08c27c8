/**
 * What was tried for too long is tried again after the time that the receiver named, and after a back-off in any case; one line
 * says so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { until } from '../../../until.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { batch, metric, startExporter } from './rig.ts';

/** Round trips, in which a client that does not wait would have sent again. */
const turns = 50;
const other = '/other';

const pushed = ({ requests }: Receiver) => requests.filter(({ path }) => path !== other);
const pointsIn = (receiver: Receiver) => pushed(receiver).map(({ body }) => readBatch(gunzipSync(body)).points);

async function roundTrips({ origin }: Receiver): Promise<void> {
  for (let at = 0; at < turns; at++) await (await fetch(`${origin}${other}`)).arrayBuffer();
}

const short = { initial_interval: '1ms', max_interval: '1ms', max_elapsed_time: '1ms' };

for (const [what, status, headers, retry_on_failure, seconds] of [
  ['503, Retry-After beyond max_elapsed_time', 503, { 'retry-after': '600' }, {}, 600],
  ['429, Retry-After beyond the longest that counts', 429, { 'retry-after': '3600' }, {}, 600],
  ['503, Retry-After beyond a short max_elapsed_time', 503, { 'retry-after': '60' }, { max_elapsed_time: '30s' }, 60],
  ['503, Retry-After, no max_elapsed_time', 503, { 'retry-after': '600' }, { max_elapsed_time: '0s' }, 600],
  [
    '503, a pause as long as max_elapsed_time',
    503,
    {},
    { initial_interval: '30s', randomization_factor: 0, max_elapsed_time: '30s' },
    30,
  ],
  [
    '503, Retry-After shorter than the pause',
    503,
    { 'retry-after': '1' },
    { initial_interval: '9m', max_interval: '9m', max_elapsed_time: '9m', randomization_factor: 0 },
    540,
  ],
] as const) {
  test(`one request, and one line: ${what}`, async (t) => {
    const receiver = await startReceiver(t, [{ status, headers }]);
    receiver.answer = ({ path }) => (path === other ? { status: 200 } : undefined);
    const { exporter, lines, counts, queue } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure });
    exporter.consume(batch(metric('jobs', 2, 1)));
    await until('said', () => lines.length === 1);
    await roundTrips(receiver);
    assert.match(lines[0] ?? '', new RegExp(`^sending to .* fails and is tried again in ${seconds} s: ${status} `));
    assert.deepEqual([pointsIn(receiver), lines.length, queue().size], [[1], 1, 1]);
    await exporter.shutdown();
    assert.deepEqual({ ...counts }, { sent: 0, failed: 1, enqueueFailed: 0 });
    assert.deepEqual(lines.slice(1), ['1 points were not sent before the exporter ended']);
  });
}

test('pauses longer than a timer can be are no pauses of a millisecond', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  receiver.answer = ({ path }) => (path === other ? { status: 200 } : undefined);
  const retry_on_failure = { initial_interval: '1000h', max_interval: '1000h', max_elapsed_time: '0s' };
  const { exporter, lines } = await startExporter(t, { endpoint: receiver.origin, retry_on_failure });
  exporter.consume(batch(metric('jobs', 2, 1)));
  await until('said', () => lines.length === 1);
  await roundTrips(receiver);
  assert.equal(pushed(receiver).length, 1);
});

test('no more requests than consumers come while the receiver wants none', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503, headers: { 'retry-after': '600' } }]);
  receiver.answer = ({ path }) => (path === other ? { status: 200 } : undefined);
  const { exporter, queue } = await startExporter(t, { endpoint: receiver.origin, sending_queue: { num_consumers: 3 } });
  for (let at = 0; at < 20; at++) exporter.consume(batch(metric(`jobs.${at}`, 2, 1)));
  await until('tried', () => pushed(receiver).length === 3);
  await roundTrips(receiver);
  assert.deepEqual([pushed(receiver).length, queue().size], [3, 20]);
});

test('after that time all is sent, in its order, and one line says that it works again', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503, headers: { 'retry-after': '1' } }, { status: 200 }]);
  const { exporter, lines, counts } = await startExporter(t, {
    endpoint: receiver.origin,
    retry_on_failure: short,
    sending_queue: { num_consumers: 1 },
  });
  const from = performance.now();
  for (const points of [1, 2, 3])
    exporter.consume(batch(...Array.from({ length: points }, (_, at) => metric(`m.${at}`, 1 + points, at))));
  await until('sent', () => counts.sent === 6);
  // A timer may fire a millisecond early.
  assert.ok(performance.now() - from >= 999);
  assert.deepEqual(pointsIn(receiver), [1, 1, 2, 3]);
  assert.match(lines.join('\n'), /^sending to .* in 1 s: 503 .*\nsending to .* works again after 1 failed attempt$/);
});
