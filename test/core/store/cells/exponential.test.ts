/** Exponential buckets, by the norm's own figures and beside the SDK's aggregator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AggregationType, type ExponentialHistogram, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { bucketIndex } from '../../../../src/core/store/cells/exponential-index.ts';
import {
  blankRow,
  type ExponentialPoint,
  type ExponentialShape,
  type FamilySpec,
  layoutOf,
  mergeExponential,
  readExponential,
  recordExponential,
  subtractExponential,
} from '../../../../src/core/store/index.ts';

const signed: ExponentialShape = { maxSize: 160, maxScale: 20, negative: true };
const spec: FamilySpec = { name: 'a', kind: 'histogram', unit: '', help: '', labels: [], maxAgeMs: 0 };

function recorded(values: readonly number[], shape = signed): ExponentialPoint {
  // Between two other rows, which must stay as they are.
  const blank = blankRow(layoutOf({ ...spec, exponential: shape }));
  const cells = new Float64Array(3 * blank.length).fill(7);
  cells.set(blank, blank.length);
  for (const value of values) recordExponential(cells, blank.length, shape, value);
  for (let cell = 0; cell < blank.length; cell++)
    assert.deepEqual([cells[cell], cells[2 * blank.length + cell]], [7, 7], 'a neighbour');
  return readExponential(cells, blank.length, shape);
}

/** Plain data. Trailing and leading buckets are never 0. */
function plain({ positive, negative, ...rest }: ExponentialPoint) {
  const range = ({ offset, counts }: ExponentialPoint['positive']) => ({ offset, counts: Array.from(counts) });
  return { ...rest, positive: range(positive), negative: range(negative) };
}

// Data model, "All Scales", "Scale Zero": bucket i is (2^(i·2^-scale), 2^((i+1)·2^-scale)], so at scale 0 1 is in -1, 1.5 and 2
// in 0.
const smallestNormal = 2 ** -1022;
const largest = Number.MAX_VALUE;
const indexes: readonly (readonly [value: number, scale: number, index: number])[] = [
  ...(
    [
      [1, -1],
      [1.5, 0],
      [2, 0],
      [2.5, 1],
      [4, 1],
      [0.5, -2],
      [0.75, -1],
      [largest, 1023],
      [smallestNormal, -1023],
    ] as const
  ).map(([value, index]) => [value, 0, index] as const),
  // Scale 1: a half octave a bucket, √2 = 1.4142….
  ...(
    [
      [1, -1],
      [1.41, 0],
      [1.42, 1],
      [2, 1],
      [2.1, 2],
      [0.7, -2],
      [0.71, -1],
    ] as const
  ).map(([value, index]) => [value, 1, index] as const),
  // Scale 3: 2^(1/8) = 1.0905….
  ...(
    [
      [1.09, 0],
      [1.0906, 1],
      [2, 7],
      [1024, 79],
      [largest, 8191],
    ] as const
  ).map(([value, index]) => [value, 3, index] as const),
  // Scale -1: two octaves a bucket; scale -10: all of them in two.
  ...(
    [
      [1, -1],
      [1.1, 0],
      [4, 0],
      [4.1, 1],
      [16, 1],
      [0.25, -2],
      [0.26, -1],
    ] as const
  ).map(([value, index]) => [value, -1, index] as const),
  ...(
    [
      [largest, 0],
      [1.1, 0],
      [1, -1],
      [Number.MIN_VALUE, -1],
    ] as const
  ).map(([value, index]) => [value, -10, index] as const),
  // "Subnormal values … MAY be mapped into the index of the smallest normal value".
  ...[Number.MIN_VALUE, 2 ** -1050, smallestNormal * (1 - Number.EPSILON), smallestNormal].flatMap(
    (value) =>
      [
        [value, 0, -1023],
        [value, 20, -1022 * 2 ** 20 - 1],
        [value, -1, -512],
      ] as const,
  ),
];
for (const [value, scale, index] of indexes) {
  test(`${value} at scale ${scale} is in bucket ${index}`, () => assert.equal(bucketIndex(value, scale), index));
}

