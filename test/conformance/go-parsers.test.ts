/** The program around Prometheus' parsers says what is in a page, in each format, so that other tests can rely on it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { decodeExposition, decodeExpositions, decodeFamilies } from './go-parsers.ts';
import { requirePeer } from './peers.ts';

const openMetrics = 'application/openmetrics-text; version=1.0.0';
const protobuf = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const bytes = (text: string) => Buffer.from(text);

test('OpenMetrics: metadata, labels, times, exemplars, and what a scrape refuses', (t: TestContext) => {
  if (requirePeer(t, 'goParsers') === undefined) return;
  const page = '# TYPE a counter\n# UNIT a \na_total{b="1",a="\\n"} -0 1.5 # {t="x"} +Inf 2\na_created 1\n{"ü.b"} NaN\n# EOF\n';
  assert.deepEqual(decodeExposition(bytes(page), openMetrics), {
    metadata: [
      { line: 'TYPE', name: 'a', text: 'counter' },
      { line: 'UNIT', name: 'a', text: '' },
    ],
    samples: [
      {
        labels: [
          ['__name__', 'a_total'],
          ['a', '\n'],
          ['b', '1'],
        ],
        value: -0,
        timestamp: 1500,
        start: 0,
        exemplars: [{ labels: [['t', 'x']], value: Number.POSITIVE_INFINITY, timestamp: 2000 }],
      },
      { labels: [['__name__', 'a_created']], value: 1, start: 0, exemplars: [] },
      { labels: [['__name__', 'ü.b']], value: Number.NaN, start: 0, exemplars: [] },
    ],
    error: undefined,
  });
  const pages = ['a 1\n', '{"",b="1"} 1\n# EOF\n'].map((text) => ({ page: bytes(text), contentType: openMetrics }));
  const errors = decodeExpositions(pages).map(({ error }) => error);
  assert.deepEqual(errors, ['data does not end with # EOF', 'scrape: invalid metric name or label names: {__name__="", b="1"}']);
});

/**
 * A delimited MetricFamily `h`, typed from metrics.proto: schema 3, one span (offset −1, length 2), deltas 4 and −1, and one
 * classic bucket.
 */
const histogram = [
  ...[0x0a, 1, 0x68, 0x18, 4, 0x22], // name "h", type HISTOGRAM, metric
  31, // its length
  ...[0x3a, 29], // histogram
  ...[0x08, 7], // sample_count 7
  ...[0x1a, 13, 0x08, 2, 0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x1a, 0], // bucket: 2 up to 1, an empty exemplar
  ...[0x28, 6], // schema 3
  ...[0x62, 4, 0x08, 1, 0x10, 2], // positive_span
  ...[0x68, 8, 0x68, 1], // positive_delta
];

test('protobuf: a histogram that is native and classic', (t: TestContext) => {
  if (requirePeer(t, 'goParsers') === undefined) return;
  const page = Uint8Array.of(histogram.length, ...histogram);
  const { samples, error } = decodeExposition(page, protobuf);
  assert.equal(error, undefined);
  assert.deepEqual(samples[0]?.histogram, {
    ...{ schema: 3, zeroThreshold: 0, zeroCount: 0, count: 7, sum: 0, gauge: false, float: false },
    ...{ positiveSpans: [[-1, 2]], positive: [4, 3], negativeSpans: [], negative: [] },
  });
  const names = samples.map(({ labels }) => labels.map(([, value]) => value).join());
  assert.deepEqual(names, ['h', 'h_count', 'h_sum', 'h_bucket,1.0', 'h_bucket,+Inf']);
  assert.equal(decodeExposition(page, protobuf, { dropClassic: true }).samples.length, 1);
  assert.equal(decodeExposition(page, protobuf, { dropNative: true }).samples.length, 4);
  const family = { name: 'h', type: 'HISTOGRAM' };
  const native = { schema: 3, positiveSpan: [{ offset: -1, length: 2 }], positiveDelta: ['4', '-1'] };
  const read = { sampleCount: '7', bucket: [{ cumulativeCount: '2', upperBound: 1, exemplar: {} }], ...native };
  assert.deepEqual(decodeFamilies(page, protobuf), {
    families: [{ ...family, metric: [{ histogram: read }] }],
    error: undefined,
  });
  assert.match(decodeExposition(page.subarray(0, 9), protobuf).error ?? '', /unexpected EOF|varint|length/);
});

test('text 0.0.4 through both', (t: TestContext) => {
  if (requirePeer(t, 'goParsers') === undefined) return;
  const page = bytes('# HELP a B.\n# TYPE a gauge\na 1e3 17\n');
  assert.deepEqual(decodeFamilies(page, 'text/plain; version=0.0.4').families, [
    { name: 'a', help: 'B.', type: 'GAUGE', metric: [{ gauge: { value: 1000 }, timestampMs: '17' }] },
  ]);
  assert.equal(decodeExposition(page, 'text/plain; version=0.0.4').samples[0]?.timestamp, 17);
});
