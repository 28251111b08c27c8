import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueType } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { AggregationTemporalityPreference } from '@opentelemetry/exporter-metrics-otlp-http';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../../../../src/core/naming/kind.ts';
import { createStore, type View } from '../../../../src/core/store/index.ts';
import { exporterNumbers } from '../../../../src/library/push/sdk/exporter.ts';
import { sdkNumbers } from '../../../../src/library/push/sdk/metric-producer.ts';
import { createProducer } from '../../../../src/library/push/sdk/producer.ts';
import { put, smallStore, specOf, startMs } from '../sources.ts';

const now = startMs + 5_000;
/** startMs and now in seconds and nanoseconds. */
const startTime = [1_700_000_000, 123_000_000];
const endTime = [1_700_000_005, 123_000_000];

async function collect(view: View, at = now, refresh = async () => {}) {
  const { resourceMetrics, errors } = await createProducer({ view, refresh, clock: () => at, ageClock: () => at }).collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return { scopes: resourceMetrics.scopeMetrics, metrics, errors };
}

test('the numbers written here are those of the SDK', () => {
  assert.deepEqual(sdkNumbers, {
    double: ValueType.DOUBLE,
    cumulative: AggregationTemporality.CUMULATIVE,
    histogram: DataPointType.HISTOGRAM,
    exponentialHistogram: DataPointType.EXPONENTIAL_HISTOGRAM,
    gauge: DataPointType.GAUGE,
    sum: DataPointType.SUM,
  });
  const expected = { success: ExportResultCode.SUCCESS, cumulative: AggregationTemporalityPreference.CUMULATIVE };
  assert.deepEqual(exporterNumbers, expected);
});

const singles: [Kind, DataPointType, boolean | undefined][] = [
  ['counter', DataPointType.SUM, true],
  ['updowncounter', DataPointType.SUM, false],
  ['gauge', DataPointType.GAUGE, undefined],
  ['info', DataPointType.GAUGE, undefined],
  ['unknown', DataPointType.GAUGE, undefined],
];
for (const [kind, type, monotonic] of singles) {
  test(`a ${kind} is collected as ${DataPointType[type]}${monotonic === undefined ? '' : `, monotonic ${monotonic}`}`, async () => {
    const store = createStore();
    const family = store.source({ scope: { name: 'demo', version: '1' } }).family(specOf('demo.x', { kind, unit: 'By' }), true);
    put(family, { b: '2', a: '1' }, 7.5);
    const { scopes, metrics } = await collect(store.view);
    assert.deepEqual(scopes[0]?.scope, { name: 'demo', version: '1' });
    const [metric] = metrics;
    assert.deepEqual(metric?.descriptor, {
      name: 'demo.x',
      description: 'demo.x in words.',
      unit: 'By',
      valueType: ValueType.DOUBLE,
    });
    assert.equal(metric?.dataPointType, type);
    assert.equal((metric as { isMonotonic?: boolean }).isMonotonic, monotonic);
    assert.equal(metric?.aggregationTemporality, AggregationTemporality.CUMULATIVE);
    // Of a gauge OTLP ignores it.
    const start = type === DataPointType.GAUGE ? [0, 0] : startTime;
    assert.deepEqual(metric?.dataPoints, [{ startTime: start, endTime, attributes: { a: '1', b: '2' }, value: 7.5 }]);
  });
}

test('a histogram has its bounds, its buckets one by one, sum and count', async () => {
  const store = createStore();
  const family = store
    .source({ scope: { name: 'demo' } })
    .family(specOf('demo.time', { kind: 'histogram', unit: 's', bounds: [1, 10] }), true);
  put(family, {}, 2, 0, 1, 42.5);
  const { metrics } = await collect(store.view);
  assert.equal(metrics[0]?.dataPointType, DataPointType.HISTOGRAM);
  assert.deepEqual(metrics[0]?.dataPoints[0]?.value, {
    buckets: { boundaries: [1, 10], counts: [2, 0, 1] },
    sum: 42.5,
    count: 3,
  });
});

test('an exponential histogram has its ranges, and minimum and maximum where it keeps them', async () => {
  const store = createStore();
  const exponential = { maxSize: 2, maxScale: 5, negative: true };
  const family = store
    .source({ scope: { name: 'demo' } })
    .family(specOf('demo.wait', { kind: 'histogram', exponential, minMax: true }), true);
  put(family, {}, 6, 11, 1, 0, 0, 1, 2, 1, 2, -1, 2, 1, 1, -0.75, 4);
  put(family, { nothing: 'yet' });
  const { metrics } = await collect(store.view);
  assert.equal(metrics[0]?.dataPointType, DataPointType.EXPONENTIAL_HISTOGRAM);
  assert.equal(metrics[0]?.aggregationTemporality, AggregationTemporality.CUMULATIVE);
  const range = (offset: number, ...bucketCounts: number[]) => ({ offset, bucketCounts });
  assert.deepEqual(
    metrics[0]?.dataPoints.map(({ value }) => value),
    [
      { count: 6, sum: 11, zeroCount: 1, scale: 0, positive: range(1, 1, 2), negative: range(-1, 1, 1), min: -0.75, max: 4 },
      { count: 0, sum: 0, zeroCount: 0, scale: 5, positive: range(0), negative: range(0) },
    ],
  );
});

test('a summary without quantiles is a histogram without bounds', async () => {
  const store = createStore();
  const family = store.source({ scope: { name: 'demo' } }).family(specOf('demo.exec', { kind: 'summary' }), true);
  put(family, {}, 4, 1234);
  const { metrics } = await collect(store.view);
  assert.deepEqual(metrics[0]?.dataPoints[0]?.value, { buckets: { boundaries: [], counts: [4] }, sum: 1234, count: 4 });
});

