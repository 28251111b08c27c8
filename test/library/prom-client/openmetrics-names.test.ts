/** Names of a registry that OpenMetrics reserves for another metric ("MetricFamily", "Name"). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gauge, Registry } from 'prom-client';
import { contract, counter } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrape } from './scrape.ts';

test('a name that a contract only reserves in OpenMetrics is shown in text and pushed, and gives way there', async () => {
  const declared = contract('shop', { orders: counter({ help: 'Ours.' }) });
  const { bridge, log, metrics } = testBridge(declared, { selfMetrics: true });
  metrics.orders.add(1);
  const register = new Registry();
  const registers = [register];
  new Gauge({ name: 'shop_orders', help: 'Theirs.', registers }).set(5);
  new Gauge({ name: 'shop_orders_created', help: 'Theirs.', registers }).set(6);
  fromPromClient(bridge, register);
  const text = await scrape(bridge);
  for (const line of [/^shop_orders_total 1$/m, /^shop_orders 5$/m, /^shop_orders_created 6$/m]) assert.match(text, line);
  assert.equal(log.length, 0);
  const page = await scrape(bridge, 'application/openmetrics-text;version=1.0.0');
  assert.match(page, /^# TYPE shop_orders counter$/m);
  assert.doesNotMatch(page, /Theirs/);
  assert.deepEqual(
    log.map((line) => line.replace(/,.*/, '')),
    ['shop_orders: a scrape in OpenMetrics leaves it out', 'shop_orders_created: a scrape in OpenMetrics leaves it out'],
  );
  assert.match(await scrape(bridge), /^meterbridge_families_omitted_total\{reason="openmetrics_name"\} 2$/m);
  const { resourceMetrics } = await bridge.producer.collect();
  const pushed = resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) => all.map(({ descriptor }) => descriptor.name));
  assert.deepEqual(pushed.filter((name) => /^shop/.test(name)).sort(), ['shop.orders', 'shop_orders', 'shop_orders_created']);
});
