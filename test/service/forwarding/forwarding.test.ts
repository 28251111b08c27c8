/**
 * `meterbridge serve` on the way to a receiver that refuses now and then: each acknowledged point arrives once, each series in
 * its order.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from '../../conformance/service.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { arrivedIn, missing, outOfOrder, repeats } from './record.ts';
import { startSenders } from './senders.ts';

const requests = 40;

test('what five senders were told is safe arrives once and in order', async (t) => {
  const receiver = await startReceiver(t);
  const taken: Uint8Array[] = [];
  let asked = 0;
  receiver.answer = ({ body }) => {
    asked++;
    if (asked % 3 === 0) return { status: 503 };
    taken.push(body);
    return { status: 200 };
  };
  const service = await startService(t, {
    otlp_http: {
      endpoint: receiver.origin,
      compression: 'none',
      sending_queue: { num_consumers: 1, queue_size: 100_000 },
      retry_on_failure: { initial_interval: '2ms', max_interval: '2ms', max_elapsed_time: '0s' },
    },
  });
  const senders = startSenders(() => new URL(service.endpoint).host);
  await until('sent', () => senders.acknowledged.every((newest) => newest >= requests));
  await senders.stop();
  await until('arrived', () => missing(arrivedIn(taken), senders.acknowledged).length === 0);
  const arrived = arrivedIn(taken);
  assert.deepEqual(outOfOrder(arrived), []);
  assert.equal(repeats(arrived), 0);
});

test('a lost point, one out of order and one that came twice are found', () => {
  const series = ['total', 'delta', 'level', 'duration'].map((metric) => `${metric} of 0`);
  const arrived = new Map(series.map((one) => [one, one.startsWith('delta') ? [1, 4, 3, 3] : [1, 2, 3]]));
  assert.deepEqual(missing(arrived, [3]), ['delta of 0: 2']);
  assert.deepEqual(outOfOrder(arrived), ['delta of 0: 3 behind 4']);
  assert.equal(repeats(arrived), 1);
});
