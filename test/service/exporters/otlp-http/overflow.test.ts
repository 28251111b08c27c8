/**
 * An outage that lasts longer than the queue holds, and longer than a request is tried: what is lost is what is counted as lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { metricAt, numberAt, pointAt, resourceAt, scopeAt } from '../../../../src/formats/otlp/batch/batch-index.ts';
import { until } from '../../../until.ts';
import { type Request, startReceiver } from './receiver.ts';
import { batch, metric, startExporter } from './rig.ts';

const requests = 400;

/** Seconds of the deltas, and values of the totals, in the order in which they were taken. */
function arrived(taken: readonly Request[]) {
  const deltas: bigint[] = [];
  const totals: bigint[] = [];
  for (const { body } of taken) {
    const { index, length, view } = readBatch(body);
    for (let r = 0; r < length; r = index[r + resourceAt.end] as number)
      for (let s = r + resourceAt.size; s < (index[r + resourceAt.end] as number); s = index[s + scopeAt.end] as number)
        for (let m = s + scopeAt.size; m < (index[s + scopeAt.end] as number); m = index[m + metricAt.end] as number)
          for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += index[m + metricAt.stride] as number)
            if (index[m + metricAt.temporality] === 1)
              deltas.push(view.getBigUint64(index[p + pointAt.time] as number, true) / 1_000_000_000n);
            else totals.push(view.getBigInt64(index[p + numberAt.value] as number, true));
  }
  return { deltas, totals };
}

for (const noCompaction of [false, true]) {
  test(`each delta is sent once, or counted as lost: ${noCompaction ? '--no-compaction' : 'with compaction'}`, async (t) => {
    const receiver = await startReceiver(t);
    let down = true;
    const taken: Request[] = [];
    receiver.answer = (request) => {
      if (down) return { status: 503 };
      taken.push(request);
      return { status: 200 };
    };
    const settings = {
      endpoint: receiver.origin,
      compression: 'none',
      sending_queue: { queue_size: 20, sizer: 'items', num_consumers: 2 },
      retry_on_failure: { initial_interval: '2ms', max_interval: '2ms', max_elapsed_time: '60ms' },
    };
    const { exporter, counts, queue } = await startExporter(t, settings, { noCompaction });
    let refused = 0;
    let newest = 0;
    for (let at = 1; at <= requests; at++) {
      const verdict = await exporter.consume(batch(metric('jobs.total', at, at), metric('jobs', at, 1, { temporality: 1 })));
      if (verdict === undefined) newest = at;
      refused += verdict?.points ?? 0;
      if (at % 4 === 0) await sleep(2);
    }
    assert.ok(counts.failed > 0 && refused > 0);
    down = false;
    await until('sent', () => queue().size === 0);
    const { deltas, totals } = arrived(taken);
    assert.equal(new Set(deltas).size, deltas.length);
    assert.equal(counts.enqueueFailed, refused);
    const accepted = requests - refused / 2;
    // With compaction only deltas are lost: totals keep their newest. Without, a request is lost as a whole.
    assert.equal(accepted - deltas.length, noCompaction ? counts.failed / 2 : counts.failed);
    assert.equal(counts.sent, deltas.length + totals.length);
    if (!noCompaction) assert.equal(totals.toSorted((a, b) => Number(a - b)).at(-1), BigInt(newest));
  });
}
