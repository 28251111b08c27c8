import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resized } from '../../../src/core/tables/resized.ts';

for (const column of [Int32Array.of(1, 2, 3), Float64Array.of(0.5, -0, Number.NaN), Uint8Array.of(1, 2, 255)]) {
  test(`a column of ${column.constructor.name} grows with zeros behind its numbers, and shrinks from its end`, () => {
    const before = [...column];
    const grown = resized(column, 5);
    assert.equal(grown.constructor, column.constructor);
    assert.deepEqual([...grown], [...before, 0, 0]);
    assert.deepEqual([...resized(column, 2)], before.slice(0, 2));
    assert.deepEqual([...resized(column, 3)], before);
    grown[0] = 9;
    assert.deepEqual([...column], before, 'the new one has memory of its own');
  });
}
