import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import {
  createMetricsWriter,
  type EncodedRequest,
  encodeAttributes,
  type MetricHead,
  type MetricsWriter,
} from '../../../src/otlp/index.ts';
import { anyBatch, sdkMetrics, write } from '../batch.ts';
import { decodeMetrics } from '../decode-metrics.ts';

const encodings = [
  ['protobuf', 'application/x-protobuf'],
  ['json', 'application/json'],
] as const;
const unlimited = { points: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
type Any = any;

function only(writer: MetricsWriter): Uint8Array {
  const [request, ...more] = writer.end();
  assert.deepEqual(more, []);
  const bytes = request?.bytes.slice() ?? new Uint8Array(0);
  if (request !== undefined) writer.reuse(request);
  return bytes;
}

test('protobuf: byte for byte what OpenTelemetry JS writes, but for the resource', () => {
  const writer = createMetricsWriter('protobuf', unlimited);
  fc.assert(
    fc.property(anyBatch, (batch) => {
      write(writer, batch);
      const ours = Buffer.from(only(writer));
      const theirs = Buffer.from(ProtobufMetricsSerializer.serializeRequest(sdkMetrics(batch)) as Uint8Array);
      // They write `dropped_attributes_count: 0` at the end of the resource, which is two bytes and may be left out.
      const [decoded, peer] = [ours, theirs].map((bytes) => decodeMetrics('application/x-protobuf', bytes));
      delete peer.resourceMetrics[0].resource.droppedAttributesCount;
      assert.deepEqual(decoded, peer);
      const scopes = ours.length - scopesAt(ours);
      assert.ok(ours.subarray(-scopes).equals(theirs.subarray(-scopes)));
    }),
    { numRuns: 300 },
  );
});

/** Where the scopes begin, behind the resource. */
function scopesAt(request: Buffer): number {
  // Tag and length of ResourceMetrics, and the tag of its resource.
  let at = 1 + request.subarray(1).findIndex((byte) => byte < 128) + 2;
  let length = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = request[at++] as number;
    length += (byte & 127) * factor;
    if (byte < 128) return at + length;
  }
}

test('JSON says the same as protobuf', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const [protobuf, json] = encodings.map(([encoding, type]) => {
        const writer = createMetricsWriter(encoding, unlimited);
        write(writer, batch);
        return decodeMetrics(type, only(writer));
      });
      assert.deepEqual(plain(json), plain(protobuf));
    }),
    { numRuns: 200 },
  );
});

test('JSON says the same as that of OpenTelemetry JS', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const writer = createMetricsWriter('json', unlimited);
      write(writer, batch);
      const theirs = JsonMetricsSerializer.serializeRequest(sdkMetrics(batch)) as Uint8Array;
      // Theirs says `0` of -0.
      const [ours, stock] = [only(writer), theirs].map((body) => withoutMinusZero(plain(decodeMetrics('application/json', body))));
      assert.deepEqual(ours, stock);
    }),
    { numRuns: 200 },
  );
});

function withoutMinusZero(value: Any): Any {
  return JSON.parse(JSON.stringify(value));
}

/** Without what proto3 leaves out because it is the default. */
function plain(value: Any): Any {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as object).filter(([name, one]) => {
    if (/^(attributes|bucketCounts|values|filteredAttributes|quantileValues|explicitBounds)$/.test(name)) return one.length > 0;
    if (/^(offset|scale|flags|droppedAttributesCount)$/.test(name)) return one !== 0;
    return !(/^(version|schemaUrl|description|unit|name)$/.test(name) && one === '');
  });
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one)]));
}

const place = { attributes: encodeAttributes({ a: 'b' }), from: 0, to: 8 + 2, startMs: 1_000, timeMs: 2_000 };
const head = (type: MetricHead['type']): MetricHead => ({
  name: 'm',
  description: '',
  unit: '',
  type,
  temporality: 'cumulative',
  monotonic: true,
});
const exemplar = {
  value: 0.5,
  timeMs: 1_500,
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: '0102030405060708',
  filteredAttributes: encodeAttributes({ user: 7 }),
};