test('powers of two and their neighbours are on their own side of the bound, at every scale', () => {
  const next = (value: number, by: number): number => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    view.setBigUint64(0, view.getBigUint64(0) + BigInt(by));
    return view.getFloat64(0);
  };
  for (let scale = -10; scale <= 20; scale++) {
    for (let exponent = -1021; exponent <= 1023; exponent++) {
      const bound = 2 ** exponent;
      // The bound is the upper one of its bucket; what is above it is in a later one, unless that bucket spans octaves.
      const last = scale > 0 ? exponent * 2 ** scale - 1 : Math.floor((exponent - 1) / 2 ** -scale);
      const after = scale > 0 ? exponent * 2 ** scale : Math.floor(exponent / 2 ** -scale);
      const found = [bucketIndex(next(bound, -1), scale), bucketIndex(bound, scale), bucketIndex(next(bound, 1), scale)];
      assert.deepEqual(found, [last, last, after], `2^${exponent} at scale ${scale}`);
    }
  }
});

test('a scale lower by one is the same bucket, halved', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 1e-300, max: 1e300 }), fc.integer({ min: -9, max: 10 }), (value, scale) => {
      assert.equal(bucketIndex(value, scale) >> 1, bucketIndex(value, scale - 1));
    }),
    { numRuns: 5_000 },
  );
});

test('nothing, zeros, one value: the largest scale', () => {
  const none = { offset: 0, counts: [] };
  assert.deepEqual(plain(recorded([])), { count: 0, sum: 0, scale: 20, zeroCount: 0, positive: none, negative: none });
  assert.deepEqual(plain(recorded([0, -0])), { count: 2, sum: 0, scale: 20, zeroCount: 2, positive: none, negative: none });
  const one = { offset: 2 ** 20 - 1, counts: [3] };
  assert.deepEqual(plain(recorded([2, 2, 2])), { count: 3, sum: 6, scale: 20, zeroCount: 0, positive: one, negative: none });
});

test('the scale falls until the values fit, upwards, downwards and for both ranges', () => {
  const four: ExponentialShape = { maxSize: 4, maxScale: 0, negative: true };
  // (1,2] (2,4] (4,8] (8,16] fit; 20 is one too many: (1,4] (4,16] (16,64].
  const up = { offset: 0, counts: [2, 2, 1] };
  assert.deepEqual(plain(recorded([1.5, 3, 6, 12, 20], four)).positive, up);
  assert.deepEqual(plain(recorded([20, 12, 6, 3, 1.5], four)).positive, up);
  const both = plain(recorded([-3, 1.5, 20, -1.5, 0], four));
  assert.deepEqual(both, {
    count: 5,
    sum: 17,
    scale: -1,
    zeroCount: 1,
    positive: { offset: 0, counts: [1, 0, 1] },
    negative: { offset: 0, counts: [2] },
  });
  const two = plain(recorded([Number.MIN_VALUE, Number.MAX_VALUE, 1], { maxSize: 2, maxScale: 20 }));
  assert.deepEqual([two.scale, two.positive], [-10, { offset: -1, counts: [2, 1] }]);
});

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/**
 * The SDK's aggregator, without a largest scale; through an up-down counter's twin, the gauge, where values are negative: then
 * without a sum.
 */
async function bySdk(values: readonly number[], maxSize: number, kind: 'histogram' | 'gauge'): Promise<ExponentialHistogram> {
  const reader = new Reader();
  const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize, recordMinMax: true } } as const;
  const provider = new MeterProvider({ views: [{ instrumentName: '*', aggregation }], readers: [reader] });
  const meter = provider.getMeter('m');
  const instrument = kind === 'histogram' ? meter.createHistogram('a') : meter.createGauge('a');
  for (const value of values) instrument.record(value);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value as ExponentialHistogram;
}

/** Where the SDK's logarithm lands on the wrong side of a power of two; the test above says which side is right. */
function isNeighbour(value: number): boolean {
  const exponent = Math.round(Math.log2(Math.abs(value)));
  const distance = Math.abs(Math.abs(value) / 2 ** exponent - 1);
  return distance > 0 && distance < 1e-9;
}

