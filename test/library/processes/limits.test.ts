/** A label's limit holds over the sum of all processes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { capped, counter, gauge, histogram, identity } from '../../../src/index.ts';
import { until } from '../../until.ts';
import { directoryOf } from './bridges.ts';

const skip = process.platform === 'win32';
const declarations = {
  orders: counter({ help: 'Orders.', labels: { shop: identity({ limit: 2 }) } }),
  pages: counter({ help: 'Pages.', labels: { path: capped({ limit: 2, other: 'rest' }) } }),
  open: gauge({ help: 'Open.', labels: { shop: identity({ limit: 2 }) } }),
  wait: histogram({ help: 'Wait.', bounds: [1], labels: { shop: identity({ limit: 2 }) } }),
};

test('more values than one process may have: counters and histograms fold the excess, gauges leave it out', {
  skip,
}, async (t) => {
  let now = 1_000_000;
  const { join } = directoryOf(t);
  const clock = () => ++now;
  const [one, two] = [
    await join(declarations, { clock, selfMetrics: true }),
    await join(declarations, { clock, selfMetrics: true }),
  ];
  for (const [{ bridge }, shops] of [
    [one, ['a', 'b']],
    [two, ['b', 'c']],
  ] as const) {
    for (const shop of shops) {
      bridge.metrics.orders.add(1, { shop });
      bridge.metrics.pages.add(1, { path: shop });
      bridge.metrics.open.set(1, { shop });
      bridge.metrics.wait.record(2, { shop });
    }
  }
  two.bridge.metrics.pages.add(5, { path: 'rest' });
  for (const { scrape, lines } of [one, two]) {
    const all = await scrape();
    const shown = Object.fromEntries(Object.entries(all).filter(([name]) => /^shop_(orders|pages|open|wait_count)/.test(name)));
    assert.deepEqual(shown, {
      'shop_orders_total{shop="a"}': 1,
      'shop_orders_total{shop="b"}': 2,
      'shop_orders_total{shop="other"}': 1,
      'shop_pages_total{path="a"}': 1,
      'shop_pages_total{path="b"}': 2,
      'shop_pages_total{path="rest"}': 6,
      'shop_open{shop="a"}': 1,
      'shop_open{shop="b"}': 2,
      'shop_wait_count{shop="a"}': 1,
      'shop_wait_count{shop="b"}': 2,
      'shop_wait_count{shop="other"}': 1,
    });
    // What a scrape met is in the own metrics of the next one.
    assert.equal((await scrape()).meterbridge_processes_over_limit, 4);
    const advised = lines.flatMap((line) => {
      const [, of, fix] = /^([\w.]+)\{\w+\}: .* more than its limit of 2 values; .* Fix: (.*)$/.exec(line) ?? [];
      return of === undefined ? [] : [[of, fix]];
    });
    const forIdentity = 'raise the limit in the contract, or remove what is gone';
    assert.deepEqual(Object.fromEntries(advised), {
      'shop.orders': forIdentity,
      'shop.pages': 'raise the limit in the contract, or use identity for things that come and go',
      'shop.open': forIdentity,
      'shop.wait': forIdentity,
    });
    assert.equal(advised.length, 4, lines.join('\n'));
  }
});

test('what was shown of an ended process stays, and a newer value does not take its place', { skip }, async (t) => {
  let now = 1_000_000;
  const { join } = directoryOf(t);
  const clock = () => ++now;
  const [one, two] = [await join(declarations, { clock }), await join(declarations, { clock })];
  one.bridge.metrics.orders.add(1, { shop: 'a' });
  one.bridge.metrics.orders.add(1, { shop: 'b' });
  two.bridge.metrics.orders.add(1, { shop: 'c' });
  const before = await two.scrape();
  await one.bridge.close();
  assert.deepEqual(await two.scrape(), before);
  const three = await join(declarations, { clock });
  three.bridge.metrics.orders.add(1, { shop: 'd' });
  const expected = { 'shop_orders_total{shop="a"}': 1, 'shop_orders_total{shop="b"}': 1, 'shop_orders_total{shop="other"}': 2 };
  assert.deepEqual(await three.scrape(), expected);
  assert.deepEqual(await two.scrape(), expected);
});

/** Bytes that say that an answer of 65 MiB follows. */
const large = Buffer.alloc(4);
large.writeUInt32LE(65 * 1024 * 1024);

for (const [what, answer, line] of [
  ['does not answer in time', undefined, /does not respond within 500 ms/],
  ['has a record above the limit', large, /a record of more than 64 MiB/],
] as const) {
  test(`of a process that ${what} the last values are shown, and it is counted`, { skip }, async (t) => {
    const directory = directoryOf(t);
    const { scrape, lines } = await directory.join(declarations, { selfMetrics: true });
    const late = await directory.join(declarations, { selfMetrics: true });
    late.bridge.metrics.orders.add(3, { shop: 'a' });
    await until('at three orders', async () => (await scrape())['shop_orders_total{shop="a"}'] === 3);
    const before = (await scrape()).meterbridge_processes_late_total as number;
    await late.bridge.close();
    // Its record is still there, and something else listens at its socket.
    const names = readdirSync(directory.path);
    const socket = names
      .map((name) => name.replace('.bin', '.sock'))
      .find((name) => name.endsWith('.sock') && !names.includes(name));
    const listening = createServer((connection) => answer !== undefined && connection.write(answer));
    listening.listen(join(directory.path, socket as string));
    await once(listening, 'listening');
    t.after(() => listening.close());
    assert.equal((await scrape())['shop_orders_total{shop="a"}'], 3);
    assert.ok(((await scrape()).meterbridge_processes_late_total as number) > before);
    assert.match(lines.join('\n'), line);
  });
}