function one(encoding: 'protobuf' | 'json', type: MetricHead['type'], add: (writer: MetricsWriter) => void): Any {
  const writer = createMetricsWriter(encoding, unlimited);
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head(type));
  add(writer);
  const [, contentType] = encodings.find(([name]) => name === encoding) ?? [];
  const request = decodeMetrics(contentType, only(writer));
  const [metric] = request.resourceMetrics[0].scopeMetrics[0].metrics;
  assert.equal(metric[type].dataPoints.length, 1);
  return metric[type].dataPoints[0];
}

const attributes = [{ key: 'a', value: { stringValue: 'b' } }];
const times = { startTimeUnixNano: '1000000000', timeUnixNano: '2000000000' };
const shownExemplar = {
  filteredAttributes: [{ key: 'user', value: { intValue: 7 } }],
  timeUnixNano: '1500000000',
  asDouble: 0.5,
  spanId: exemplar.spanId,
  traceId: exemplar.traceId,
};

for (const [encoding] of encodings) {
  for (const type of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const) {
    test(`${encoding}: a ${type} without a recorded value has the flag, and no value`, () => {
      const point = one(encoding, type, (writer) => writer.noRecordedValue(place));
      assert.deepEqual(point, { attributes, ...times, flags: 1 });
    });
  }

  test(`${encoding}: a histogram that is gone has the flag, and its bounds`, () => {
    const point = one(encoding, 'histogram', (writer) => writer.histogram(place, [1, 2], [0, 0, 0], 0, 0, { gone: true }));
    const zeros = { count: 0, sum: 0, bucketCounts: [0, 0, 0] };
    assert.deepEqual(point, { attributes, ...times, ...zeros, explicitBounds: [1, 2], flags: 1 });
  });

  test(`${encoding}: -0 stays -0`, () => {
    const minus = { ...exemplar, value: -0 };
    const number = one(encoding, 'gauge', (writer) => writer.number(place, -0, [minus]));
    const histogram = one(encoding, 'histogram', (writer) => writer.histogram(place, [1], [2, 3], 0, -0, { min: -0, max: -0 }));
    const summary = one(encoding, 'summary', (writer) => writer.summary(place, 1, -0, [{ quantile: 0, value: -0 }]));
    const { sum, min, max } = histogram;
    const shown = [number.asDouble, number.exemplars[0].asDouble, sum, min, max, summary.sum, summary.quantileValues[0].value];
    assert.deepEqual(shown, [-0, -0, -0, -0, -0, -0, -0]);
  });

  test(`${encoding}: a summary with quantiles`, () => {
    const quantileValues = [
      { quantile: 0.5, value: 3 },
      { quantile: 1, value: 4 },
    ];
    const point = one(encoding, 'summary', (writer) => writer.summary(place, 2 ** 40, 2.5, quantileValues));
    assert.deepEqual(point, { attributes, ...times, count: 2 ** 40, sum: 2.5, quantileValues });
  });

  test(`${encoding}: exemplars`, () => {
    const number = one(encoding, 'sum', (writer) => writer.number(place, 1, [exemplar]));
    assert.deepEqual(number, { attributes, ...times, asDouble: 1, exemplars: [shownExemplar] });
    const histogram = one(encoding, 'histogram', (writer) =>
      writer.histogram(place, [1], [2, 3], 0, 9, { exemplars: [exemplar, exemplar] }),
    );
    assert.deepEqual(histogram.exemplars, [shownExemplar, shownExemplar]);
    assert.deepEqual([histogram.count, histogram.bucketCounts, histogram.attributes], [5, [2, 3], attributes]);
    const empty = { offset: 0, counts: [] };
    const exponential = { count: 1, scale: -1, zeroCount: 1, zeroThreshold: 0.25, positive: empty, negative: empty };
    const point = one(encoding, 'exponentialHistogram', (writer) =>
      writer.exponentialHistogram(place, exponential, { exemplars: [exemplar] }),
    );
    assert.deepEqual([point.exemplars, point.zeroThreshold, point.scale], [[shownExemplar], 0.25, -1]);
    assert.deepEqual(point.startTimeUnixNano, times.startTimeUnixNano);
  });
}

test('protobuf: an exemplar leaves the times of the next point alone', () => {
  const writer = createMetricsWriter('protobuf', unlimited);
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head('sum'));
  writer.number(place, 1, [exemplar]);
  writer.number(place, 2);
  const { dataPoints } = decodeMetrics('application/x-protobuf', only(writer)).resourceMetrics[0].scopeMetrics[0].metrics[0].sum;
  assert.deepEqual(dataPoints[1], { attributes, ...times, asDouble: 2 });
});