for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
  test(`${value} is left out`, async () => {
    const store = createStore();
    const family = store.source({ scope: { name: 'demo' } }).family(specOf('demo.x'), true);
    put(family, { is: 'bad' }, value);
    put(family, { is: 'good' }, 1);
    const { metrics } = await collect(store.view);
    assert.deepEqual(attributesOf(metrics), [{ is: 'good' }]);
  });
}

test('a family is collected up to its greatest age, and not beyond, and not before it was ever good', async () => {
  let clock = startMs;
  const store = createStore({ clock: () => clock });
  const source = store.source({ scope: { name: 'demo' } });
  const old = source.family(specOf('demo.old', { maxAgeMs: 1_000 }), false);
  const forever = source.family(specOf('demo.forever', { maxAgeMs: Number.POSITIVE_INFINITY }), false);
  source.family(specOf('demo.never', { maxAgeMs: Number.POSITIVE_INFINITY }), false);
  source.replace([old, forever], () => {
    put(old, {}, 1);
    put(forever, {}, 1);
  });
  clock += 1_000;
  assert.deepEqual(namesOf((await collect(store.view, clock)).metrics), ['demo.old', 'demo.forever']);
  clock += 1;
  assert.deepEqual(namesOf((await collect(store.view, clock)).metrics), ['demo.forever']);
});

test('a row that went away is in no later collection, and its number shows the series that has it now', async () => {
  const { store, runs, row } = smallStore();
  const producer = createProducer({ view: store.view, refresh: async () => {}, clock: () => now, ageClock: () => now });
  const attributes = async () =>
    attributesOf((await producer.collect()).resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics));
  assert.deepEqual(await attributes(), [{ status: 'success' }]);
  runs.drop(row);
  assert.deepEqual(await attributes(), []);
  put(runs, { status: 'failed' }, 1);
  assert.deepEqual(await attributes(), [{ status: 'failed' }]);
});

test('a total that fell has a new start time', async () => {
  const { store, runs, row } = smallStore();
  runs.setStart(row, now - 1_000);
  const { metrics } = await collect(store.view);
  assert.deepEqual(metrics[0]?.dataPoints[0]?.startTime, [1_700_000_004, 123_000_000]);
});

test('a start after the collection, from a clock that was set back, is the collection', async () => {
  const { store } = smallStore();
  const { metrics } = await collect(store.view, startMs - 1);
  assert.deepEqual(metrics[0]?.dataPoints[0]?.startTime, metrics[0]?.dataPoints[0]?.endTime);
});

test('sources of one scope are one scope, a source with a resource of its own is left out', async () => {
  const store = createStore();
  for (const name of ['demo.a', 'demo.b']) put(store.source({ scope: { name: 'demo' } }).family(specOf(name), true), {}, 1);
  put(store.source({ scope: { name: 'other' } }).family(specOf('other.c'), true), {}, 1);
  put(store.source({ scope: { name: 'foreign' }, resource: new Uint8Array([1]) }).family(specOf('foreign.d'), true), {}, 1);
  const { scopes } = await collect(store.view);
  assert.deepEqual(
    scopes.map(({ scope, metrics }) => [scope.name, namesOf(metrics)]),
    [
      ['demo', ['demo.a', 'demo.b']],
      ['other', ['other.c']],
    ],
  );
});

test('what is left out for its resource is said once', async () => {
  const { store } = smallStore();
  const foreign = store.source({ scope: { name: 'foreign' }, resource: new Uint8Array([1]) });
  for (const name of ['foreign.a', 'foreign.b']) put(foreign.family(specOf(name), true), {}, 1);
  const lines: string[] = [];
  const producer = createProducer({ view: store.view, refresh: async () => {}, log: (line) => lines.push(line) });
  for (let n = 0; n < 2; n++) await producer.collect();
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /^foreign\.a: has a resource of its own.*Fix: push with push\.exporter: 'meterbridge'/);
});

test('a store of several slices is collected whole', async () => {
  const store = createStore();
  const family = store.source({ scope: { name: 'demo' } }).family(specOf('demo.many', { labels: ['n'] }), true);
  for (let n = 0; n < 10_000; n++) put(family, { n: String(n) }, n);
  const { metrics } = await collect(store.view);
  assert.equal(metrics.length, 1);
  assert.deepEqual(
    metrics[0]?.dataPoints.map(({ value }) => value),
    Array.from({ length: 10_000 }, (_, n) => n),
  );
});

test('a refresh that fails is an error beside what the store holds', async () => {
  const { store } = smallStore();
  const failure = new Error('no database');
  const { metrics, errors } = await collect(store.view, now, () => Promise.reject(failure));
  assert.deepEqual([namesOf(metrics), errors], [['demo.runs'], [failure]]);
});

test("a refresh that hangs does not outlast the reader's timeout", async () => {
  const { store } = smallStore();
  const keep = setTimeout(() => {}, 60_000);
  const hanging = createProducer({
    view: store.view,
    refresh: () => new Promise(() => {}),
    clock: () => now,
    ageClock: () => now,
  });
  const { resourceMetrics, errors } = await hanging.collect({ timeoutMillis: 5 });
  clearTimeout(keep);
  assert.equal(resourceMetrics.scopeMetrics.length, 1);
  assert.match(String(errors[0]), /within 5 ms/);
});

function namesOf(metrics: readonly MetricData[]): string[] {
  return metrics.map(({ descriptor }) => descriptor.name);
}

function attributesOf(metrics: readonly MetricData[]): unknown[] {
  return metrics.flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => ({ ...attributes })));
}
