/**
 * Native histograms as Prometheus reads them (its specification, "Native Histograms"): with schema `n`, bucket `i` of the
 * positive ones holds what is above 2^((i-1)·2^-n), up to and including 2^(i·2^-n).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createStore,
  type ExponentialPoint,
  type FamilySpec,
  mergeExponential,
  recordExponential,
} from '../../../../../src/core/store/index.ts';
import { createRenderer, type Rendering } from '../../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../../core/store/labels.ts';
import { type DecodedHistogram, decodeFamilies } from '../../decode-families.ts';

const spec: FamilySpec = {
  name: 'x',
  kind: 'histogram',
  unit: '',
  help: '',
  labels: [],
  exponential: { maxSize: 160, maxScale: 20, negative: true },
  maxAgeMs: Number.POSITIVE_INFINITY,
};
const noRange = { offset: 0, counts: [] };

async function shown(points: readonly ExponentialPoint[], values: readonly number[] = [], given: Partial<FamilySpec> = {}) {
  const store = createStore();
  const family = store.source({ scope: { name: '' } }).family({ ...spec, ...given }, true);
  const at = takeRow(family, {}, 0) * family.stride;
  assert.ok(family.rowLayout.form === 'exponential');
  const { shape } = family.rowLayout;
  for (const point of points) mergeExponential(family.cells, at, shape, point);
  for (const value of values) recordExponential(family.cells, at, shape, value);
  const { body, omitted } = (await createRenderer(store.view).render('protobuf')) as Rendering;
  const histogram = decodeFamilies(body)[0]?.metric?.[0]?.histogram;
  assert.ok(histogram !== undefined);
  return { histogram, omitted };
}

/** Index and count of each bucket that is not empty. Spans say how many buckets come, and how many are left out ahead of them. */
function bucketsOf(
  spans: DecodedHistogram['positiveSpan'] = [],
  deltas: DecodedHistogram['positiveDelta'] = [],
): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let [index, count, at] = [0, 0, 0];
  for (const { offset, length } of spans) {
    index += offset;
    for (let bucket = 0; bucket < length; bucket++, index++) {
      count += deltas[at++] ?? Number.NaN;
      if (count !== 0) found.push([index, count]);
    }
  }
  assert.equal(at, deltas.length);
  return found;
}

/** Of counts that begin at an OTLP index, which is one less. */
function point(given: Partial<ExponentialPoint>): ExponentialPoint {
  const { positive = noRange, negative = noRange, zeroCount = 0 } = given;
  const count = [...Array.from(positive.counts), ...Array.from(negative.counts)].reduce((sum, one) => sum + one, zeroCount);
  return { count, sum: 1, scale: 0, zeroCount, positive, negative, ...given };
}

test('an empty one: a threshold makes it native', async () => {
  const { histogram } = await shown([]);
  assert.deepEqual(histogram, { sampleCount: 0, sampleSum: 0, schema: 8, zeroThreshold: 1e-128, zeroCount: 0 });
});

test('bucket 1 of schema 0 is above 1, up to 2; of OTLP, bucket 0 is', async () => {
  const { histogram } = await shown([point({ positive: { offset: 0, counts: [3] } })]);
  assert.deepEqual(histogram, {
    sampleCount: 3,
    sampleSum: 1,
    schema: 0,
    zeroThreshold: 1e-128,
    zeroCount: 0,
    positiveSpan: [{ offset: 1, length: 1 }],
    positiveDelta: [3],
  });
});

test('two empty buckets are written, three are a gap', async () => {
  const { histogram } = await shown([point({ positive: { offset: -5, counts: [1, 0, 0, 4, 0, 0, 0, 2] } })]);
  assert.deepEqual(histogram.positiveSpan, [
    { offset: -4, length: 4 },
    { offset: 3, length: 1 },
  ]);
  assert.deepEqual(histogram.positiveDelta, [1, -1, 0, 4, -2]);
});

test('negative buckets, zeros, and a threshold that was sent', async () => {
  const sent = {
    zeroCount: 2,
    zeroThreshold: 0.001,
    positive: { offset: 1, counts: [1] },
    negative: { offset: -3, counts: [5, 6] },
  };
  const { histogram } = await shown([point(sent)]);
  assert.deepEqual([histogram.zeroCount, histogram.zeroThreshold, histogram.sampleCount], [2, 0.001, 14]);
  assert.deepEqual(bucketsOf(histogram.negativeSpan, histogram.negativeDelta), [
    [-2, 5],
    [-1, 6],
  ]);
  assert.deepEqual(bucketsOf(histogram.positiveSpan, histogram.positiveDelta), [[2, 1]]);
});

test('a scale above 8 is merged down to 8', async () => {
  // At scale 10, four neighbours are one of schema 8: -5 … -2 fall into -2 and -1 there, 3 and 4 into 0 and 1.
  const { histogram } = await shown([
    point({ scale: 10, positive: { offset: 3, counts: [1, 2] }, negative: { offset: -5, counts: [1, 2, 3, 4] } }),
  ]);
  assert.equal(histogram.schema, 8);
  assert.deepEqual(bucketsOf(histogram.positiveSpan, histogram.positiveDelta), [
    [1, 1],
    [2, 2],
  ]);
  assert.deepEqual(bucketsOf(histogram.negativeSpan, histogram.negativeDelta), [
    [-1, 1],
    [0, 9],
  ]);
});

