/** `batchTree` → `batchOfJson`: every value of a batch is in the batch that is made of its tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchOfJson, batchTree, copyBatch, readBatch } from '../../../src/collector.ts';
import { jsonOf } from '../../../src/formats/otlp/json/from-protobuf.ts';
import { request as message } from '../../formats/otlp/generated.ts';
import { Choices, writeRandom } from '../../formats/otlp/wire-forms.ts';

const numRuns = Number(process.env.METERBRIDGE_CASES ?? 2_000);
const seed = Number(process.env.METERBRIDGE_SEED ?? 1);

/** One of each type, with all that may stand in a point, at the ends of what it may be. */
const attributes = [
  { key: 'text', value: { stringValue: 'é\n"' } },
  { key: 'flag', value: { boolValue: false } },
  { key: 'whole', value: { intValue: '-9223372036854775808' } },
  { key: 'minus zero', value: { doubleValue: '-0' } },
  { key: 'none', value: { doubleValue: 'NaN' } },
  { key: 'bytes', value: { bytesValue: 'AP+/' } },
  { key: 'list', value: { arrayValue: { values: [{}, { doubleValue: '-Infinity' }, { bytesValue: '' }] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { intValue: '9007199254740993' } }] } } },
];
const times = { startTimeUnixNano: '1', timeUnixNano: '18446744073709551615', flags: 4294967295 };
const exemplar = {
  filteredAttributes: attributes,
  timeUnixNano: '1795357530000000001',
  asInt: '-9223372036854775808',
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
};
const exemplars = [exemplar, { asDouble: 'NaN' }];
const counts = { count: '18446744073709551615', sum: '-0', min: '-Infinity', max: 'Infinity', exemplars };
const buckets = { offset: -2147483648, bucketCounts: ['0', '18446744073709551615'] };
const metrics = [
  {
    name: 'g',
    description: 'd',
    unit: 'By',
    metadata: attributes,
    gauge: { dataPoints: [{ attributes, ...times, asDouble: 0.1 }] },
  },
  {
    name: 'n',
    sum: { isMonotonic: true, aggregationTemporality: 1, dataPoints: [{ ...times, asInt: '9007199254740993', exemplars }] },
  },
  { name: 'u', sum: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: '1', asDouble: '-0' }] } },
  {
    name: 'h',
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [{ ...times, ...counts, bucketCounts: ['1', '2'], explicitBounds: [-0.5] }],
    },
  },
  {
    name: 'e',
    exponentialHistogram: {
      aggregationTemporality: 1,
      dataPoints: [{ ...times, ...counts, scale: -10, zeroCount: '3', zeroThreshold: 0.25, positive: buckets, negative: {} }],
    },
  },
  {
    name: 's',
    summary: { dataPoints: [{ ...times, count: '1', sum: 2, quantileValues: [{ quantile: 0.5, value: 'Infinity' }, {}] }] },
  },
];
const entityRefs = [{ schemaUrl: 'u', type: 'host', idKeys: ['a', 'b'], descriptionKeys: ['c'] }];
const everything = {
  resourceMetrics: [
    {
      resource: { attributes, droppedAttributesCount: 3, entityRefs },
      schemaUrl: 'https://x',
      scopeMetrics: [
        { scope: { name: 'n', version: '1', attributes, droppedAttributesCount: 7 }, schemaUrl: 'https://y', metrics },
        {},
      ],
    },
    {},
  ],
};

const written = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('a batch of everything', () => {
  const batch = batchOfJson(everything);
  assert.deepEqual([batch.points, batch.rejected], [6, 0]);
  const again = batchOfJson(batchTree(batch));
  assert.deepEqual(batchTree(again), batchTree(batch));
  // As the exporter `file` writes it, which has another way to the values.
  assert.equal(written(jsonOf(again)), written(jsonOf(batch)));
});

test('random requests', () => {
  let points = 0;
  const entropy = fc.uint8Array({ minLength: 20, maxLength: 500, size: 'max' });
  fc.assert(
    fc.property(entropy, (choices) => {
      const batch = copyBatch(readBatch(new Uint8Array(writeRandom(message, new Choices(choices)))));
      points += batch.points;
      assert.deepEqual(batchTree(batchOfJson(batchTree(batch))), batchTree(batch));
    }),
    { numRuns, seed },
  );
  assert.ok(points > 500, `only ${points} points: the requests say nothing`);
});

test('numbers and bytes of a program’s own are taken as they are', () => {
  const traceId = Uint8Array.from({ length: 16 }, (_, index) => index);
  const points = [
    { timeUnixNano: 5n, asInt: 2n ** 62n, exemplars: [{ asDouble: Number.NaN, traceId, spanId: Buffer.from('abcdefgh') }] },
  ];
  const data = {
    dataPoints: points.map((point) => ({ ...point, attributes: [{ key: 'b', value: { bytesValue: Buffer.from([0, 255]) } }] })),
  };
  const batch = batchOfJson({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'g', gauge: data }] }] }] });
  const metric = batchTree(batch)[0]?.scopes[0]?.metrics[0];
  const [point] = metric?.type === 'gauge' ? metric.points : [];
  assert.deepEqual([point?.timeUnixNano, point?.asInt], [5n, 2n ** 62n]);
  assert.deepEqual(Buffer.from(point?.attributes[0]?.value?.bytesValue ?? []), Buffer.from([0, 255]));
  const [exemplar] = point?.exemplars ?? [];
  assert.ok(Number.isNaN(exemplar?.asDouble));
  assert.deepEqual(Buffer.from(exemplar?.traceId ?? []), Buffer.from(traceId));
  assert.equal(Buffer.from(exemplar?.spanId ?? []).toString(), 'abcdefgh');
});
