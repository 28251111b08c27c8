/** Exponential buckets by powers of two: expected values counted from the values themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankRow, countByPowers, layoutOf, PowerRange, recordExponential } from '../../../../src/core/store/index.ts';

function rowOf(values: readonly number[], maxScale = 20, maxSize = 160) {
  const shape = { maxSize, maxScale };
  const cells = blankRow(layoutOf({ kind: 'histogram', exponential: shape }));
  for (const value of values) recordExponential(cells, 0, shape, value);
  return { shape, cells };
}

function exponentsOf(most: number, ...rows: readonly { readonly cells: Float64Array }[]): readonly number[] {
  const range = new PowerRange();
  for (const { cells } of rows) range.add(cells, 0);
  return range.exponents(most);
}

for (const [what, values, most, expected] of [
  ['from the bound of the lowest value to that of the highest', [0.3, 1, 5], 160, [-1, 0, 1, 2, 3]],
  ['one for a single value, whose power it is', [8], 160, [3]],
  ['none for zeros', [0, 0], 160, []],
  ['every second where they are too many', [0.3, 1, 5], 4, [0, 2, 4]],
  ['every fourth', [0.3, 1, 5, 100], 3, [0, 4, 8]],
  ['never more than two at the end', [1e-300, 1e300], 2, [0, 1_023]],
] as const) {
  test(`bounds: ${what}`, () => {
    const exponents = exponentsOf(most, rowOf(values));
    if (what.startsWith('never')) assert.ok(exponents.length <= 2 && exponents.every((exponent) => 2 ** exponent < Infinity));
    else assert.deepEqual(exponents, expected);
  });
}

test('all rows have the same, and the widest buckets decide', () => {
  // At scale -1 a bucket has two octaves.
  assert.deepEqual(exponentsOf(160, rowOf([0.3, 1]), rowOf([100], -1)), [0, 2, 4, 6, 8]);
});

test('each value is counted up to the first bound that is not below it', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let round = 0; round < 200; round++) {
    const spread = 1 + random() * 60;
    const values = Array.from({ length: 50 }, () => {
      const kind = random();
      return kind < 0.1 ? 0 : kind < 0.4 ? 2 ** Math.round((random() - 0.5) * spread) : 2 ** ((random() - 0.5) * spread);
    });
    const row = rowOf(values, Math.round(random() * 30) - 10, 2 + Math.round(random() * 158));
    const exponents = exponentsOf(2 + Math.round(random() * 20), row);
    const counts = new Float64Array(exponents.length + 1);
    countByPowers(row.cells, 0, row.shape, exponents, counts);
    const expected = new Array(exponents.length + 1).fill(0);
    for (const value of values) {
      const bound = exponents.findIndex((exponent) => value <= 2 ** exponent);
      expected[bound < 0 ? exponents.length : bound]++;
    }
    assert.deepEqual(Array.from(counts), expected, JSON.stringify({ values, exponents }));
  }
});
