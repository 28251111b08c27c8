/** What was refused, dropped or lost appears with who did it, whose it was, the rule and the fix. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge } from '../../../../src/core/contract/index.ts';
import { defaultLimits } from '../../../../src/service/limits.ts';
import { until } from '../../../until.ts';
import { otlp, requestOf, startWithPage, withPage } from './page.ts';

const plain = withPage(
  `receivers: {otlp: ${otlp}}\nexporters: {prometheus: {endpoint: '127.0.0.1:0'}}`,
  '{metrics: {receivers: [otlp], exporters: [prometheus]}}',
);
const declared = contract('shop', { queue: gauge({ unit: '{job}', help: 'Waiting jobs.' }) });
const shop = { 'service.name': 'cart', 'service.namespace': 'shop', 'service.instance.id': 'i1' };

test('series above a limit: refused, by the exporter, of their sender, with the rule and the fix', async (t) => {
  const page = await startWithPage(t, plain, { limits: { ...defaultLimits, maxSeries: 4 } });
  const before = (await page.get('tick')).refusals;
  assert.equal(await page.send(requestOf({ points: 10, resource: shop })), 200);
  const { refusals } = await page.get('refusals');
  assert.equal(refusals.length, 1);
  const [{ firstAt, lastAt, key, rate, ...refusal } = { firstAt: 1, lastAt: 0 }] = refusals;
  assert.ok(firstAt <= lastAt);
  assert.deepEqual(refusal, {
    what: 'refused',
    reason: 'series_limit',
    by: 'exporter prometheus',
    sender: { job: 'shop/cart', instance: 'i1' },
    count: 6,
    unit: 'points',
    happened: 'there are as many series as there may be (4)',
    fix: 'send fewer series, or raise --max-series',
    message: 'there are as many series as there may be (4)',
  });
  assert.ok((await page.get('tick')).refusals > before);
  const { edges, nodes } = await page.get('graph');
  assert.deepEqual(
    edges.map(({ total, refused, failed }) => [total, refused, failed]),
    [[4, 6, 0]],
  );
  assert.deepEqual([nodes[0]?.received?.total, nodes[0]?.received?.refused], [4, 6]);
  const [producer] = (await page.get('producers')).producers;
  assert.deepEqual([producer?.points, producer?.refused, producer?.series], [10, 6, 4]);
  assert.equal(producer?.lastRefusal?.why, 'there are as many series as there may be (4)');
  assert.match(await (await fetch(page.origin)).text(), />6 points since the start</);
});

test('points that are taken and not shown: dropped, and their sender was not told', async (t) => {
  const page = await startWithPage(t, plain);
  await page.send(requestOf({ resource: shop, timeMs: 2_000 }));
  await page.send(requestOf({ resource: shop, timeMs: 1_000 }));
  const { refusals } = await page.get('refusals');
  assert.deepEqual(
    refusals.map(({ what, reason, count, sender }) => [what, reason, count, sender?.job]),
    [['dropped', 'older', 1, 'shop/cart']],
  );
});

test('a request that cannot be read: refused by its receiver, one request, of nobody that is known', async (t) => {
  const page = await startWithPage(t, plain);
  assert.equal(await page.send(Buffer.from('nothing of OTLP')), 400);
  const { refusals } = await page.get('refusals');
  assert.deepEqual(
    refusals.map(({ what, reason, by, count, unit, sender }) => [what, reason, by, count, unit, sender]),
    [['refused', 'unreadable', 'receiver otlp', 1, 'requests', undefined]],
  );
});

test('a request that a memory limiter refuses', async (t) => {
  const limited = withPage(
    `receivers: {otlp: ${otlp}}\nprocessors: {memory_limiter: {check_interval: 1s, limit_mib: 1}}\nexporters: {nop: }`,
    '{metrics: {receivers: [otlp], processors: [memory_limiter], exporters: [nop]}}',
  );
  const page = await startWithPage(t, limited);
  await until('refused', async () => (await page.send(requestOf({ points: 3, resource: shop }))) === 503);
  const { refusals } = await page.get('refusals');
  assert.deepEqual(
    refusals.map(({ what, by, count, sender, message }) => [what, by, count, sender?.job, message]),
    [['refused', 'processor memory_limiter (metrics)', 3, 'shop/cart', 'data refused due to high memory usage']],
  );
});

for (const [refuse, what] of [
  [true, 'refused'],
  [false, 'reported'],
] as const) {
  test(`points that break a contract are ${what}`, async (t) => {
    const page = await startWithPage(t, plain, { contract: { contract: declared, refuse } });
    await page.send(requestOf({ metric: 'shop.unknown', points: 2, resource: shop }));
    const { refusals } = await page.get('refusals');
    assert.deepEqual(
      refusals.map((one) => [one.what, one.reason, one.by, one.count, one.sender?.job]),
      [[what, 'unknown_name', 'contract', 2, 'shop/cart']],
    );
  });
}

test('what a queue cannot hold, and that its receiver is not there', async (t) => {
  const queue = '{queue_size: 1, num_consumers: 1}';
  const yaml = withPage(
    `receivers: {otlp: ${otlp}}\nexporters: {otlp_http: {metrics_endpoint: 'http://127.0.0.1:1/v1/metrics', sending_queue: ${queue}}}`,
    '{metrics: {receivers: [otlp], exporters: [otlp_http]}}',
  );
  const page = await startWithPage(t, yaml, { limits: { ...defaultLimits, noCompaction: true } });
  const from = Date.now() - 1;
  await page.send(requestOf({ resource: shop }));
  const to = Date.now() + 1;
  assert.equal(await page.send(requestOf({ points: 5, resource: shop })), 503);
  const { refusals } = await page.get('refusals');
  const full = refusals.find(({ reason }) => reason === 'queue_full');
  assert.deepEqual(
    [full?.what, full?.by, full?.count, full?.unit, full?.sender?.instance],
    ['refused', 'exporter otlp_http', 5, 'points', 'i1'],
  );
  const exporter = (await page.get('graph')).nodes.find(({ kind }) => kind === 'exporter');
  assert.deepEqual(
    [exporter?.state, exporter?.queue?.size, exporter?.queue?.capacity, exporter?.queue?.unit],
    ['blocked', 1, 1, 'requests'],
  );
  const oldestAt = exporter?.queue?.oldestAt ?? 0;
  assert.ok(from <= oldestAt && oldestAt <= to, `${from} <= ${oldestAt} <= ${to}`);
  assert.match(await (await fetch(page.origin)).text(), /1 of 1 requests[^<]*, the oldest came <time/);
});
