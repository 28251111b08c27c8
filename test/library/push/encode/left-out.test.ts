/**
 * A point that OTLP cannot carry is left out, and the push goes on. metrics.proto: `fixed64 count`, `fixed64 bucket_counts`,
 * `uint64 bucket_counts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FamilySpec } from '../../../../src/core/store/index.ts';
import { deltaRig } from '../delta-rig.ts';

const bounds = [1];
const exponential = { maxSize: 4, maxScale: 0 };
/** Count, sum, zero count, scale, zero threshold, offset, length, buckets. */
const exponentialCells = (count: number, zeros: number, bucket: number) => [count, 1, zeros, 0, 0, 0, 1, bucket];

const cases: readonly [what: string, over: Partial<FamilySpec>, good: readonly number[], bad: readonly number[]][] = [
  ['a negative bucket', { kind: 'histogram', bounds }, [5_000_000_000, 2, 1], [5, -2, 1]],
  ['a bucket of NaN', { kind: 'histogram', bounds }, [5, 2, 1], [Number.NaN, 2, 1]],
  ['a fractional bucket', { kind: 'histogram', bounds }, [5, 2, 1], [0.5, 0.5, 1]],
  ['a count above 2^53', { kind: 'histogram', bounds }, [2 ** 53 - 2, 1, 1], [2 ** 53 - 1, 1, 1]],
  ['a negative count of a summary', { kind: 'summary' }, [5_000_000_000, 1], [-1, 1]],
  [
    'a negative count of exponential buckets',
    { kind: 'histogram', exponential },
    exponentialCells(3, 1, 2),
    exponentialCells(-3, 1, 2),
  ],
  ['a negative exponential bucket', { kind: 'histogram', exponential }, exponentialCells(3, 1, 2), exponentialCells(3, 1, -2)],
  ['a fractional count of zeros', { kind: 'histogram', exponential }, exponentialCells(3, 1, 2), exponentialCells(3, 0.5, 2)],
  ['a negative counter', { kind: 'counter' }, [4], [-4]],
  ['a counter of NaN', { kind: 'counter' }, [4], [Number.NaN]],
];

for (const [what, over, good, bad] of cases) {
  test(what, async () => {
    const leftOut: string[] = [];
    const { family, row, push } = deltaRig('cumulative', 5_000, ({ spec }) => leftOut.push(spec.name));
    const one = family('one', over);
    const later = family('later');
    const set = (at: number, cells: readonly number[]) => one.cells.set(cells, at * one.stride);
    const [a, b] = [row(one, 'a'), row(one, 'b')];
    row(later, 'c');
    set(a, good);
    set(b, good);
    assert.deepEqual(shown(await push()), ['one a', 'one b', 'later c']);
    set(a, bad);
    // `FLAG_NO_RECORDED_VALUE`, because a receiver would show the last value as the present one.
    assert.deepEqual(shown(await push()), ['one b', 'later c', 'one a gone']);
    assert.deepEqual(leftOut, ['one']);
    set(a, good);
    assert.deepEqual(shown(await push()), ['one a', 'one b', 'later c']);
  });
}

function shown(told: Awaited<ReturnType<ReturnType<typeof deltaRig>['push']>>): readonly string[] {
  return told.map(
    ({ metric, attributes, flags }) => `${metric} ${attributes[0]?.value.stringValue}${flags === 1 ? ' gone' : ''}`,
  );
}

test('deltas of the others are right, and those of its own go on where they were', async () => {
  const { family, row, push } = deltaRig('delta');
  const one = family('one');
  const [a, b] = [row(one, 'a'), row(one, 'b')];
  const pushed = async (...cells: readonly [number, number]) => {
    [one.cells[a], one.cells[b]] = cells;
    return (await push()).map(({ attributes, asDouble }) => [attributes[0]?.value.stringValue, asDouble]);
  };
  const first = await pushed(3, 10);
  assert.deepEqual(first, [
    ['a', 3],
    ['b', 10],
  ]);
  assert.deepEqual(await pushed(5, Number.NaN), [['a', 2]]);
  assert.deepEqual(await pushed(Number.NaN, -1), []);
  assert.deepEqual(await pushed(6, 12), [
    ['a', 1],
    ['b', 2],
  ]);
});
