/** What a program pushes while somebody listens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenForOtlp } from '../../../src/tools/cli/listen-for-otlp.ts';
import { counter, line, point } from '../check/lines/lines.ts';

const free = { http: '127.0.0.1:0', grpc: '127.0.0.1:0' };

test('requests until it is ended', async () => {
  const ended = new AbortController();
  const addresses: string[] = [];
  const warned: string[] = [];
  const both = Promise.withResolvers<void>();
  const listening = (where: string) => {
    addresses.push(where);
    if (addresses.length === 2) both.resolve();
  };
  const reading = listenForOtlp({ ...free, seconds: 600, signal: ended.signal, listening, warn: (text) => warned.push(text) });
  await both.promise;
  const [http = ''] = addresses;
  assert.match(http, /^http:\/\/127\.0\.0\.1:\d+\/v1\/metrics$/);
  const headers = { 'content-type': 'application/json' };
  for (const body of [
    line([counter('shop.orders', [point(3)])]),
    '{"resourceMetrics":7}',
    line([counter('shop.orders', [point(5, 20)])]),
  ]) {
    await (await fetch(http, { method: 'POST', headers, body })).arrayBuffer();
  }
  ended.abort();
  const { observed, values, findings } = await reading;
  assert.deepEqual([observed.source, observed.format, observed.samples], ['OTLP', 'otlp', 2]);
  assert.deepEqual(values, new Map([['shop_orders_total{}', 5]]));
  assert.deepEqual(findings, []);
  assert.equal(warned.length, 1);
  assert.match(warned[0] ?? '', /resourceMetrics/);
});

test('it ends by itself, and has seen nothing', async () => {
  const { observed, findings } = await listenForOtlp({ ...free, seconds: 0.01 });
  assert.deepEqual([observed.families.size, observed.samples, observed.bytes, findings], [0, 0, 0, []]);
});

for (const [what, options, message] of [
  ['no address', { http: 'here' }, /HOST:PORT/],
  ['an address that is not of this machine', { http: '192.0.2.1:4318' }, /192\.0\.2\.1/],
] as const) {
  test(what, async () => {
    await assert.rejects(listenForOtlp({ ...free, ...options, seconds: 600 }), message);
  });
}