for (const [encoding, type] of encodings) {
  test(`${encoding}: requests end at their limit, and each names where its points belong`, () => {
    const writer = createMetricsWriter(encoding, { points: 3, bytes: 1_000_000 });
    writer.resource({ attributes: encodeAttributes({ r: 'x' }) });
    writer.scope({ name: 's', version: '1', schemaUrl: 'urn:x' });
    writer.metric(head('sum'));
    for (let n = 0; n < 4; n++) writer.number(place, n);
    writer.metric(head('histogram'));
    writer.metric({ ...head('gauge'), name: 'g' });
    for (let n = 4; n < 7; n++) writer.number(place, n);
    const full = writer.full();
    const requests = [...full, ...writer.end()];
    assert.deepEqual([full.length, requests.map(({ points }) => points)], [2, [3, 3, 1]]);
    const shown = requests.map(({ bytes }) => {
      const [{ resource, scopeMetrics }] = decodeMetrics(type, bytes).resourceMetrics;
      const [{ scope, schemaUrl, metrics }] = scopeMetrics;
      assert.deepEqual([resource.attributes[0].key, scope, schemaUrl], ['r', { name: 's', version: '1' }, 'urn:x']);
      return metrics.map((metric: Any) => [metric.name, (metric.sum ?? metric.gauge).dataPoints.map((point: Any) => point.asDouble)]);
    });
    assert.deepEqual(shown, [
      [['m', [0, 1, 2]]],
      [
        ['m', [3]],
        ['g', [4, 5]],
      ],
      [['g', [6]]],
    ]);
    assert.deepEqual(writer.end(), []);
  });

  test(`${encoding}: a request stays as it is until it is given back`, () => {
    const writer = createMetricsWriter(encoding, { points: 1, bytes: 1_000_000 });
    writer.resource({ attributes: encodeAttributes({}) });
    writer.scope({ name: 's' });
    writer.metric(head('gauge'));
    const written = (value: number) => {
      writer.number(place, value);
      const [request] = writer.full();
      assert.ok(request);
      return request;
    };
    const shownBy = ({ bytes }: EncodedRequest) =>
      decodeMetrics(type, bytes).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0].asDouble;
    const [first, kept] = [written(1), written(2)];
    writer.reuse(first);
    const [third, fourth] = [written(3), written(4)];
    assert.deepEqual([kept, third, fourth].map(shownBy), [2, 3, 4]);
    if (encoding === 'protobuf') assert.equal(third.bytes.buffer, first.bytes.buffer);
  });

  test(`${encoding}: after clear nothing is left`, () => {
    const writer = createMetricsWriter(encoding, { points: 2, bytes: 1_000_000 });
    const begin = () => {
      writer.resource({ attributes: encodeAttributes({}) });
      writer.scope({ name: 's' });
      writer.metric(head('gauge'));
    };
    begin();
    for (const value of [1, 2, 3]) writer.number(place, value);
    writer.clear();
    begin();
    writer.number(place, 4);
    assert.deepEqual(writer.full(), []);
    const { dataPoints } = decodeMetrics(type, only(writer)).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge;
    assert.deepEqual(
      dataPoints.map((point: Any) => point.asDouble),
      [4],
    );
  });

  test(`${encoding}: requests end when they are big enough`, () => {
    const writer = createMetricsWriter(encoding, { points: 1_000_000, bytes: 10_000 });
    writer.resource({ attributes: encodeAttributes({}) });
    writer.scope({ name: 's' });
    writer.metric(head('gauge'));
    for (let n = 0; n < 2_000; n++) writer.number(place, n);
    const requests = [...writer.full(), ...writer.end()];
    assert.equal(
      requests.reduce((sum, { points }) => sum + points, 0),
      2_000,
    );
    assert.ok(requests.length > 5);
    for (const { bytes } of requests) assert.ok(bytes.length < 10_400, String(bytes.length));
  });

  test(`${encoding}: what has no point is not written`, () => {
    const writer = createMetricsWriter(encoding, unlimited);
    writer.resource({ attributes: encodeAttributes({}) });
    writer.scope({ name: 's' });
    writer.metric(head('gauge'));
    assert.deepEqual(writer.end(), []);
  });
}
