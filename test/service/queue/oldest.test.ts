/** When the oldest batch in a queue came: while it waits, while it is sent again and again, and once a part of it is left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueState } from '../../../src/service/component.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, soon, startExporter } from '../exporters/otlp-http/rig.ts';
import { storedRig } from './stored-rig.ts';

const delta = (name: string) => batch(metric(name, 2, 1, { temporality: 1 }));
const total = (time: number) => batch(metric('total', time, time));
const down = { endpoint: 'http://127.0.0.1:1', retry_on_failure: soon };

/** Runs `work`, and returns a check that a queue's oldest batch came during it. Times are rounded to milliseconds. */
async function during(work: () => unknown): Promise<(state: QueueState) => void> {
  const from = Date.now() - 1;
  await work();
  const to = Date.now() + 1;
  // What comes later is told apart.
  await sleep(5);
  return ({ oldestAt }) => {
    assert.ok(oldestAt !== undefined && oldestAt >= from && oldestAt <= to, `${from} <= ${oldestAt} <= ${to}`);
  };
}

for (const stored of [false, true])
  test(`the oldest batch is the first one until it is sent: ${stored ? 'on disk' : 'in memory'}`, async (t) => {
    const receiver = await startReceiver(t, [{ status: 503 }]);
    const sending_queue = { num_consumers: 1, ...(stored && { storage: 'file_storage' }) };
    const { exporter, queue, counts } = await (await storedRig(t)).start({
      endpoint: receiver.origin,
      retry_on_failure: soon,
      sending_queue,
    });
    assert.ok(!('oldestAt' in queue()), 'nothing waits');
    const first = await during(() => exporter.consume(delta('a')));
    first(queue());
    await during(() => exporter.consume(delta('b')));
    await until('tried', () => receiver.requests.length > 2);
    first(queue());
    receiver.answers = [{ status: 200 }];
    await until('sent', () => counts.sent === 2);
    await until('empty', () => queue().size === 0);
    assert.ok(!('oldestAt' in queue()), 'nothing waits any more');
  });

for (const [what, name] of [
  ['one that is left in part', 'once'],
  ['no longer one of which nothing is left', 'total'],
] as const)
  test(`the oldest batch of a compacted queue: ${what}`, async (t) => {
    const { exporter, queue } = await startExporter(t, {
      endpoint: 'http://127.0.0.1:1',
      sending_queue: { queue_size: 6, num_consumers: 1, batch: { flush_timeout: '1h' } },
    });
    const first = await during(() => exporter.consume(batch(metric(name, 1, 1), metric('total', 1, 1))));
    for (let time = 2; time <= 7; time++) assert.equal(await exporter.consume(total(time)), undefined);
    assert.ok(queue().size < 7, 'it was not compacted');
    if (name === 'once') first(queue());
    else assert.throws(() => first(queue()));
  });

test('what is on disk at a start came at a time that is not known', async (t) => {
  const rig = await storedRig(t);
  const before = await rig.start({ ...down, sending_queue: { storage: 'file_storage' } });
  assert.equal(await before.exporter.consume(delta('a')), undefined);
  await before.exporter.shutdown();
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, queue, counts } = await rig.start({
    endpoint: receiver.origin,
    retry_on_failure: soon,
    sending_queue: { storage: 'file_storage', num_consumers: 1 },
  });
  assert.equal(await exporter.consume(delta('b')), undefined);
  assert.deepEqual(queue(), { size: 2, capacity: 1_000, unit: 'requests' });
  receiver.answers = [{ status: 200 }];
  await until('sent', () => counts.sent === 2);
  await until('empty', () => queue().size === 0);
  receiver.answers = [{ status: 503 }];
  const next = await during(() => exporter.consume(delta('c')));
  next(queue());
});
