/**
 * A registry keeps `{ a: 'x' }` and `{ a: 'x', b: '' }` apart, and Prometheus does not ("a label with an empty label value is
 * considered equivalent to a label that does not exist", "Data model").
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { contract } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';
import { metricsOf, startCapture } from '../push/capture.ts';
import { scrape } from './scrape.ts';

const [absent, empty] = [{ a: 'x' }, { a: 'x', b: '' }];
const labelNames = ['a', 'b'];

function open(register: Registry, endpoint?: string) {
  const { bridge, log } = testBridge(contract('app', {}), {
    selfMetrics: true,
    ...(endpoint !== undefined && { push: { endpoint } }),
  });
  fromPromClient(bridge, register);
  const lines = async (start: string) => (await scrape(bridge)).split('\n').filter((line) => line.startsWith(start));
  return { bridge, log, lines };
}

for (const [first, other] of [
  [absent, empty],
  [empty, absent],
] as const) {
  const order = first === absent ? 'none, and an empty one' : 'an empty one, and none';

  test(`one series on page and push: ${order}`, async (t) => {
    const capture = await startCapture();
    t.after(capture.close);
    const register = new Registry();
    const registers = [register];
    const { bridge, log, lines } = open(register, capture.url);
    const runs = new Counter({ name: 'k_runs_total', help: 'Runs.', labelNames, registers });
    const load = new Gauge({ name: 'k_load', help: 'Load.', labelNames, registers });
    const wait = new Histogram({ name: 'k_wait', help: 'Wait.', labelNames, buckets: [1, 5], registers });
    const size = new Summary({ name: 'k_size', help: 'Size.', labelNames, percentiles: [], registers });
    const age = new Summary({ name: 'k_age', help: 'Age.', labelNames, percentiles: [0.5], registers });
    for (const [labels, value] of [
      [first, 4],
      [other, 100],
    ] as const) {
      runs.inc(labels, value);
      load.set(labels, value);
      for (const metric of [wait, size, age]) metric.observe(labels, value);
    }
    const expected = [
      'k_age_count{a="x"} 1',
      'k_age_sum{a="x"} 100',
      'k_age{a="x",quantile="0.5"} 100',
      'k_load{a="x"} 100',
      'k_runs_total{a="x"} 104',
      'k_size_count{a="x"} 2',
      'k_size_sum{a="x"} 104',
      'k_wait_bucket{a="x",le="+Inf"} 2',
      'k_wait_bucket{a="x",le="1"} 0',
      'k_wait_bucket{a="x",le="5"} 1',
      'k_wait_count{a="x"} 2',
      'k_wait_sum{a="x"} 104',
    ];
    for (const _ of [1, 2]) assert.deepEqual((await lines('k_')).sort(), expected.sort());
    runs.inc(other, 1);
    assert.deepEqual(await lines('k_runs'), ['k_runs_total{a="x"} 105']);
    assert.equal(await bridge.flush(), true);
    const pushed = metricsOf(capture.pushes[0]);
    for (const name of ['k_runs_total', 'k_load', 'k_wait', 'k_size', 'k_age']) {
      const points = Object.values(pushed[name] ?? {}).flatMap((data) => Object(data).dataPoints ?? []);
      assert.deepEqual(
        points.map(({ attributes }) => attributes),
        [[{ key: 'a', value: { stringValue: 'x' } }]],
        name,
      );
    }
    assert.deepEqual(await lines('meterbridge_attribute_sets_merged_total'), ['meterbridge_attribute_sets_merged_total 5']);
    const got = first === absent ? '{} and {"b":""}' : '{"b":""} and {}';
    const what = { k_runs_total: 'the values of both add up', k_load: 'the last one of the registry is shown' };
    assert.equal(log.length, 5, log.join('\n'));
    for (const [name, words] of Object.entries(what)) {
      const start = `${name}: two sets of labels of the prom-client registry are one series: got ${got}; an empty label is none, so ${words}; `;
      assert.ok(
        log.some((line) => line.startsWith(start) && line.includes(' Fix: leave the label out, or give it a value')),
        log.join('\n'),
      );
    }
    await bridge.close();
  });
}

test('one alone is shown without its empty label, and nothing is said', async () => {
  const register = new Registry();
  const { log, lines } = open(register);
  new Counter({ name: 'k_total', help: 'K.', labelNames: ['b', 'z', 'a'], registers: [register] }).inc(
    { z: '1', b: '', a: 'x' },
    3,
  );
  assert.deepEqual(await lines('k_total'), ['k_total{z="1",a="x"} 3']);
  assert.deepEqual(log, []);
});

test('each set is counted once, and each metric is one line', async () => {
  const register = new Registry();
  const { log, lines } = open(register);
  const runs = new Counter({ name: 'k_total', help: 'K.', labelNames, registers: [register] });
  const count = () => lines('meterbridge_attribute_sets_merged_total');
  for (const a of ['x', 'y']) for (const labels of [{ a }, { a, b: '' }]) runs.inc(labels);
  await lines('k_total');
  assert.deepEqual(await count(), ['meterbridge_attribute_sets_merged_total 2']);
  runs.inc({ a: 'z' });
  runs.inc({ a: 'z', b: '' });
  await lines('k_total');
  assert.deepEqual(await count(), ['meterbridge_attribute_sets_merged_total 3']);
  assert.equal(log.length, 1, log.join('\n'));
});

test('a series without a value stays out of the sum', async () => {
  const register = new Registry();
  const { log, lines } = open(register);
  const runs = new Counter({ name: 'k_total', help: 'K.', labelNames, registers: [register] });
  runs.inc(absent, 7);
  runs.inc(empty, Number.NaN);
  assert.deepEqual(await lines('k_total'), ['k_total{a="x"} 7']);
  assert.equal(log.length, 1);
  assert.ok(
    log[0]?.startsWith('k_total {"a":"x","b":""}: this series of the prom-client registry is left out: got NaN; '),
    log[0],
  );
});

test('of histograms with other bounds, the last one is shown', async () => {
  const lines = (labels: Readonly<Record<string, string>>, bound: string, value: number) => [
    { metricName: 'k_bucket', labels: { ...labels, le: bound }, value },
    { metricName: 'k_bucket', labels: { ...labels, le: '+Inf' }, value },
    { metricName: 'k_sum', labels, value },
    { metricName: 'k_count', labels, value },
  ];
  const values = [...lines(absent, '1', 1), ...lines(empty, '2', 2)];
  const { bridge, log } = testBridge(contract('app', {}));
  fromPromClient(bridge, { getMetricsAsJSON: async () => [{ name: 'k', help: 'K.', type: 'histogram', values }] });
  const page = (await scrape(bridge)).split('\n').filter((line) => line.startsWith('k'));
  assert.deepEqual(page, ['k_bucket{a="x",le="2"} 2', 'k_bucket{a="x",le="+Inf"} 2', 'k_sum{a="x"} 2', 'k_count{a="x"} 2']);
  assert.match(log.join('\n'), /^k: .* so the values of both add up where their buckets are equal; /);
});

test('a set that is removed no longer counts, and the series goes with the last one', async () => {
  const register = new Registry();
  const { log, lines } = open(register);
  const runs = new Counter({ name: 'k_total', help: 'K.', labelNames, registers: [register] });
  runs.inc({ a: 'y', b: '' });
  for (const labels of [absent, empty]) runs.inc(labels, 5);
  const other = 'k_total{a="y"} 1';
  assert.deepEqual((await lines('k_total')).sort(), ['k_total{a="x"} 10', other]);
  runs.remove(absent);
  assert.deepEqual((await lines('k_total')).sort(), ['k_total{a="x"} 5', other]);
  runs.remove(empty);
  assert.deepEqual(await lines('k_total'), [other]);
  runs.inc(empty, 2);
  assert.deepEqual((await lines('k_total')).sort(), ['k_total{a="x"} 2', other]);
  assert.equal(log.length, 1);
});
