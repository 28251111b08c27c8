/** Reloads one after the other under load, before a receiver that fails now and then: each delta arrives once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonOf } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import { components } from '../../../../src/service/components.ts';
import { until } from '../../../until.ts';
import { noOwnMetrics, startFrom } from '../../graph/rig.ts';
import { source } from '../../graph/source.ts';
import { startReceiver } from './receiver.ts';
import { batch, metric } from './rig.ts';

const reloads = 40;
const retry = 'retry_on_failure: {initial_interval: 5ms, max_interval: 20ms, max_elapsed_time: 0s}';

for (const queue of [
  'queue_size: 100000',
  'queue_size: 100000, batch: {min_size: 20, max_size: 30, flush_timeout: 10ms}',
  'queue_size: 10, block_on_overflow: true, wait_for_result: true',
  'enabled: false',
]) {
  test(`${reloads} reloads: ${queue}`, async (t) => {
    const receiver = await startReceiver(t);
    const times: string[] = [];
    receiver.answer = ({ body }) => {
      const number = receiver.requests.length;
      const after = sleep(number % 4 === 0 ? 20 : 0);
      if (number % 3 === 0 || number % 50 > 40) return { status: 503, after };
      times.push(
        ...[
          ...Buffer.from(jsonOf(readBatch(body)))
            .toString()
            .matchAll(/"timeUnixNano":"(\d+)"/g),
        ].map(([, time = '']) => time),
      );
      return { status: 200, after };
    };
    const { factory, send } = source();
    const yaml = (at: number) =>
      `{receivers: {source: {}}, processors: {batch: {send_batch_size: ${5 + (at % 2)}, timeout: 5ms}}, exporters: {otlp_http: {endpoint: "${receiver.origin}", compression: none, timeout: ${at + 10}s, ${retry}, sending_queue: {${queue}}}}, service: {${noOwnMetrics}, pipelines: {metrics: {receivers: [source], processors: [batch], exporters: [otlp_http]}}}}`;
    const service = await startFrom(t, yaml(0), [...components, factory]);
    let sent = 0;
    let ended = false;
    async function sender(): Promise<void> {
      while (!ended) {
        assert.equal(await send(batch(metric('jobs', ++sent, 1, { temporality: 1 }))), undefined);
        await sleep(1);
      }
    }
    const senders = Promise.all([sender(), sender()]);
    for (let at = 1; at <= reloads; at++) {
      assert.equal((await service.changeTo(yaml(at))).outcome, 'done');
      await sleep(3);
    }
    ended = true;
    await senders;
    await until('all have arrived', () => new Set(times).size === sent);
    await service.shutdown();
    assert.equal(times.length, sent);
    assert.doesNotMatch(service.log(), /not sent|not taken|dropped/);
  });
}
