/** A queue on disk: what is accepted is there after the process has ended, is sent first, in its order, and never dropped. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, settingsOf, soon } from '../exporters/otlp-http/rig.ts';
import { pointsAt, storedRig } from './stored-rig.ts';

const delta = (name: string, time = 2, int = 1) => batch(metric(name, time, int, { temporality: 1 }));
const queueOf = (more: object = {}) => ({ storage: 'file_storage', num_consumers: 1, ...more });
const down = { endpoint: 'http://127.0.0.1:1', retry_on_failure: soon };

test('what waits stays on disk at the end, and is sent first at the next start, in its order', async (t) => {
  const rig = await storedRig(t);
  const before = await rig.start({ ...down, sending_queue: queueOf({ sizer: 'items' }) });
  for (const name of ['a', 'b', 'c']) assert.equal(await before.exporter.consume(delta(name)), undefined);
  assert.equal(before.queue().size, 3);
  await before.exporter.shutdown();
  assert.deepEqual(before.counts, { sent: 0, failed: 0, enqueueFailed: 0 });
  assert.match(before.lines.join('\n'), /3 points stay on disk, and are sent once otlp_http starts again/);
  const receiver = await startReceiver(t);
  const after = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf({ sizer: 'items' }) });
  assert.match(after.lines.join('\n'), /3 points wait on disk since the last run, and are sent first/);
  assert.equal(await after.exporter.consume(delta('d')), undefined);
  await until('sent', () => after.counts.sent === 4);
  assert.deepEqual(pointsAt(receiver), ['a 2 1', 'b 2 1', 'c 2 1', 'd 2 1']);
  await after.exporter.shutdown();
  const again = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf() });
  assert.deepEqual([again.lines, again.queue().size], [[], 0]);
});

test('memory holds little of what waits on disk', async (t) => {
  const rig = await storedRig(t);
  const { createMemoryBudget } = await import('../../../src/service/memory/budget.ts');
  const memory = createMemoryBudget(2 ** 24);
  const { exporter } = await rig.start({ ...down, sending_queue: queueOf() }, { memory });
  const large = batch(metric('m', 2, 1, { points: Array.from({ length: 10_000 }, () => ({ int: 1, start: 0n, time: 1n })) }));
  for (let at = 0; at < 100; at++) assert.equal(await exporter.consume(large), undefined);
  assert.ok(rig.bytes() > 2 ** 24);
  assert.ok(memory.room > 2 ** 23, `${memory.room}`);
});

test('max_elapsed_time ends an attempt and drops nothing', async (t) => {
  const receiver = await startReceiver(t, [...Array.from({ length: 60 }, () => ({ status: 503 })), { status: 200 }]);
  const rig = await storedRig(t);
  const { exporter, counts } = await rig.start({
    endpoint: receiver.origin,
    retry_on_failure: { ...soon, max_elapsed_time: '3ms' },
    sending_queue: queueOf(),
  });
  for (const name of ['a', 'b']) await exporter.consume(delta(name));
  await until('sent', () => counts.sent === 2);
  assert.deepEqual(counts, { sent: 2, failed: 0, enqueueFailed: 0 });
  assert.deepEqual([...new Set(pointsAt(receiver))], ['a 2 1', 'b 2 1']);
});

test('what a receiver rejects for good is dropped, counted, and not sent again after a start', async (t) => {
  const receiver = await startReceiver(t, [{ status: 400 }]);
  const rig = await storedRig(t);
  const { exporter, counts } = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf() });
  await exporter.consume(delta('a'));
  await until('dropped', () => counts.failed === 1);
  await exporter.shutdown();
  const again = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf() });
  assert.equal(again.queue().size, 0);
});

test('batch: what is too large is divided before it waits, and small requests are put together', async (t) => {
  const receiver = await startReceiver(t);
  const rig = await storedRig(t);
  const config = {
    endpoint: receiver.origin,
    sending_queue: queueOf({ batch: { min_size: 4, max_size: 4, flush_timeout: '1ms' } }),
  };
  const { exporter, counts } = await rig.start(config);
  const points = Array.from({ length: 10 }, (_, at) => ({ int: at, start: 0n, time: BigInt(at) * 1_000_000_000n }));
  await exporter.consume(batch(metric('m', 2, 1, { points })));
  for (const name of ['a', 'b', 'c', 'd']) await exporter.consume(delta(name));
  await until('sent', () => counts.sent === 14);
  for (const request of receiver.requests) assert.ok(pointsAt({ requests: [request] }).length <= 4);
  assert.deepEqual(
    pointsAt(receiver).slice(0, 10),
    points.map(({ int }) => `m ${int} ${int}`),
  );
});

test('a request that is damaged while it waits is counted and named, and all else is sent', async (t) => {
  const rig = await storedRig(t);
  const before = await rig.start({ ...down, sending_queue: queueOf() });
  for (const name of ['aaaa', 'bbbb', 'cccc']) await before.exporter.consume(delta(name));
  await before.exporter.shutdown();
  const { promise, resolve } = Promise.withResolvers<void>();
  const receiver = await startReceiver(t, [{ status: 200, after: promise }]);
  const after = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf() });
  const [file = ''] = readdirSync(rig.directory).filter((name) => name.endsWith('.segment'));
  const path = join(rig.directory, file);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('bbbb')] = 0;
  writeFileSync(path, bytes);
  resolve();
  await until('sent', () => after.counts.sent === 2);
  assert.equal(after.counts.failed, 1);
  assert.match(after.refusals[0] ?? '', /^damaged: .* is not what was written$/);
  assert.deepEqual(pointsAt(receiver), ['aaaa 2 1', 'cccc 2 1']);
});

test('a clock that jumps a day back changes nothing', async (t) => {
  const rig = await storedRig(t);
  const before = await rig.start({ ...down, sending_queue: queueOf() });
  const now = Date.now();
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    t.mock.method(Date, 'now', () => now - at * 86_400_000);
    assert.equal(await before.exporter.consume(delta(name)), undefined);
  }
  await before.exporter.shutdown();
  const receiver = await startReceiver(t);
  const after = await rig.start({ endpoint: receiver.origin, sending_queue: queueOf() });
  await until('sent', () => after.counts.sent === 3);
  assert.deepEqual(pointsAt(receiver), ['a 2 1', 'b 2 1', 'c 2 1']);
});

test('files of an unknown version: the exporter does not start, and they stay', async (t) => {
  const rig = await storedRig(t);
  const path = join(rig.directory, 'meterbridge-otlp_http-000000000001.segment');
  const copy = Buffer.alloc(24);
  copy.write('MBRLOG\r\n', 'latin1');
  copy.writeUInt32LE(9, 8);
  copy.writeUInt32LE(crc32(copy.subarray(0, 20)), 20);
  const bytes = Buffer.concat([copy, copy]);
  writeFileSync(path, bytes);
  await assert.rejects(rig.start({ ...down, sending_queue: queueOf() }), {
    message: /000000000001\.segment has version 9 of the storage format/,
  });
  assert.deepEqual(readFileSync(path), bytes);
});

test('wait_for_result is refused beside storage, as in the Collector', () => {
  const both = { endpoint: 'http://a:1', sending_queue: { wait_for_result: true, storage: 'file_storage' } };
  assert.match(settingsOf(both).problems.join(), /sending_queue\.wait_for_result: a queue with storage does not support it/);
  const disabled = { ...both, sending_queue: { ...both.sending_queue, enabled: false } };
  assert.deepEqual(settingsOf(disabled).problems, []);
});
