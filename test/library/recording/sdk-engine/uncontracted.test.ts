import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';

const declared = contract('p', { runs: counter({ help: 'Runs.' }) });

test('recorded instruments that no contract names, with whatever attributes they have', async () => {
  const { bridge } = testBridge(declared);
  const meter = bridge.meterProvider.getMeter('http', '1.2.3');
  const requests = meter.createCounter('http.requests', { unit: '{request}', description: 'Requests.' });
  requests.add(1, { 'http.method': 'GET', code: 200 });
  requests.add(2, { code: 200, 'http.method': 'GET' });
  requests.add(4, { 'http.method': 'PUT', code: 500, cached: true });
  meter.createUpDownCounter('http.active').add(-1);
  meter.createGauge('http.load', { unit: '%' }).record(12.5);
  const time = meter.createHistogram('http.time', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } });
  for (const seconds of [0.05, 0.5, 5]) time.record(seconds, { route: '/a"b\n' });
  assert.deepEqual(await scrapedOf(bridge, 'http_'), {
    'http_requests_total{code="200",http_method="GET"}': 3,
    'http_requests_total{cached="true",code="500",http_method="PUT"}': 4,
    http_active: -1,
    http_load_percent: 12.5,
    'http_time_seconds_bucket{route="/a\\"b\\n",le="0.1"}': 1,
    'http_time_seconds_bucket{route="/a\\"b\\n",le="1"}': 2,
    'http_time_seconds_bucket{route="/a\\"b\\n",le="+Inf"}': 3,
    'http_time_seconds_sum{route="/a\\"b\\n"}': 5.55,
    'http_time_seconds_count{route="/a\\"b\\n"}': 3,
  });
});

test('observable instruments that no contract names; one that fails leaves the others alone', async () => {
  const { bridge, log } = testBridge(declared);
  const meter = bridge.meterProvider.getMeter('pool');
  meter.createObservableGauge('pool.size').addCallback((result) => result.observe(3, { pool: 'a' }));
  let broken = true;
  meter.createObservableCounter('pool.waits').addCallback((result) => {
    if (broken) throw new Error('no pool');
    result.observe(7);
  });
  assert.deepEqual(await scrapedOf(bridge, 'pool_'), { 'pool_size{pool="a"}': 3 });
  await bridge.refresh();
  assert.equal(log.length, 1, log.join('\n'));
  assert.match(log[0] ?? '', /^instruments outside the contracts: collection failed \(.*no pool/);
  broken = false;
  assert.deepEqual(await scrapedOf(bridge, 'pool_'), { 'pool_size{pool="a"}': 3, pool_waits_total: 7 });
  assert.deepEqual(log.slice(1), ['instruments outside the contracts: collected again']);
});

test("a name outside the contract on the contract's own meter passes through too", async () => {
  const { bridge, metrics } = testBridge(declared);
  bridge.meterProvider.getMeter('p').createCounter('p.extra').add(2, { any: 'thing' });
  metrics.runs.add(1);
  assert.deepEqual(await scrapedOf(bridge, 'p_'), { p_runs_total: 1, 'p_extra_total{any="thing"}': 2 });
});

test("another meter's instrument of the same name does not touch the contract's", async () => {
  const { bridge, metrics, value } = testBridge(declared);
  bridge.meterProvider.getMeter('stranger').createCounter('p.runs').add(40, { any: 'thing' });
  metrics.runs.add(1);
  assert.equal(await value('runs'), 1);
  const lines = await scrapedOf(bridge, 'p_runs');
  assert.equal(lines.p_runs_total, 1);
});

test('what passes through is pushed under its own scope', async () => {
  const { bridge } = testBridge(declared);
  bridge.meterProvider.getMeter('pool', '2.0').createCounter('pool.gets', { unit: '{get}' }).add(1, { 'pool.id': 7 });
  const { resourceMetrics } = await bridge.producer.collect();
  const own = resourceMetrics.scopeMetrics.find(({ scope }) => scope.name === 'pool');
  assert.equal(own?.scope.version, '2.0');
  assert.equal(own?.metrics[0]?.descriptor.name, 'pool.gets');
  assert.deepEqual(own?.metrics[0]?.dataPoints[0]?.attributes, { 'pool.id': 7 });
});
