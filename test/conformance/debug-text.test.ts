/** The reader of the debug exporter's text, on a text that a Collector 0.159 printed (its dates and values shortened). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreesWithPrinted, debugSeries } from './debug-series.ts';
import { parseDebugText } from './debug-text.ts';

const text = `Metrics\t{"resource metrics": 1, "metrics": 2, "data points": 3}
ResourceMetrics #0
Resource SchemaURL: 
Resource attributes:
     -> service.name: Str(d)
ScopeMetrics #0
ScopeMetrics SchemaURL: 
InstrumentationScope fx 1.2
Metric #0
Descriptor:
     -> Name: fx.runs
     -> Description: Two
lines.
     -> Unit: {run}
     -> DataType: Sum
     -> IsMonotonic: true
     -> AggregationTemporality: Cumulative
NumberDataPoints #0
Data point attributes:
     -> status: Str(a
b "q" ): Str(y))
     -> Name: Str(n)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Value: 3.000000
NumberDataPoints #1
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Value: 4
Metric #1
Descriptor:
     -> Name: fx.time
     -> Description: T.
     -> Unit: s
     -> DataType: Histogram
     -> AggregationTemporality: Cumulative
HistogramDataPoints #0
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Count: 3
Sum: 4.500000
ExplicitBounds #0: 0.100000
Buckets #0, Count: 1
Buckets #1, Count: 2

`;

test('a batch is read back', () => {
  const [batch, ...more] = parseDebugText(text);
  assert.equal(more.length, 0);
  assert.deepEqual(batch?.resource, { 'service.name': 'd' });
  const fx = {
    'fx.runs': { scope: 'fx', series: 'fx_runs_total', kind: 'counter', unit: '{run}', help: 'Two\nlines.' },
    'fx.time': { scope: 'fx', series: 'fx_time_seconds', kind: 'histogram', unit: 's', help: 'T.', bounds: [0.1] },
  } as const;
  const { values, gone, zeroOrGone } = debugSeries(batch ?? assert.fail(), fx, 'Summary');
  assert.deepEqual([gone.size, zeroOrGone.size], [0, 0]);
  assert.deepEqual(Object.fromEntries(values), {
    'fx_runs_total{Name="n",status="a\\nb \\"q\\" ): Str(y)"}': '3.000000',
    'fx_runs_total{}': '4',
    'fx_time_seconds_sum{}': '4.500000',
    'fx_time_seconds_count{}': '3',
    'fx_time_seconds_bucket{le="0.1"}': '1',
    'fx_time_seconds_bucket{le="Infinity"}': '3',
  });
});

/**
 * Points with the flag NO_RECORDED_VALUE as the same Collector printed them, beside one of the same metric that has its value.
 */
const goneText = `Metrics\t{"resource metrics": 1, "metrics": 3, "data points": 5}
ResourceMetrics #0
Resource SchemaURL: 
Resource attributes:
     -> service.name: Str(t)
ScopeMetrics #0
ScopeMetrics SchemaURL: 
InstrumentationScope t 
Metric #0
Descriptor:
     -> Name: t.g
     -> Description: G.
     -> Unit: 
     -> DataType: Gauge
NumberDataPoints #0
Data point attributes:
     -> x: Str(n)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Value: NaN
NumberDataPoints #1
Data point attributes:
     -> x: Str(a)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Metric #1
Descriptor:
     -> Name: t.s
     -> Description: S.
     -> Unit: s
     -> DataType: Summary
SummaryDataPoints #0
Data point attributes:
     -> x: Str(b)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Count: 1
Sum: 1.000000
SummaryDataPoints #1
Data point attributes:
     -> x: Str(a)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Count: 0
Sum: 0.000000
Metric #2
Descriptor:
     -> Name: t.h
     -> Description: H.
     -> Unit: s
     -> DataType: Histogram
     -> AggregationTemporality: Cumulative
HistogramDataPoints #0
Data point attributes:
     -> x: Str(a)
StartTimestamp: 2023-11-14 22:13:20 +0000 UTC
Timestamp: 2023-11-14 22:13:21 +0000 UTC
Count: 0
Sum: 0.000000
ExplicitBounds #0: 1.000000
Buckets #0, Count: 0
Buckets #1, Count: 0

`;

test('a point without a value is none of 0; a histogram or summary of nothing may be either', () => {
  const [batch] = parseDebugText(goneText);
  const t = {
    't.g': { scope: 't', series: 't_g', kind: 'gauge', unit: '', help: 'G.' },
    't.s': { scope: 't', series: 't_s_seconds', kind: 'summary', unit: 's', help: 'S.' },
    't.h': { scope: 't', series: 't_h_seconds', kind: 'histogram', unit: 's', help: 'H.', bounds: [1] },
  } as const;
  const nothing = ['sum{', 'count{', 'bucket{le="1",', 'bucket{le="Infinity",'].map((end) => `t_h_seconds_${end}x="a"}`);
  const { values, gone, zeroOrGone } = debugSeries(batch ?? assert.fail(), t, 'Summary');
  assert.deepEqual(Object.fromEntries(values), {
    't_g{x="n"}': 'NaN',
    't_s_seconds_sum{x="b"}': '1.000000',
    't_s_seconds_count{x="b"}': '1',
    't_s_seconds_sum{x="a"}': '0.000000',
    't_s_seconds_count{x="a"}': '0',
    ...Object.fromEntries(nothing.map((key) => [key, key.includes('_sum') ? '0.000000' : '0'])),
  });
  assert.deepEqual([...zeroOrGone], ['t_s_seconds_sum{x="a"}', 't_s_seconds_count{x="a"}', ...nothing]);
  assert.deepEqual([...gone], ['t_g{x="a"}']);
});

for (const cut of [20, text.length >> 1, text.length - 1]) {
  test(`a batch that is still being printed is left out (${cut} characters)`, () => {
    assert.equal(parseDebugText(text.slice(0, cut)).length, 0);
    assert.equal(parseDebugText(text + text.slice(0, cut)).length, 1);
  });
}

for (const [value, printed, agrees] of [
  [0.1234567, '0.123457', true],
  [0.0078125, '0.007812', true],
  [1e21, '1000000000000000000000.000000', true],
  [1e-9, '0.000000', true],
  [3, '3', true],
  [3, '4', false],
  [0.123458, '0.123457', false],
  [Number.NaN, 'NaN', true],
  [Infinity, '+Inf', true],
  [-Infinity, '-Inf', true],
  [Infinity, '-Inf', false],
  [0, 'NaN', false],
  [Number.NaN, '0.000000', false],
] as const) {
  test(`${value} ${agrees ? 'agrees' : 'does not agree'} with ${printed}`, () =>
    assert.equal(agreesWithPrinted(value, printed), agrees));
}
