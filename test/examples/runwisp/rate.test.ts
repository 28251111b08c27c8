import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRate } from '../../../examples/runwisp/rate.ts';

test('the first reading is compared with the one to start from', () => {
  const rate = createRate(0, 0, 0);
  assert.equal(rate(25, 100, 200), 0.25);
});

test('a reading is compared with one at least a second older, however often somebody asks', () => {
  const rate = createRate(0, 0, 0);
  assert.equal(rate(500, 1_000, 1_000), 0.5);
  assert.equal(rate(500, 1_010, 1_010), 500 / 1_010);
  assert.equal(rate(1_500, 2_000, 2_000), 1);
  assert.equal(rate(1_500, 2_500, 2_500), 1_000 / 1_500);
});

test('nothing to compare: unknown, not zero', () => {
  assert.equal(createRate(5, 10, 0)(7, 10, 50), undefined);
});

test('an amount that fell is no use at all', () => {
  assert.equal(createRate(100, 0, 0)(50, 10, 2_000), 0);
});
