/** What can be neither compacted nor split, because it is no request, costs itself and nothing that waits beside it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { until } from '../../../until.ts';
import { type Request, startReceiver } from './receiver.ts';
import { batch, metric, soon, startExporter } from './rig.ts';

/** As a component hands it on that made its bytes by itself. */
const poison = () => ({ ...batch(metric('poison', 1, 1)), bytes: Uint8Array.of(0x0a, 0xff) });
const isPoison = ({ body }: Request) => body.length === 2;
const retry = { ...soon, max_elapsed_time: 0 };

test('in a queue that is full: it is not compacted again and again, and all is sent once the receiver works', async (t) => {
  const receiver = await startReceiver(t);
  let down = true;
  receiver.answer = (request) => (down ? { status: 503 } : { status: isPoison(request) ? 400 : 200 });
  const settings = {
    endpoint: receiver.origin,
    compression: 'none',
    sending_queue: { queue_size: 5, num_consumers: 1 },
    retry_on_failure: retry,
  };
  const { exporter, refusals, counts, queue } = await startExporter(t, settings);
  const verdicts = [metric('first', 1, 1), 'poison', metric('second', 1, 1), metric('third', 1, 1), metric('fourth', 1, 1)].map(
    (one) => exporter.consume(typeof one === 'string' ? poison() : batch(one)),
  );
  assert.deepEqual(
    verdicts,
    verdicts.map(() => undefined),
  );
  const full = { points: 1, why: 'sending queue is full', retryable: true };
  assert.deepEqual(await Promise.all([1, 2, 3].map((time) => exporter.consume(batch(metric('more', time, time))))), [
    full,
    full,
    full,
  ]);
  assert.equal(refusals.filter((line) => line.startsWith('failed_points: ')).length, 1);
  down = false;
  await until('sent', () => queue().size === 0);
  assert.equal(exporter.consume(batch(metric('more', 4, 4))), undefined);
  await until('sent', () => queue().size === 0);
  assert.deepEqual([counts.sent, counts.failed], [5, 1]);
});

test('where requests are split: it is sent as it is, the receiver refuses it, and what comes behind it is sent', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer = (request) => ({ status: isPoison(request) ? 400 : 200 });
  const sending_queue = { sizer: 'items', num_consumers: 1, batch: { flush_timeout: '1ms', min_size: 1, max_size: 1 } };
  const { exporter, refusals, counts, queue } = await startExporter(t, {
    endpoint: receiver.origin,
    compression: 'none',
    sending_queue,
  });
  assert.equal(exporter.consume({ ...poison(), points: 2 }), undefined);
  assert.equal(exporter.consume(batch(metric('a', 1, 1), metric('b', 1, 1))), undefined);
  await until('sent', () => queue().size === 0);
  assert.deepEqual([counts.sent, counts.failed], [2, 2]);
  assert.equal(refusals.filter((line) => line.startsWith('failed_points: ')).length, 1);
  assert.deepEqual(
    receiver.requests.filter((one) => !isPoison(one)).map(({ body }) => readBatch(body).points),
    [1, 1],
  );
});
