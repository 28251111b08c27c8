/** Push beside several processes: each for itself, or one for all. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { contract, counter, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';
import { directoryOf } from './bridges.ts';

const skip = process.platform === 'win32';
const declarations = { orders: counter({ help: 'Orders.' }) };

interface Pushed {
  readonly instance: string;
  readonly orders: number;
}

/** A receiver of OTLP as JSON. */
async function receiverOf(t: TestContext) {
  const pushed: Pushed[] = [];
  const receiver = createServer(async (request, response) => {
    const body = JSON.parse((await request.setEncoding('utf8').toArray()).join(''));
    for (const { resource, scopeMetrics } of body.resourceMetrics) {
      const attributes: { key: string; value: { stringValue: string } }[] = resource.attributes;
      const instance = attributes.find(({ key }) => key === 'service.instance.id')?.value.stringValue as string;
      for (const { metrics } of scopeMetrics) {
        for (const { name, sum } of metrics)
          if (name === 'shop.orders') pushed.push({ instance, orders: sum.dataPoints[0].asDouble });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  t.after(() => receiver.close());
  return { pushed, endpoint: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` };
}

test('each process pushes its own series, under an instance id of its own', { skip }, async (t) => {
  const { pushed, endpoint } = await receiverOf(t);
  const { path } = directoryOf(t);
  const child = () => promisify(execFile)(process.execPath, [join(import.meta.dirname, 'pushing.ts'), path, endpoint]);
  await Promise.all([child(), child()]);
  assert.deepEqual(
    pushed.map(({ orders }) => orders),
    [5, 5],
  );
  assert.notEqual(pushed[0]?.instance, pushed[1]?.instance);
});

test('one process pushes the sum of all, and another one when it has ended, as the same instance', { skip }, async (t) => {
  const { pushed, endpoint } = await receiverOf(t);
  const { join } = directoryOf(t);
  const push = { endpoint, protocol: 'http/json', processes: 'one' } as const;
  const members = [await join(declarations, { push }), await join(declarations, { push }), await join(declarations, { push })];
  const [oldest, second, youngest] = members as [(typeof members)[0], (typeof members)[0], (typeof members)[0]];
  oldest.bridge.metrics.orders.add(1);
  second.bridge.metrics.orders.add(10);
  youngest.bridge.metrics.orders.add(100);
  assert.equal(await youngest.bridge.flush(), false);
  await until('the sum has arrived', async () => (await oldest.bridge.flush()) && pushed.at(-1)?.orders === 111);
  oldest.bridge.metrics.orders.add(1_000);
  await oldest.bridge.close();
  assert.equal(pushed.at(-1)?.orders, 1_111);
  second.bridge.metrics.orders.add(10_000);
  await until('the next one pushes', async () => (await second.bridge.flush()) && pushed.at(-1)?.orders === 11_111);
  assert.equal(new Set(pushed.map(({ instance }) => instance)).size, 1);
  assert.match(pushed[0]?.instance ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  for (const [at, { orders }] of pushed.entries()) assert.ok(at === 0 || orders >= (pushed[at - 1] as Pushed).orders);
});

for (const [what, push, processes, rule] of [
  ['one without the other processes', { processes: 'one' }, undefined, /the bridge knows the other processes/],
  ['deltas of all', { processes: 'one', temporality: 'delta' }, 'all', /cumulative totals/],
  ['another word', { processes: 'some' }, 'all', /'each' or 'one'/],
] as const) {
  test(`${what}: an error`, { skip }, () => {
    const options = { push: { endpoint: 'http://127.0.0.1:1', ...push } as never, isolated: true, env: {} };
    const declared = contract('shop', declarations);
    assert.throws(() => meterbridge(declared, processes === undefined ? options : { ...options, processes }), {
      code: 'PUSH_CONFIG_INVALID',
      message: rule,
    });
  });
}
