/**
 * 21,120 batches that carry 88 hours of timestamps of 1,000 series, to a receiver that is down, with `max_size` 64 MiB: afterwards each cumulative series has its
 * newest value, and the sum of the deltas is exact.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { SentPoint } from '../../received/sender.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, soon } from '../exporters/otlp-http/rig.ts';
import { storedRig, valuesOf } from './stored-rig.ts';

const batches = 21_120;
const stepSeconds = 15;
/** Each batch has a point of all of them. */
const series = 500;
const maxBytes = 64 * 1024 * 1024;
const nanos = 1_000_000_000n;

test('88 hours of an outage, in a storage of 64 MiB', async (t) => {
  const rig = await storedRig(t, { maxBytes });
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, counts, queue, refusals } = await rig.start({
    endpoint: receiver.origin,
    compression: 'none',
    retry_on_failure: soon,
    sending_queue: { storage: 'file_storage', queue_size: 1_000_000_000, num_consumers: 1 },
  });
  let refused = 0;
  let peak = 0;
  for (let at = 1; at <= batches; at++) {
    const verdict = await exporter.consume(batchAt(at));
    if (verdict !== undefined) refused += verdict.points;
    if (at % 100 === 0) peak = Math.max(peak, rig.bytes());
  }
  t.diagnostic(`${peak} bytes on disk at most; ${refused} points rejected: ${refusals[0] ?? 'none'}`);
  assert.ok(peak <= maxBytes, `${peak}`);
  assert.ok(peak > maxBytes / 2, 'max_size does not bind');
  const before = receiver.requests.length;
  receiver.answers = [{ status: 200 }];
  await until('sent', () => queue().size === 0);
  const last = new Map<string, number>();
  const sums = new Map<string, number>();
  for (const { body, headers } of receiver.requests.slice(before))
    for (const { name, id, value } of valuesOf(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body))
      if (name === 'total') last.set(id, Math.max(last.get(id) ?? 0, value));
      else sums.set(id, (sums.get(id) ?? 0) + value);
  assert.equal(last.size, series);
  if (refused === 0) for (const [id, value] of last) assert.equal(value, batches, id);
  const total = [...sums.values()].reduce((sum, value) => sum + value, 0);
  // A batch that is rejected has one delta of each series, of 1.
  assert.equal(total + refused / 2, batches * series);
  assert.equal(counts.failed, 0);
});

function batchAt(at: number) {
  const time = BigInt(at * stepSeconds) * nanos;
  const pointsOf = (int: number, start: bigint): SentPoint[] =>
    Array.from({ length: series }, (_, id) => ({ int, start, time, attributes: { id: String(id) } }));
  return batch(
    metric('total', 0, 0, { points: pointsOf(at, 0n) }),
    metric('delta', 0, 0, { temporality: 1, points: pointsOf(1, time - BigInt(stepSeconds) * nanos) }),
  );
}
