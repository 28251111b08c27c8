import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, identity, oneOf } from '../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from './scraped.ts';

const declared = contract('r', {
  runs: counter({ help: 'Runs.', labels: { task: identity(), status: oneOf('ok', 'bad') } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels: { task: identity() } }),
  heat: gauge({ help: 'Heat.', labels: { task: identity() } }),
  total: counter({ help: 'Total.' }),
});

function filled() {
  const bridge = testBridge(declared);
  for (const task of ['a', 'b']) for (const status of ['ok', 'bad'] as const) bridge.metrics.runs.add(1, { task, status });
  return bridge;
}

const removals: readonly [string, object | undefined, string[]][] = [
  ['one series', { task: 'a', status: 'ok' }, ['a bad', 'b ok', 'b bad']],
  ['by a part of the labels', { task: 'a' }, ['b ok', 'b bad']],
  ['by the other part', { status: 'ok' }, ['a bad', 'b bad']],
  ['all of them', undefined, []],
  ['what is not there', { task: 'c' }, ['a ok', 'a bad', 'b ok', 'b bad']],
  // A variable that happens to be undefined must not empty the metric.
  ['by an undefined value', { task: undefined }, ['a ok', 'a bad', 'b ok', 'b bad']],
  ['by a misspelt label', { tusk: 'a' }, ['a ok', 'a bad', 'b ok', 'b bad']],
  ['by a value without its name', 'a' as never, ['a ok', 'a bad', 'b ok', 'b bad']],
];
for (const [name, labels, left] of removals) {
  test(`remove: ${name}`, async () => {
    const { metrics, bridge } = filled();
    metrics.runs.remove(labels as never);
    const lines = new Set(Object.keys(await scrapedOf(bridge, 'r_runs')));
    assert.deepEqual(
      lines,
      new Set(left.map((each) => `r_runs_total{task="${each.split(' ')[0]}",status="${each.split(' ')[1]}"}`)),
    );
  });
}

test('a removed series comes back at 0, whatever was pending', async () => {
  const { metrics, value, bridge } = testBridge(declared);
  metrics.runs.add(5, { task: 'a', status: 'ok' });
  metrics.time.record(0.5, { task: 'a' });
  metrics.heat.set(9, { task: 'a' });
  await bridge.refresh();
  metrics.runs.add(7, { task: 'a', status: 'ok' });
  metrics.time.record(3, { task: 'a' });
  for (const metric of [metrics.runs, metrics.time, metrics.heat]) metric.remove({ task: 'a' });
  metrics.runs.add(1, { task: 'a', status: 'ok' });
  metrics.runs.remove({ task: 'a' });
  metrics.runs.add(2, { task: 'a', status: 'ok' });
  metrics.time.record(2, { task: 'a' });
  assert.equal(await value('runs', { task: 'a', status: 'ok' }), 2);
  assert.deepEqual(await value('time', { task: 'a' }), { count: 1, sum: 2, counts: [0, 1] });
  assert.equal(await value('heat', { task: 'a' }), undefined);
  metrics.runs.add(3, { task: 'a', status: 'ok' });
  assert.equal(await value('runs', { task: 'a', status: 'ok' }), 5);
});

test('a series that comes back has a new start', async () => {
  const { metrics, clock, bridge } = testBridge(declared);
  const starts = async () => {
    const { resourceMetrics } = await bridge.producer.collect();
    const data = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find(({ descriptor }) => descriptor.name === 'r.runs');
    return data?.dataPoints.map(({ startTime: [seconds] }) => seconds * 1_000);
  };
  const first = clock();
  metrics.runs.add(5, { task: 'a', status: 'ok' });
  assert.deepEqual(await starts(), [first]);
  clock.advance(60_000);
  metrics.runs.add(5, { task: 'a', status: 'ok' });
  assert.deepEqual(await starts(), [first]);
  metrics.runs.remove({ task: 'a' });
  metrics.runs.add(5, { task: 'a', status: 'ok' });
  assert.deepEqual(await starts(), [first + 60_000]);
});

test('what is bound to a removed series swallows', async () => {
  const { metrics, value } = testBridge(declared);
  const bound = metrics.runs.bind({ task: 'a', status: 'ok' });
  bound.add(1);
  metrics.runs.remove({ task: 'a' });
  bound.add(2);
  assert.equal(await value('runs', { task: 'a', status: 'ok' }), undefined);
  metrics.runs.bind({ task: 'a', status: 'ok' }).add(4);
  bound.add(8);
  assert.equal(await value('runs', { task: 'a', status: 'ok' }), 4);
});

