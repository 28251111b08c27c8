import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import {
  createMetricsWriter,
  encodeAttributes,
  type MetricHead,
  type MetricsWriter,
} from '../../../../src/formats/otlp/index.ts';
import { protobufToJson } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import { anyBatch, sdkMetrics, write } from '../batch.ts';
import { decodeMetrics } from '../decode-metrics.ts';
import { head, only, place, unlimited } from './rig.ts';

const decode = {
  protobuf: (request: Uint8Array) => decodeMetrics('application/x-protobuf', request),
  json: (request: Uint8Array) => decodeMetrics('application/json', asJson(request)),
} as const;
// biome-ignore lint/suspicious/noExplicitAny: OTLP as JSON, read by tests only
type Any = any;

function asJson(request: Uint8Array): Uint8Array {
  const writing = protobufToJson(request);
  for (;;) {
    const { done, value } = writing.next();
    if (done) return value;
  }
}

test('protobuf: byte for byte what OpenTelemetry JS writes, but for the resource', () => {
  const writer = createMetricsWriter(unlimited);
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
      const writer = createMetricsWriter(unlimited);
      write(writer, batch);
      const request = only(writer);
      assert.deepEqual(plain(decode.json(request)), plain(decode.protobuf(request)));
    }),
    { numRuns: 200 },
  );
});

test('JSON says the same as that of OpenTelemetry JS', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const writer = createMetricsWriter(unlimited);
      write(writer, batch);
      const theirs = JsonMetricsSerializer.serializeRequest(sdkMetrics(batch)) as Uint8Array;
      // Theirs says `0` of -0.
      const [ours, stock] = [asJson(only(writer)), theirs].map((body) =>
        withoutMinusZero(plain(decodeMetrics('application/json', body))),
      );
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
    if (/^(offset|scale|flags|droppedAttributesCount|count|zeroCount)$/.test(name)) return one !== 0;
    if (/UnixNano$/.test(name)) return one !== '0';
    return !(/^(version|schemaUrl|description|unit|name)$/.test(name) && one === '');
  });
  return Object.fromEntries(entries.map(([name, one]) => [name, plain(one)]));
}

const exemplar = {
  value: 0.5,
  timeMs: 1_500,
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: '0102030405060708',
  filteredAttributes: encodeAttributes({ user: 7 }),
};

function one(encoding: 'protobuf' | 'json', type: MetricHead['type'], add: (writer: MetricsWriter) => void): Any {
  const writer = createMetricsWriter(unlimited);
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head(type));
  add(writer);
  const request = decode[encoding](only(writer));
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

for (const encoding of ['protobuf', 'json'] as const) {
  for (const type of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const) {
    test(`${encoding}: a ${type} without a recorded value has the flag, and no value`, () => {
      const point = one(encoding, type, (writer) => writer.noRecordedValue(place));
      // As in the Collector's JSON, whose struct has both ranges.
      const empty =
        encoding === 'json' && type === 'exponentialHistogram' ? { count: 0, zeroCount: 0, positive: {}, negative: {} } : {};
      assert.deepEqual(point, { attributes, ...times, ...empty, flags: 1 });
    });
  }

  test(`${encoding}: a histogram that is gone has the flag, and its bounds`, () => {
    const point = one(encoding, 'histogram', (writer) => writer.histogram(place, [1, 2], [0, 0, 0], 0, 0, { gone: true }));
    const zeros = { count: 0, sum: 0, bucketCounts: [0, 0, 0] };
    assert.deepEqual({ count: 0, ...point }, { attributes, ...times, ...zeros, explicitBounds: [1, 2], flags: 1 });
  });

  test(`${encoding}: -0 stays -0`, () => {
    const minus = { ...exemplar, value: -0 };
    const number = one(encoding, 'gauge', (writer) => writer.number(place, -0, [minus]));
    const histogram = one(encoding, 'histogram', (writer) => writer.histogram(place, [1], [2, 3], 0, -0, { min: -0, max: -0 }));
    const summary = one(encoding, 'summary', (writer) => writer.summary(place, 1, -0, [{ quantile: 0, value: -0 }]));
    const { sum, min, max } = histogram;
    assert.deepEqual([number.asDouble, number.exemplars[0].asDouble, sum, min, max], [-0, -0, -0, -0, -0]);
    // Without presence: the Collector's JSON leaves out a zero of either sign.
    const kept = encoding === 'json' ? undefined : -0;
    assert.deepEqual([summary.sum, summary.quantileValues[0].value], [kept, kept]);
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
  const writer = createMetricsWriter(unlimited);
  writer.resource({ attributes: encodeAttributes({}) });
  writer.scope({ name: 's' });
  writer.metric(head('sum'));
  writer.number(place, 1, [exemplar]);
  writer.number(place, 2);
  const { dataPoints } = decode.protobuf(only(writer)).resourceMetrics[0].scopeMetrics[0].metrics[0].sum;
  assert.deepEqual(dataPoints[1], { attributes, ...times, asDouble: 2 });
});
