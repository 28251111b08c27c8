/** What the cells of a row are, and points read from them and written to them. Places are counted by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exemplarCells, writeExemplar } from '../../../../src/core/store/cells/exemplar-cells.ts';
import type { RowShape } from '../../../../src/core/store/cells/row-layout.ts';
import {
  blankRow,
  exemplarAt,
  layoutOf,
  readExemplars,
  readPoint,
  recordExponential,
  writeHistogram,
  writeMinMax,
  writeSummary,
} from '../../../../src/core/store/index.ts';

const exponential = { maxSize: 4, maxScale: 3 } as const;
/** Count, sum, zeros, scale; offset, length and 4 buckets. */
const exponentialCells = 5 + 2 + 4;

const layouts: readonly (readonly [what: string, RowShape, Readonly<Record<string, unknown>>])[] = [
  ['a gauge', { kind: 'gauge' }, { form: 'number', summedCells: 1, valueCells: 1, cells: 1 }],
  [
    'a counter with an exemplar',
    { kind: 'counter', exemplars: true },
    { form: 'number', valueCells: 1, exemplars: 1, cells: 1 + exemplarCells },
  ],
  [
    'a histogram',
    { kind: 'histogram', bounds: [1, 2] },
    { form: 'histogram', buckets: 3, sum: 3, valueCells: 4, minMax: undefined, cells: 4 },
  ],
  ['a histogram without bounds', { kind: 'histogram', bounds: [] }, { buckets: 1, sum: 1, cells: 2 }],
  ['a gauge histogram', { kind: 'gaugehistogram', bounds: [1] }, { form: 'histogram', buckets: 2, sum: 2, cells: 3 }],
  [
    'a histogram with all there is',
    { kind: 'histogram', bounds: [1, 2], minMax: true, exemplars: true },
    { summedCells: 4, minMax: { min: 4, max: 5 }, valueCells: 6, exemplars: 3, cells: 6 + 3 * exemplarCells },
  ],
  ['a summary', { kind: 'summary' }, { form: 'summary', count: 0, sum: 1, cells: 2 }],
  [
    'exponential buckets',
    { kind: 'histogram', exponential, minMax: true, exemplars: true },
    {
      form: 'exponential',
      count: 0,
      sum: 1,
      summedCells: exponentialCells,
      exemplars: 10,
      cells: exponentialCells + 2 + 10 * exemplarCells,
    },
  ],
];
for (const [what, shape, expected] of layouts) {
  test(`the cells of ${what}`, () => {
    const layout = layoutOf(shape);
    const asked = Object.fromEntries(Object.entries(layout).filter(([name]) => Object.hasOwn(expected, name)));
    assert.deepEqual(asked, expected);
    assert.equal(blankRow(layout).length, layout.cells);
  });
}

/** A row between two others, which must stay as they are. */
function inTheMiddle<T>(shape: RowShape, use: (layout: ReturnType<typeof layoutOf>, cells: Float64Array, at: number) => T): T {
  const layout = layoutOf(shape);
  const { cells: length } = layout;
  const cells = new Float64Array(3 * length).fill(7);
  cells.set(blankRow(layout), length);
  const result = use(layout, cells, length);
  for (const neighbour of [cells.subarray(0, length), cells.subarray(2 * length)])
    assert.ok(neighbour.every((cell) => cell === 7));
  return result;
}

test('a histogram is read as it was written, and a bucket that falls is reported', () => {
  const shape: RowShape = { kind: 'histogram', bounds: [1, 2], minMax: true, exemplars: true };
  inTheMiddle(shape, (layout, cells, at) => {
    assert.ok(layout.form === 'histogram');
    assert.deepEqual(readPoint(layout, cells, at), { form: 'histogram', count: 0, sum: 0, bounds: [1, 2], counts: [0, 0, 0] });
    assert.equal(writeHistogram(layout, cells, at, [1, 0, 2], 9.5), false);
    writeMinMax(layout, cells, at, { min: -0, max: 7 });
    const written = { form: 'histogram', count: 3, sum: 9.5, bounds: [1, 2], counts: [1, 0, 2], min: 0, max: 7 };
    assert.deepEqual(readPoint(layout, cells, at), written);
    assert.equal(writeHistogram(layout, cells, at, [1, 0, 2], 9.5), false);
    assert.equal(writeHistogram(layout, cells, at, [0, 1, 2], 9.5), true);
    // Data model, "Histogram": a sum need not be monotonic, as negative values may be recorded.
    assert.equal(writeHistogram(layout, cells, at, [0, 1, 2], 9), false);
    assert.equal(writeHistogram(layout, cells, at, [0, 1, 1], 9), true);
  });
});

test('a summary is read as it was written, and a count that falls is reported', () => {
  inTheMiddle({ kind: 'summary' }, (layout, cells, at) => {
    assert.ok(layout.form === 'summary');
    assert.equal(writeSummary(layout, cells, at, 4, 2.5), false);
    assert.deepEqual(readPoint(layout, cells, at), { form: 'summary', count: 4, sum: 2.5, quantiles: [] });
    assert.equal(writeSummary(layout, cells, at, 3, 2.5), true);
    assert.equal(writeSummary(layout, cells, at, 3, 2), false);
  });
});

test('a number, and exponential buckets, are read as they were written', () => {
  inTheMiddle({ kind: 'counter', exemplars: true }, (layout, cells, at) => {
    cells[at] = 5;
    assert.deepEqual(readPoint(layout, cells, at), { form: 'number', value: 5 });
  });
  inTheMiddle({ kind: 'histogram', exponential, minMax: true }, (layout, cells, at) => {
    assert.ok(layout.form === 'exponential');
    recordExponential(cells, at, layout.shape, 2);
    writeMinMax(layout, cells, at, { min: 2, max: 2 });
    const point = readPoint(layout, cells, at);
    assert.ok(point.form === 'exponential');
    const { count, sum, scale, min, max } = point;
    assert.deepEqual({ count, sum, scale, min, max }, { count: 1, sum: 2, scale: 3, min: 2, max: 2 });
    // At scale 3 a power of two ends its bucket: 2 is in (2^(7/8), 2^(8/8)].
    assert.deepEqual([point.positive.offset, Array.from(point.positive.counts)], [7, [1]]);
  });
});

test('exemplars are behind the value, one for each bucket, and as young as is asked', () => {
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  inTheMiddle({ kind: 'histogram', bounds: [1, 2], minMax: true, exemplars: true }, (layout, cells, at) => {
    assert.equal(readExemplars(layout, cells, at, 0), undefined);
    writeExemplar(cells, at + exemplarAt(layout, 0), 0.5, 1_000, traceId, spanId);
    writeExemplar(cells, at + exemplarAt(layout, 2), 3, 2_000, traceId, spanId);
    const [older, younger] = [
      { value: 0.5, timeMs: 1_000, traceId, spanId },
      { value: 3, timeMs: 2_000, traceId, spanId },
    ];
    assert.deepEqual(readExemplars(layout, cells, at, 0), [older, younger]);
    assert.deepEqual(readExemplars(layout, cells, at, 1_001), [younger]);
    assert.deepEqual(readPoint(layout, cells, at), { form: 'histogram', count: 0, sum: 0, bounds: [1, 2], counts: [0, 0, 0] });
  });
});