const magnitude = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  fc
    .tuple(fc.double({ noNaN: true, min: 1, max: 2 }), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => digits * 2 ** exponent),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.double({ noNaN: true, min: 0, max: smallestNormal }),
  fc.nat({ max: 100 }),
);
const value = fc
  .tuple(magnitude, fc.boolean())
  .map(([size, isNegative]) => (isNegative ? -size : size))
  .filter((one) => !isNeighbour(one));
const values = fc.array(value, { minLength: 1, maxLength: 60, size: 'max' });
const maxSize = fc.constantFrom(2, 3, 4, 20, 160, 1_024);

/**
 * The SDK calls the scale of nothing but zeros 0; the norm, SDK "Maintain the ideal scale": one value at most, the largest scale.
 */
function ideal({ scale, count, zeroCount }: ExponentialHistogram): number {
  return count === zeroCount ? 20 : scale;
}

function likeOurs(point: ExponentialHistogram) {
  const { count, zeroCount, positive, negative } = point;
  const range = ({ offset, bucketCounts: counts }: ExponentialHistogram['positive']) => ({ offset, counts });
  return { count, zeroCount, scale: ideal(point), positive: range(positive), negative: range(negative) };
}

test("property: scale, offsets and counts are the SDK's, whatever the values and the size", async () => {
  await fc.assert(
    fc.asyncProperty(values, maxSize, async (list, size) => {
      const { sum, ...ours } = plain(recorded(list, { ...signed, maxSize: size }));
      assert.deepEqual(ours, likeOurs(await bySdk(list, size, 'gauge')));
      assert.equal(
        sum,
        list.reduce((total, one) => total + one, 0),
      );
    }),
    { numRuns: 500 },
  );
});

test('property: without negative values the row is half as long, and the same', async () => {
  await fc.assert(
    fc.asyncProperty(values, maxSize, async (list, size) => {
      const sizes = list.map(Math.abs);
      const { sum, ...ours } = plain(recorded(sizes, { maxSize: size, maxScale: 20 }));
      const theirs = await bySdk(sizes, size, 'histogram');
      assert.deepEqual(ours, likeOurs(theirs));
      assert.equal(sum, theirs.sum);
    }),
    { numRuns: 200 },
  );
});

test('property: two histograms merged are one of all values, at any two scales', () => {
  const scale = fc.integer({ min: -2, max: 20 });
  fc.assert(
    fc.property(values, values, maxSize, scale, scale, (first, second, size, one, other) => {
      const shape = { ...signed, maxSize: size, maxScale: one };
      const cells = blankRow(layoutOf({ ...spec, exponential: shape }));
      for (const each of first) recordExponential(cells, 0, shape, each);
      mergeExponential(cells, 0, shape, recorded(second, { ...signed, maxSize: size, maxScale: other }));
      const { sum: _, ...merged } = plain(readExponential(cells, 0, shape));
      const smaller = second.some((each) => each !== 0) ? Math.min(one, other) : one;
      const { sum: __, ...whole } = plain(recorded([...first, ...second], { ...shape, maxScale: smaller }));
      // Shifted and not counted anew: on a bound that is no power of two the logarithm may have decided otherwise.
      assert.deepEqual(merged, whole);
    }),
    { numRuns: 500 },
  );
});

test('property: what is subtracted leaves what was recorded since, at the scale of both', () => {
  fc.assert(
    fc.property(values, values, maxSize, (first, second, size) => {
      const shape = { ...signed, maxSize: size };
      const cells = blankRow(layoutOf({ ...spec, exponential: shape }));
      for (const each of first) recordExponential(cells, 0, shape, each);
      const before = cells.slice();
      for (const each of second) recordExponential(cells, 0, shape, each);
      subtractExponential(cells, 0, shape, before, 0);
      const since = readExponential(cells, 0, shape);
      const alone = recorded(second, { ...shape, maxScale: since.scale });
      const counted = ({ offset, counts }: ExponentialPoint['positive']) =>
        Array.from(counts, (count, at) => [offset + at, count]).filter(([, count]) => count !== 0);
      assert.deepEqual([counted(since.positive), counted(since.negative)], [counted(alone.positive), counted(alone.negative)]);
      assert.deepEqual([since.count, since.zeroCount], [alone.count, alone.zeroCount]);
    }),
    { numRuns: 500 },
  );
});
