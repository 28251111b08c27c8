/** A bridge's page in protobuf: the option, a listener in a thread of its own, several processes, contracts of each kind. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { context } from '@opentelemetry/api';
import { contract, counter, gauge, histogram, meterbridge, oneOf, summary } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { decodeFamilies } from '../../formats/exposition/decode-families.ts';
import { directoryOf } from '../../library/processes/bridges.ts';
import { ids, spanContext, useContexts } from '../../library/recording/spans.ts';

const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** `testClock` begins at 2026-01-01T00:00:00Z. */
const begin = { seconds: 1_767_225_600, nanos: 0 };

const shop = contract('shop', {
  orders: counter({ help: 'Orders.', labels: { state: oneOf('paid', 'refused') }, exemplars: true }),
  queue: gauge({ help: 'Waiting.' }),
  waits: histogram({ unit: 's', help: 'Waits.', exponential: { maxSize: 20 }, exemplars: true }),
  both: histogram({ unit: 's', help: 'Both.', bounds: [1, 2], exponential: {} }),
  old: counter({ observed: true, help: 'Older than the process.', unknownStart: true }),
  transfer: summary({ help: 'Transfers.' }),
});

async function pageOf(url: string) {
  const response = await fetch(url, { headers: { accept } });
  assert.match(response.headers.get('content-type') ?? '', /^application\/vnd\.google\.protobuf; /);
  return decodeFamilies(new Uint8Array(await response.arrayBuffer()));
}

function opened(t: TestContext) {
  t.after(useContexts());
  const tested = testBridge(shop);
  t.after(() => tested.bridge.close());
  const { metrics } = tested;
  context.with(spanContext(), () => {
    metrics.orders.add(3, { state: 'paid' });
    metrics.waits.record(3);
  });
  metrics.queue.set(-2.5);
  metrics.both.record(1.5);
  metrics.old.observe(() => 7);
  metrics.transfer.record(0.25);
  return tested;
}

const label = [{ name: 'state', value: 'paid' }];
const exemplar = {
  label: [
    { name: 'trace_id', value: ids.traceId },
    { name: 'span_id', value: ids.spanId },
  ],
  timestamp: begin,
};
const native = { sampleCount: 1, schema: 8, zeroThreshold: 1e-128, zeroCount: 0, createdTimestamp: begin };
/** 3 is in the bucket of schema 8 up to 2^(406/256), 1.5 in that up to 2^(150/256). */
const expected = [
  {
    name: 'shop_orders_total',
    help: 'Orders.',
    type: 'COUNTER',
    metric: [
      { label, counter: { value: 3, exemplar: { ...exemplar, value: 3 }, createdTimestamp: begin } },
      { label: [{ name: 'state', value: 'refused' }], counter: { value: 0, createdTimestamp: begin } },
    ],
  },
  { name: 'shop_queue', help: 'Waiting.', type: 'GAUGE', metric: [{ gauge: { value: -2.5 } }] },
  {
    name: 'shop_waits_seconds',
    help: 'Waits.',
    type: 'HISTOGRAM',
    unit: 'seconds',
    metric: [
      {
        histogram: {
          ...native,
          sampleSum: 3,
          positiveSpan: [{ offset: 406, length: 1 }],
          positiveDelta: [1],
          exemplars: [{ ...exemplar, value: 3 }],
        },
      },
    ],
  },
  {
    name: 'shop_both_seconds',
    help: 'Both.',
    type: 'HISTOGRAM',
    unit: 'seconds',
    metric: [
      {
        histogram: {
          ...native,
          sampleSum: 1.5,
          positiveSpan: [{ offset: 150, length: 1 }],
          positiveDelta: [1],
          bucket: [
            { cumulativeCount: 0, upperBound: 1 },
            { cumulativeCount: 1, upperBound: 2 },
            { cumulativeCount: 1, upperBound: Number.POSITIVE_INFINITY },
          ],
        },
      },
    ],
  },
  { name: 'shop_old_total', help: 'Older than the process.', type: 'COUNTER', metric: [{ counter: { value: 7 } }] },
  {
    name: 'shop_transfer',
    help: 'Transfers.',
    type: 'SUMMARY',
    metric: [{ summary: { sampleCount: 1, sampleSum: 0.25, createdTimestamp: begin } }],
  },
];

for (const thread of [false, true]) {
  test(`every kind, from ${thread ? 'a thread of its own' : "the host's thread"}`, async (t) => {
    const { bridge } = opened(t);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    for (let time = 0; time < 2; time++) assert.deepEqual(await pageOf(url), expected);
  });
}

for (const thread of [false, true]) {
  test(`scrape.protobuf: false, ${thread ? 'a thread of its own' : "the host's thread"}: text`, async (t) => {
    const bridge = meterbridge(contract('off', { queue: gauge({ help: 'Q.' }) }), {
      isolated: true,
      env: {},
      log: () => {},
      scrape: { protobuf: false },
    });
    t.after(() => bridge.close());
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    const response = await fetch(url, { headers: { accept: `${accept},text/plain;version=0.0.4;q=0.5` } });
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  });
}

test('scrape.protobuf is true or false', () => {
  const wrong = 'no' as unknown as boolean;
  assert.throws(() => meterbridge(contract('x', {}), { isolated: true, scrape: { protobuf: wrong } }), {
    code: 'OPTION_INVALID',
    message: /options\.scrape\.protobuf/,
  });
});

test('of several processes: buckets and counts add up', { skip: process.platform === 'win32' }, async (t) => {
  const { join } = directoryOf(t);
  const declared = {
    orders: counter({ help: 'Orders.' }),
    waits: histogram({ unit: 's', help: 'Waits.', exponential: { maxSize: 20 } }),
  };
  const members = [await join(declared), await join(declared)];
  for (const [at, { bridge }] of members.entries()) {
    bridge.metrics.orders.add(at + 1);
    for (const value of [0, 1.5, 6]) bridge.metrics.waits.record(value);
  }
  const [, second] = members;
  const { url } = await (second as (typeof members)[number]).bridge.listen('127.0.0.1:0');
  const [orders, waits] = await pageOf(url);
  assert.equal(orders?.metric?.[0]?.counter?.value, 3);
  const found = waits?.metric?.[0]?.histogram;
  assert.deepEqual([found?.sampleCount, found?.sampleSum, found?.zeroCount], [6, 15, 2]);
  const total = (found?.positiveDelta ?? []).reduce(
    ({ count, sum }, delta) => ({ count: count + delta, sum: sum + count + delta }),
    {
      count: 0,
      sum: 0,
    },
  );
  assert.equal(total.sum, 4);
});
