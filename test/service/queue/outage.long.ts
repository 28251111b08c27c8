/**
 * Batches that carry 88 hours of timestamps of 1,000 series, to a receiver that is down, with `max_size` 64 MiB: afterwards each
 * cumulative series has the newest value that was accepted, and the sum of the deltas is exact.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { numberAt } from '../../../src/formats/otlp/batch/batch-index.ts';
import { metricsOf, pointsOf, resourcesOf, scopesOf } from '../../../src/formats/otlp/batch/walk.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, type RigOptions, soon } from '../exporters/otlp-http/rig.ts';
import type { SentPoint } from '../received/sender.ts';
import { storedRig, valuesOf } from './stored-rig.ts';

const batches = Number(process.env.METERBRIDGE_OUTAGE_BATCHES ?? 21_120);
const stepSeconds = 15;
/** Each batch has a point of all of them. */
const series = 500;
const maxBytes = 64 * 1024 * 1024;
const nanos = 1_000_000_000n;

test(`${(batches * stepSeconds) / 3_600} hours of an outage, in a storage of 64 MiB`, async (t) => {
  const refused = await outage(t, batches);
  t.diagnostic(`${refused} batches rejected`);
});

test('an outage that is not compacted: what has no room is rejected, and the rest is exact', async (t) => {
  assert.ok((await outage(t, 2_000, { noCompaction: true })) > 0, 'max_size does not bind');
});

/** Sends batches as fast as they are taken, opens the receiver, and compares. Returns how many were rejected. */
async function outage(t: TestContext, count: number, options: RigOptions = {}): Promise<number> {
  const rig = await storedRig(t, { maxBytes });
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const config = {
    endpoint: receiver.origin,
    compression: 'none',
    retry_on_failure: soon,
    sending_queue: { storage: 'file_storage', queue_size: 1_000_000_000, num_consumers: 1 },
  };
  const { exporter, counts, queue } = await rig.start(config, options);
  let [newest, refused, peak] = [0, 0, 0];
  for (let at = 1; at <= count; at++) {
    const verdict = await exporter.consume(batchAt(at));
    if (verdict === undefined) newest = at;
    else refused++;
    if (at % 100 === 0) peak = Math.max(peak, rig.bytes());
  }
  t.diagnostic(`${peak} bytes on disk at most`);
  assert.ok(peak <= maxBytes, `${peak}`);
  assert.ok(peak > maxBytes / 2, 'max_size does not bind');
  const before = receiver.requests.length;
  receiver.answers = [{ status: 200 }];
  await until('sent', () => queue().size === 0);
  const last = new Map<string, number>();
  const sums = new Map<string, number>();
  for (const { body } of receiver.requests.slice(before))
    for (const { name, id, value } of valuesOf(body))
      if (name === 'total') last.set(id, Math.max(last.get(id) ?? 0, value));
      else sums.set(id, (sums.get(id) ?? 0) + value);
  const ids = Array.from({ length: series }, (_, id) => String(id));
  assert.deepEqual(Object.fromEntries(last), Object.fromEntries(ids.map((id) => [id, newest])));
  // Each batch has one delta of each series, of 1.
  assert.deepEqual(Object.fromEntries(sums), Object.fromEntries(ids.map((id) => [id, count - refused])));
  assert.equal(counts.failed, 0);
  return refused;
}

const points: readonly SentPoint[] = Array.from({ length: series }, (_, id) => ({
  int: 1,
  start: 1n,
  time: 1n,
  attributes: { id: String(id) },
}));
/** Written once: to write each of millions of points would take minutes. */
const template = batch(metric('total', 0, 0, { points }), metric('delta', 0, 0, { temporality: 1, points }));
const [totals = [], deltas = []] = [...resourcesOf(template)].flatMap((r) =>
  [...scopesOf(template, r)].flatMap((s) => [...metricsOf(template, s)].map((m) => [...pointsOf(template, m)])),
);

function batchAt(at: number) {
  const time = BigInt(at * stepSeconds) * nanos;
  for (const p of totals) change(p, numberAt.value, BigInt(at));
  for (const p of deltas) change(p, numberAt.start, time - BigInt(stepSeconds) * nanos);
  for (const p of [...totals, ...deltas]) change(p, numberAt.time, time);
  return template;
}

function change(point: number, field: number, value: bigint): void {
  template.view.setBigUint64(template.index[point + field] as number, value, true);
}
