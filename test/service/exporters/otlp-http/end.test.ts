/** The service ends in an outage: what was taken and not sent is counted, wherever it was. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { components } from '../../../../src/service/components.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { source } from '../../graph/source.ts';
import { startReceiver } from './receiver.ts';
import { batch, metric } from './rig.ts';

const count = 30;

async function startInOutage(t: TestContext, queue: string, processors = '') {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { factory, send } = source();
  const retry = 'retry_on_failure: {initial_interval: 10m, max_interval: 10m, max_elapsed_time: 0s}';
  const exporter = `{endpoint: "${receiver.origin}", compression: none, ${retry}, sending_queue: {${queue}}}`;
  const yaml = `{receivers: {source: {}}, processors: {batch: {timeout: 10m, send_batch_size: 20}}, exporters: {otlp_http: ${exporter}}, service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [source], processors: [${processors}], exporters: [otlp_http]}}}}`;
  const service = await startFrom(t, yaml, [...components, factory]);
  return { receiver, send, log: () => service.log(), shutdown: () => service.shutdown() };
}

const pointsOf = (requests: readonly { readonly body: Buffer }[]) =>
  requests.reduce((sum, { body }) => sum + readBatch(body).points, 0);
const notSent = (log: string) =>
  [...log.matchAll(/\t(\d+) points were not sent before the exporter ended/g)].map(([, points]) => Number(points));

for (const [what, queue, processors, tried] of [
  ['on its way, and in the queue', 'num_consumers: 2', '', 2],
  ['in a request that is put together', 'num_consumers: 2, batch: {flush_timeout: 10m, min_size: 8, max_size: 11}', '', 2],
  ['too little for a request', 'batch: {flush_timeout: 10m, min_size: 100}', '', 0],
  ['in the processor batch', '', 'batch', 1],
  ['in the processor batch, and senders wait', 'wait_for_result: true', 'batch', 1],
  ['without a queue', 'enabled: false', '', count],
] as const) {
  test(what, { timeout: 60_000 }, async (t) => {
    const { receiver, send, log, shutdown } = await startInOutage(t, queue, processors);
    for (let at = 0; at < count; at++) void send(batch(metric('jobs', at + 2, 1, { temporality: 1 })));
    await until('tried', () => receiver.requests.length === tried);
    await shutdown();
    assert.deepEqual(notSent(log()), [count]);
  });
}

test('in requests that were compacted: each point that was left counts once', async (t) => {
  const { receiver, send, log, shutdown } = await startInOutage(t, 'num_consumers: 1, queue_size: 6');
  for (let at = 0; at < count; at++)
    assert.equal(await send(batch(metric('jobs', at + 2, at), metric('runs', at + 2, 1, { temporality: 1 }))), undefined);
  await until('tried', () => receiver.requests.length === 1);
  await shutdown();
  // The first one is not tried again; of the others, each is, once.
  assert.deepEqual(notSent(log()), [pointsOf(receiver.requests)]);
  // Each delta, and not each total.
  assert.ok(pointsOf(receiver.requests) > count && pointsOf(receiver.requests) < 2 * count);
});

test('senders that wait for room are asked to send again', async (t) => {
  const { receiver, send, log, shutdown } = await startInOutage(t, 'queue_size: 2, block_on_overflow: true');
  const verdicts = Array.from({ length: 3 }, (_, at) => send(batch(metric('jobs', at + 2, 1, { temporality: 1 }))));
  await until('tried', () => receiver.requests.length === 2);
  await shutdown();
  assert.deepEqual(notSent(log()), [2]);
  assert.deepEqual(await Promise.all(verdicts), [
    undefined,
    undefined,
    { points: 1, why: 'sending queue is full', retryable: true },
  ]);
});
