import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, rounded } from '../../bench/statistics.ts';

// Type 7 of Hyndman and Fan, the default of R and NumPy.
const cases: readonly (readonly [values: readonly number[], q: number, expected: number])[] = [
  [[3], 0.25, 3],
  [[1, 2, 3, 4], 0.25, 1.75],
  [[1, 2, 3, 4], 0.75, 3.25],
  [[4, 1, 3, 2], 0.5, 2.5],
  [[10, 1, 100], 0.5, 10],
];
for (const [values, q, expected] of cases) {
  test(`the ${q} quantile of ${values.join(', ')} is ${expected}`, () => assert.equal(quantile(values, q), expected));
}

test('nothing has no median', () => assert.ok(Number.isNaN(median([]))));

test('figures keep three digits, whole numbers all of them', () => {
  assert.equal(rounded(31.4159), 31.4);
  assert.equal(rounded(123_456), 123_456);
});
