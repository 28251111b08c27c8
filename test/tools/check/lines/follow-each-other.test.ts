/** Points of one stream, one after the other: what `check` expects of a page is what `serve` shows of the same lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import { createRig } from '../../../service/received/rig.ts';
import { counter, gauge, line, nanos, point, read } from './lines.ts';

const [delta, upDownDelta, unspecified] = [
  { aggregationTemporality: 1 },
  { aggregationTemporality: 1, isMonotonic: false },
  { aggregationTemporality: 0 },
];
const gone = (at: number) => ({ startTimeUnixNano: nanos(1), timeUnixNano: nanos(at), flags: 1 });
const withoutStart = (value: number, at: number) => ({ timeUnixNano: nanos(at), asDouble: value });
const histogram = (start: number, time: number, bounds: readonly number[], counts: readonly number[], sum: number) => {
  const times = { startTimeUnixNano: nanos(start), timeUnixNano: nanos(time) };
  return {
    ...times,
    count: String(counts.reduce((a, b) => a + b, 0)),
    sum,
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  };
};

/** Of `m`, by what follows its name. `point(value, time, labels, start)`. Undefined: nothing is shown. */
type Case = readonly [
  what: string,
  metric: (points: readonly object[]) => object,
  points: readonly object[],
  expected: number | undefined,
];

const deltas = (points: readonly object[]) => counter('m', points, delta);
const cumulative = (points: readonly object[]) => counter('m', points);

// metrics.proto, "AggregationTemporality": a delta covers what follows the one before; the data model's single-writer rule
// forbids what overlaps.
const cases: readonly Case[] = [
  ['deltas that follow each other add up', deltas, [point(5, 10, {}, 1), point(3, 20, {}, 10)], 8],
  ['a delta that is sent again is not added', deltas, [point(5, 10, {}, 1), point(5, 10, {}, 1), point(3, 20, {}, 10)], 8],
  ['a delta with the same times and another value is not added', deltas, [point(5, 10, {}, 1), point(6, 10, {}, 1)], 5],
  ['a delta that overlaps is not added', deltas, [point(5, 10, {}, 1), point(3, 20, {}, 9)], 5],
  ['an older delta is not added', deltas, [point(5, 20, {}, 10), point(3, 10, {}, 1)], 5],
  ['a delta behind a gap is added', deltas, [point(5, 10, {}, 1), point(3, 30, {}, 20)], 8],
  ['deltas without a start add up', deltas, [withoutStart(5, 10), withoutStart(5, 10)], 10],
  [
    'a negative delta is not added, and the next one is',
    deltas,
    [point(5, 10, {}, 1), point(-1, 20, {}, 10), point(3, 30, {}, 20)],
    8,
  ],
  ['a delta after the mark of its end begins anew', deltas, [point(5, 10, {}, 1), gone(10), point(3, 20, {}, 10)], 3],
  ['an older mark of an end ends nothing', deltas, [point(5, 10, {}, 1), gone(9)], 5],
  ['the newest of cumulative values counts', cumulative, [point(5, 10), point(7, 20), point(6, 15)], 7],
  ['a cumulative value that begins anew counts', cumulative, [point(5, 10), point(1, 20, {}, 15)], 1],
  ['a cumulative value of another writer counts', cumulative, [point(5, 20, {}, 15), point(9, 30), point(6, 30, {}, 15)], 6],
  ['a negative counter is not shown', cumulative, [point(5, 10), point(-1, 20)], undefined],
  ['an unspecified temporality is not shown', (points) => counter('m', points, unspecified), [point(5, 10)], undefined],
  ['deltas that go up and down are not shown', (points) => counter('m', points, upDownDelta), [point(5, 10)], undefined],
  [
    'gauges show the newest',
    (points) => gauge('m', points),
    [withoutStart(5, 20), withoutStart(4, 10), withoutStart(-1, 20)],
    -1,
  ],
];

for (const [what, metric, points, expected] of cases) {
  test(`${what}, in lines and in what is received`, async () => {
    const lines = points.map((one) => line([metric([one])]));
    const { values } = await read(lines.join('\n'));
    assert.deepEqual([...values.values()], expected === undefined ? [] : [expected]);
    const rig = createRig();
    for (const one of lines) rig.received.take(readBatch(jsonToProtobuf(Buffer.from(one))));
    assert.deepEqual(rig.shown(), expected === undefined ? {} : { 'm{job="shop"}': expected });
  });
}

test('delta histograms with other bounds begin anew, in lines and in what is received', async () => {
  const metric = (one: object) => ({ name: 'm', description: 'M.', histogram: { aggregationTemporality: 1, dataPoints: [one] } });
  const points = [histogram(1, 10, [1], [2, 0], 1), histogram(10, 20, [1], [1, 1], 3), histogram(20, 30, [5], [1, 2], 9)];
  for (const [count, expected] of [
    [2, { 'm_bucket{le="1"}': 3, 'm_bucket{le="Infinity"}': 4, 'm_sum{}': 4, 'm_count{}': 4 }],
    [3, { 'm_bucket{le="5"}': 1, 'm_bucket{le="Infinity"}': 3, 'm_sum{}': 9, 'm_count{}': 3 }],
  ] as const) {
    const lines = points.slice(0, count).map((one) => line([metric(one)]));
    assert.deepEqual(Object.fromEntries((await read(lines.join('\n'))).values), expected);
    const rig = createRig();
    for (const one of lines) rig.received.take(readBatch(jsonToProtobuf(Buffer.from(one))));
    assert.deepEqual(rig.shown(), { 'm{job="shop"}': count === 2 ? [3, 1, 4] : [1, 2, 9] });
  }
});