for (const scale of [-4, 8]) {
  test(`scale ${scale} stays`, async () => {
    const { histogram, omitted } = await shown([point({ scale, positive: { offset: 2, counts: [1] } })]);
    assert.deepEqual([histogram.schema, histogram.positiveSpan, omitted], [scale, [{ offset: 3, length: 1 }], []]);
  });
}

const plain: Readonly<Record<string, Partial<ExponentialPoint>>> = {
  'a scale below -4': { scale: -5, positive: { offset: 0, counts: [3] } },
  'a count above its buckets': { count: 4, positive: { offset: 0, counts: [3] } },
  'a count below its buckets': { count: 2, positive: { offset: 0, counts: [3] } },
  'a count below its buckets, and a sum that is NaN': { count: 2, sum: Number.NaN, positive: { offset: 0, counts: [3] } },
};
for (const [what, given] of Object.entries(plain)) {
  test(`count and sum only, and said: ${what}`, async () => {
    const { histogram, omitted } = await shown([point(given)]);
    assert.deepEqual(histogram, { sampleCount: given.count ?? 3, sampleSum: given.sum ?? 1 });
    assert.deepEqual(omitted, [{ family: 'x', reason: 'buckets' }]);
  });
}

test('those without native buckets come last: Prometheus takes all behind them for such', async () => {
  const store = createStore();
  for (const sorted of [false, true]) {
    const family = store.source({ scope: { name: '' } }).family({ ...spec, name: `x${sorted}`, labels: ['n'], sorted }, true);
    for (const [n, scale] of [-5, 0, -6, 1].entries()) {
      const at = takeRow(family, { n: String(n) }, 0) * family.stride;
      assert.ok(family.rowLayout.form === 'exponential');
      mergeExponential(family.cells, at, family.rowLayout.shape, point({ scale, positive: { offset: 0, counts: [1] } }));
    }
  }
  const renderer = createRenderer(store.view);
  // At the same time, and again.
  for (const renderings of [[renderer.render('protobuf'), renderer.render('protobuf')], [renderer.render('protobuf')]]) {
    for (const { body, omitted, series } of (await Promise.all(renderings)) as readonly Rendering[]) {
      const shownNow = decodeFamilies(body).map(({ metric = [] }) => metric.map(({ label = [] }) => label[0]?.value).join(''));
      assert.deepEqual([shownNow, omitted.length, series], [['1302', '1302'], 2, 8]);
    }
  }
});

test('a count above its buckets stays where the sum says that NaN was observed', async () => {
  const { histogram, omitted } = await shown([point({ count: 5, sum: Number.NaN, positive: { offset: 0, counts: [3] } })]);
  assert.deepEqual([histogram.sampleCount, histogram.sampleSum, histogram.positiveDelta, omitted], [5, Number.NaN, [3], []]);
});

test('counts up to 2^53', async () => {
  const counts = [2 ** 52, 1, 2 ** 51];
  const { histogram } = await shown([point({ positive: { offset: 0, counts } })]);
  assert.deepEqual(
    bucketsOf(histogram.positiveSpan, histogram.positiveDelta).map(([, count]) => count),
    counts,
  );
});

test('what was recorded is in the buckets that the norm says', async () => {
  const values = fc.array(
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })
      .filter((value) => Math.abs(value) > 1e-300 || value === 0),
  );
  await fc.assert(
    fc.asyncProperty(values, fc.constantFrom(4, 20, 160), async (all, maxSize) => {
      const { histogram } = await shown([], all, { exponential: { maxSize, maxScale: 20, negative: true } });
      const { schema } = histogram;
      if (schema === undefined) return assert.ok(maxSize < 160);
      assert.equal(histogram.sampleCount, all.length);
      assert.equal(histogram.zeroCount, all.filter((value) => value === 0).length);
      const signs = [
        [1, histogram.positiveSpan, histogram.positiveDelta],
        [-1, histogram.negativeSpan, histogram.negativeDelta],
      ] as const;
      for (const [sign, spans, deltas] of signs) {
        const left = all
          .map((value) => value * sign)
          .filter((value) => value > 0)
          .toSorted((a, b) => a - b);
        for (const [index, count] of bucketsOf(spans, deltas)) {
          // A logarithm may be off by its last digits, at a bound.
          const [above, upTo] = [2 ** ((index - 1) * 2 ** -schema) * (1 - 1e-13), 2 ** (index * 2 ** -schema) * (1 + 1e-13)];
          for (const value of left.splice(0, count))
            assert.ok(value >= above && value <= upTo, `${value} in ${index} of schema ${schema}`);
        }
        assert.deepEqual(left, []);
      }
    }),
    { numRuns: 300 },
  );
});
