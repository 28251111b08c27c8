/** What a bridge shows of a registry, held against what prom-client shows of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as successor from '@prometheus-io/client';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parseExposition } from '../../../src/formats/exposition/index.ts';
import { contract, counter, meterbridge } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';
import { until } from '../../until.ts';
import { promClientApp, withDefaults } from './app.ts';
import { pageOf } from './exposition.ts';
import { scrape } from './scrape.ts';

const empty = contract('app', {});

const openMetrics = 'application/openmetrics-text;version=1.0.0';

test('names, labels, help and values are those of prom-client', async () => {
  const { bridge, log } = testBridge(empty);
  const register = promClientApp();
  fromPromClient(bridge, register);
  const theirs = pageOf(await register.metrics());
  assert.equal(Object.keys(theirs).length, 20);
  assert.deepEqual(pageOf(await scrape(bridge)), theirs);
  assert.deepEqual(log, []);
});

test('its default metrics', async () => {
  const { bridge, log } = testBridge(empty);
  const register = withDefaults(promClientApp());
  fromPromClient(bridge, register);
  const [theirs, ours] = [pageOf(await register.metrics()), pageOf(await scrape(bridge))];
  const withoutValues = (page: typeof ours) => Object.values(page).map((lines) => lines.map((line) => line.replace(/ \S+$/, '')));
  assert.ok(Object.keys(theirs).length > 45);
  assert.deepEqual(withoutValues(ours), withoutValues(theirs));
  assert.deepEqual(log, []);
});

test('as OpenMetrics it follows the norm: a counter without _total, or beside a family of its own names, is unknown there', async () => {
  const { bridge } = testBridge(empty);
  fromPromClient(bridge, promClientApp());
  const page = await scrape(bridge, openMetrics);
  const parsed = parseExposition(page, 'openmetrics');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.match(page, /^# TYPE http_requests counter$/m);
  for (const name of ['cacheHits', 'orders_created', 'orders_total'])
    assert.match(page, new RegExp(`^# TYPE ${name} unknown$`, 'm'));
});

test('a registry of OpenMetrics: its counters have _total', async () => {
  const { bridge } = testBridge(empty);
  const register = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  new Counter({ name: 'cacheHits', help: 'Hits.', registers: [register] }).inc(2);
  new Counter({ name: 'orders_total', help: 'Orders.', registers: [register] }).inc(3);
  fromPromClient(bridge, register);
  for (let scrapes = 0; scrapes < 2; scrapes++) {
    const samples = (page: string) => page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(samples(await scrape(bridge, openMetrics)), samples(await register.metrics()));
  }
});

test('@prometheus-io/client, default labels included', async () => {
  const { bridge } = testBridge(empty);
  const register = new successor.Registry();
  register.setDefaultLabels({ pod: 'a-1' });
  const registers = [register];
  new successor.Counter({ name: 'hits', help: 'Hits.', labelNames: ['code', 'pod'], registers }).inc({ code: 200, pod: 'own' });
  new successor.Histogram({ name: 'wait_seconds', help: 'Waits.', labelNames: ['to'], buckets: [0.1, 1], registers }).observe(
    { to: 'db' },
    0.5,
  );
  new successor.Summary({ name: 'size', help: 'Sizes.', registers }).observe(3);
  fromPromClient(bridge, register);
  assert.deepEqual(pageOf(await scrape(bridge)), pageOf(await register.metrics()));
});

test('what changes in the registry changes in the next scrape', async () => {
  const { bridge } = testBridge(empty);
  const register = new Registry();
  const registers = [register];
  const jobs = new Histogram({ name: 'jobs_seconds', help: 'Jobs.', labelNames: ['job'], buckets: [1, 2], registers });
  const hosts = new Gauge({ name: 'hosts', help: 'Hosts.', labelNames: ['host'], registers });
  fromPromClient(bridge, register);
  const same = async () => {
    const page = pageOf(await scrape(bridge));
    assert.deepEqual(page, pageOf(await register.metrics()));
    return page;
  };
  await same();
  jobs.observe({ job: 'a' }, 1.5);
  hosts.set({ host: 'x' }, 1);
  hosts.set({ host: 'y' }, 2);
  assert.equal((await same()).hosts?.length, 4);
  hosts.remove({ host: 'x' });
  jobs.observe({ job: 'b' }, 3);
  assert.equal((await same()).hosts?.length, 3);
  register.removeSingleMetric('jobs_seconds');
  new Histogram({ name: 'jobs_seconds', help: 'Jobs, described anew.', buckets: [5], registers }).observe(1);
  new Counter({ name: 'later_total', help: 'Later.', registers }).inc();
  await same();
  register.resetMetrics();
  await same();
  register.clear();
  assert.deepEqual(await same(), {});
});

test('a failing collect() leaves the last good values for the stated time, and a line says so', async () => {
  const { bridge, clock, log } = testBridge(empty);
  const register = new Registry();
  let broken = false;
  const collect = () => {
    if (broken) throw new Error('no database');
  };
  new Gauge({ name: 'rows', help: 'Rows.', registers: [register], collect }).set(7);
  fromPromClient(bridge, register, { maxAgeMs: 10_000 });
  assert.match(await scrape(bridge), /^rows 7$/m);
  broken = true;
  clock.advance(9_000);
  assert.match(await scrape(bridge), /^rows 7$/m);
  clock.advance(2_000);
  assert.equal(await scrape(bridge), '');
  broken = false;
  assert.match(await scrape(bridge), /^rows 7$/m);
  assert.match(
    log[0] ?? '',
    /^the prom-client registry: collection failed \(Error: no database, at .*\); the last good values are served until they are too old$/,
  );
  assert.deepEqual(log.slice(1), ['the prom-client registry: collected again']);
});

test('a collect() that does not end is late, and is not asked again until it has ended', async () => {
  const { bridge, log } = testBridge(empty, { callbackTimeoutMs: 20 });
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const register = {
    async getMetricsAsJSON() {
      asked += 1;
      await promise;
      return [{ name: 'rows', help: 'Rows.', type: 'gauge', values: [{ value: 1, labels: {} }] }];
    },
  };
  fromPromClient(bridge, register);
  for (let scrapes = 0; scrapes < 2; scrapes++) assert.equal(await scrape(bridge), '');
  assert.equal(asked, 1);
  resolve();
  await until('it has ended', async () => /^rows 1$/m.test(await scrape(bridge)));
  assert.match(log.join('\n'), /collection late/);
});

test("a name that a contract has is the contract's, on both roads, which a line says and a counter counts", async () => {
  const taken = contract('shop', { orders: counter({ unit: '{order}', help: 'Orders.' }) });
  const { bridge, log, metrics } = testBridge(taken, { selfMetrics: true });
  metrics.orders.add(1);
  const register = promClientApp();
  fromPromClient(bridge, register);
  new Counter({ name: 'shop_orders_total', help: 'Theirs.', registers: [register] }).inc(5);
  await scrape(bridge);
  const page = await scrape(bridge);
  assert.match(page, /^shop_orders_total 1$/m);
  assert.doesNotMatch(page, /Theirs/);
  assert.match(page, /^meterbridge_families_omitted_total\{reason="name"\} 2$/m);
  const line =
    'shop_orders_total: this metric of the prom-client registry is left out: shop has the name shop_orders_total already.';
  assert.deepEqual(log, [`${line} Fix: remove or rename one of the two`]);
  const { resourceMetrics } = await bridge.producer.collect();
  const pushed = resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) => all.map(({ descriptor }) => descriptor.name));
  assert.equal(pushed.filter((name) => /shop.orders/.test(name)).length, 1);
});

test('a contract that comes later takes its name over', async () => {
  const { bridge } = testBridge(empty);
  const register = new Registry();
  new Counter({ name: 'late_orders_total', help: 'Theirs.', registers: [register] }).inc(5);
  fromPromClient(bridge, register);
  assert.match(await scrape(bridge), /^late_orders_total 5$/m);
  bridge.register(contract('late', { orders: counter({ help: 'Ours.' }) })).orders.inc();
  assert.match(await scrape(bridge), /^late_orders_total 1$/m);
});

test('what is no metric fails the collection, by name', async () => {
  for (const [metric, expected] of [
    [{ name: 'x', help: 'X.', type: 'untyped', values: [] }, /x has the type untyped/],
    [{ name: 'x', help: 'X.', type: 'gauge', values: [{ value: '1' as never, labels: {} }] }, /a value is 1, which is no number/],
  ] as const) {
    const { bridge, log } = testBridge(empty);
    fromPromClient(bridge, { getMetricsAsJSON: async () => [metric] });
    assert.equal(await scrape(bridge), '');
    assert.match(log.join(), expected);
  }
});

test('it can be ended, and the same registry is shown once', async () => {
  const { bridge } = testBridge(empty);
  const register = promClientApp();
  const stop = fromPromClient(bridge, register);
  assert.equal(fromPromClient(bridge, register), stop);
  assert.notEqual(await scrape(bridge), '');
  stop();
  assert.equal(await scrape(bridge), '');
  fromPromClient(bridge, register);
  assert.deepEqual(pageOf(await scrape(bridge)), pageOf(await register.metrics()));
});

test('two registries of one bridge', async () => {
  const { bridge, log } = testBridge(empty);
  const [one, two] = [new Registry(), new Registry()];
  for (const register of [one, two])
    new Gauge({ name: 'both', help: 'Both.', registers: [register] }).set(register === one ? 1 : 2);
  new Gauge({ name: 'second', help: 'Second.', registers: [two] }).set(3);
  fromPromClient(bridge, one);
  fromPromClient(bridge, two);
  assert.match(await scrape(bridge), /^both [12]$/m);
  assert.match(await scrape(bridge), /^second 3$/m);
  assert.match(log.join(), /both: .* is left out: prom-client has the name both already/);
});

test('gather() and a listener in a thread show the same', async (t) => {
  const bridge = meterbridge(empty, { isolated: true, env: {}, log: () => {} });
  t.after(bridge.close);
  const register = promClientApp();
  fromPromClient(bridge, register);
  const theirs = await register.metrics();
  assert.deepEqual(new Set((await bridge.gather()).map(({ name }) => name)), new Set(Object.keys(pageOf(theirs))));
  const { url } = await bridge.listen('127.0.0.1:0', { thread: true });
  assert.deepEqual(pageOf(await (await fetch(url)).text()), pageOf(theirs));
});

test('wrong arguments are errors', () => {
  const { bridge } = testBridge(empty);
  const register = new Registry();
  assert.throws(() => fromPromClient({} as never, register), /bridge comes from meterbridge\(\)/);
  assert.throws(() => fromPromClient(bridge, {} as never), /getMetricsAsJSON/);
  assert.throws(() => fromPromClient(bridge, register, { maxSeries: 0 }), /maxSeries/);
  assert.throws(() => fromPromClient(bridge, register, { maxLabelBytes: 31 }), /maxLabelBytes/);
  assert.throws(() => fromPromClient(bridge, register, { limit: 5 } as never), /limit/);
});