test('thousands of removals between two collections cost no measurement', async () => {
  const { metrics, value } = testBridge(declared);
  for (let at = 0; at < 5_000; at++) {
    metrics.heat.set(at, { task: String(at) });
    metrics.heat.remove({ task: String(at) });
  }
  metrics.heat.set(1, { task: 'last' });
  metrics.total.add(1);
  assert.equal(await value('heat', { task: 'last' }), 1);
  assert.equal(await value('total'), 1);
});

test('a series is one, whether it was recorded before it was bound or after, and by whatever primitive', async () => {
  const { metrics, bridge } = testBridge(contract('r', { runs: counter({ help: 'Runs.', labels: { code: identity() } }) }));
  const runs = metrics.runs as unknown as {
    add(value: number, labels: object): void;
    bind(labels: object): { add(value: number): void };
    remove(labels: object): void;
  };
  const early = runs.bind({ code: '200' });
  runs.add(1, { code: 404 });
  runs.add(1, { code: 404 });
  const late = runs.bind({ code: '404' });
  const again = runs.bind({ code: '404' });
  early.add(10);
  late.add(10);
  again.add(10);
  runs.add(100, { code: 404 });
  runs.add(100, { code: '200' });
  assert.deepEqual(await scrapedOf(bridge, 'r_'), { 'r_runs_total{code="404"}': 122, 'r_runs_total{code="200"}': 110 });
  runs.remove({ code: '404' });
  runs.add(1_000, { code: '500' });
  late.add(10_000);
  again.add(10_000);
  assert.deepEqual(await scrapedOf(bridge, 'r_'), { 'r_runs_total{code="200"}': 110, 'r_runs_total{code="500"}': 1_000 });
  runs.add(5, { code: 404 });
  assert.deepEqual(await scrapedOf(bridge, 'r_runs_total{code="404"}'), { 'r_runs_total{code="404"}': 5 });
  runs.remove({});
  for (const bound of [early, late, again]) bound.add(1);
  assert.deepEqual(await scrapedOf(bridge, 'r_'), {});
});

const many = contract('m', {
  hits: counter({ help: 'Hits.', labels: { tenant: identity({ limit: 10 }), path: identity({ limit: 1_000_000 }) } }),
  load: gauge({ help: 'Load.', labels: { path: identity({ limit: 2_000 }) } }),
});

const engines = [undefined, sdkEngine()].map((engine) => ({
  name: engine === undefined ? 'store' : 'sdk',
  options: engine && { engine },
}));
for (const { name, options } of engines) {
  test(`thousands of series leave together, and come back at 0: ${name} engine`, async () => {
    const { metrics, bridge, value } = testBridge(many, options);
    const paths = Array.from({ length: 2_000 }, (_, at) => `/path/${at}`);
    const load = metrics.load as unknown as { set(value: number, labels: object): void };
    for (let round = 0; round < 3; round++) {
      for (const path of paths) metrics.hits.add(5, { tenant: 'a', path });
      // All that the limit allows, some of them by a number and some bound.
      for (const path of paths) metrics.load.set(round, { path: `${round} ${path}` });
      load.set(1, { path: round });
      const bound = metrics.hits.bind({ tenant: 'a', path: '/path/7' });
      bound.add(1);
      assert.equal(await value('hits', { tenant: 'a', path: '/path/7' }), 6);
      assert.equal(await value('load', { path: `${round} /path/1999` }), round);
      for (const metric of [metrics.hits, metrics.load]) metric.remove();
      bound.add(100);
      assert.deepEqual(await scrapedOf(bridge, 'm_'), {});
      metrics.hits.add(2, { tenant: 'a', path: '/path/7' });
      assert.deepEqual(await scrapedOf(bridge, 'm_'), { 'm_hits_total{tenant="a",path="/path/7"}': 2 });
      metrics.hits.remove({ tenant: 'a' });
      assert.deepEqual(await scrapedOf(bridge, 'm_'), {});
    }
  });
}

test('to remove all of 100,000 series takes little beside recording them', () => {
  const { metrics } = testBridge(many);
  const timeOf = (run: () => void): number => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  const recorded = timeOf(() => {
    for (let at = 0; at < 100_000; at++) metrics.hits.add(1, { tenant: 'a', path: `/path/${at}` });
  });
  const removed = timeOf(() => metrics.hits.remove());
  // One by one it was as much again.
  assert.ok(removed < recorded / 5, `${removed} µs for what took ${recorded}`);
});
