/** A series of a registry that has no value is left out alone: on every page and in every push, with a line and a count. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Histogram, Registry } from 'prom-client';
import { contract } from '../../../src/index.ts';
import { fromPromClient, type PromClientValue } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';
import { metricsOf, startCapture } from '../push/capture.ts';
import { scrape } from './scrape.ts';

/** @param lines `1=5 +Inf=7`: values by bound, or by quantile */
function distribution(
  own: 'le' | 'quantile',
  labels: Record<string, string>,
  lines: string,
  sum: number,
  count: number,
): PromClientValue[] {
  const points = lines.split(' ').map((line) => line.split('=') as [string, string]);
  return [
    ...points.map(([point, value]) => ({ metricName: 'm_bucket', labels: { ...labels, [own]: point }, value: Number(value) })),
    { metricName: 'm_sum', labels, value: sum },
    { metricName: 'm_count', labels, value: count },
  ];
}

const [good, bad] = [{ k: 'good' }, { k: 'bad' }];
const counters = (value: number) => [
  { labels: good, value: 2 },
  { labels: bad, value },
];
const histograms = (buckets: string, count: number) => [
  ...distribution('le', good, '1=5000000000 +Inf=7000000000', -1, 7e9),
  ...distribution('le', bad, buckets, 1, count),
];
const summaries = (quantiles: string, count: number) => [
  ...distribution('quantile', good, '0.5=1', 1, 5e9),
  ...distribution('quantile', bad, quantiles, 1, count),
];

// metrics.proto: `count` and `bucket_counts` are fixed64, bounds "must be strictly increasing". Prometheus' data model: buckets
// are cumulative, a counter only increases. Counts above 2^32, and a negative sum of negative values, are right.
const cases: readonly [what: string, type: string, values: readonly PromClientValue[], got: string, good: number][] = [
  ['a counter of NaN', 'counter', counters(Number.NaN), 'NaN; ', 2],
  ['a negative counter', 'counter', counters(-4), '-4; ', 2],
  ['buckets that fall', 'histogram', histograms('1=5 2=3 +Inf=7', 7), 'the buckets [5, -2, 4], ', 7e9],
  ['buckets above their count', 'histogram', histograms('1=5', 0), 'the buckets [5, -5], ', 7e9],
  ['fractional buckets', 'histogram', histograms('1=0.5 +Inf=1.5', 1.5), 'the buckets [0.5, 1], ', 7e9],
  ['negative buckets', 'histogram', histograms('1=-3 +Inf=-1', -1), 'the buckets [-3, 2], ', 7e9],
  ['buckets of NaN', 'histogram', histograms('1=NaN +Inf=2', 2), 'the buckets [NaN, NaN], ', 7e9],
  ['a repeated bound', 'histogram', histograms('1=1 1.0=1 +Inf=1', 1), 'le="1.0"; ', 7e9],
  ['a bound that is no number', 'histogram', histograms('abc=1 +Inf=1', 1), 'le="abc"; ', 7e9],
  ['a fractional count', 'summary', summaries('0.5=1', 1.5), 'the count 1.5; ', 5e9],
  ['a repeated quantile', 'summary', summaries('0.5=1 0.5=2', 2), 'quantile="0.5"; ', 5e9],
];

for (const [what, type, values, got, count] of cases) {
  test(what, async (t) => {
    const capture = await startCapture();
    t.after(capture.close);
    const { bridge, log } = testBridge(contract('app', {}), { selfMetrics: true, push: { endpoint: capture.url } });
    const name = type === 'counter' ? 'm_total' : 'm';
    fromPromClient(bridge, { getMetricsAsJSON: async () => [{ name, help: 'M.', type, values }] });
    assert.equal(await bridge.flush(), true);
    const points = Object.values(metricsOf(capture.pushes[0])[name] ?? {}).flatMap((data) => Object(data).dataPoints ?? []);
    assert.deepEqual(
      points.map(({ attributes, asDouble, count: counted }) => [attributes[0].value.stringValue, asDouble ?? counted]),
      [['good', count]],
    );
    const page = await scrape(bridge);
    assert.doesNotMatch(page, /k="bad"/);
    assert.match(page, new RegExp(`^m(_count|_total)\\{k="good"\\} ${count}$`, 'm'));
    assert.match(await scrape(bridge), /^meterbridge_measurements_refused_total\{metric="uncontracted",reason="value"\} 3$/m);
    assert.equal(log.length, 1, log.join('\n'));
    assert.ok(log[0]?.startsWith(`${name} {"k":"bad"}: this series of the prom-client registry is left out: got ${got}`), log[0]);
    assert.match(log[0] ?? '', / Fix: .+$/);
    await bridge.close();
  });
}

test('what prom-client itself makes of such calls', async () => {
  const { bridge, log } = testBridge(contract('app', {}));
  const register = new Registry();
  const registers = [register];
  const runs = new Counter({ name: 'runs_total', help: 'Runs.', labelNames: ['k'], registers });
  runs.inc(good, 2);
  runs.inc(bad, Number.NaN);
  const twice = new Histogram({ name: 'twice', help: 'Twice.', buckets: [0.1, 0.5, 0.5, 1], registers });
  for (const value of [0.3, 0.7]) twice.observe(value);
  new Histogram({ name: 'endless', help: 'To infinity.', buckets: [1, Number.POSITIVE_INFINITY], registers }).observe(2);
  fromPromClient(bridge, register);
  const lines = (await scrape(bridge)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(lines.sort(), [
    'endless_bucket{le="+Inf"} 1',
    'endless_bucket{le="1"} 0',
    'endless_count 1',
    'endless_sum 2',
    'runs_total{k="good"} 2',
  ]);
  assert.deepEqual(log.map((line) => line.split(':')[0]).sort(), ['runs_total {"k"', 'twice']);
});

test('many series without a value are one line, whose values change at each reading', async () => {
  const { bridge, log } = testBridge(contract('app', {}), { selfMetrics: true });
  let value = 0;
  const values = () => Array.from({ length: 50 }, (_, k) => ({ labels: { k: String(k) }, value: --value }));
  fromPromClient(bridge, { getMetricsAsJSON: async () => [{ name: 'm_total', help: 'M.', type: 'counter', values: values() }] });
  await scrape(bridge);
  await scrape(bridge);
  assert.match(await scrape(bridge), /^meterbridge_measurements_refused_total\{metric="uncontracted",reason="value"\} 150$/m);
  assert.equal(log.length, 1);
});
