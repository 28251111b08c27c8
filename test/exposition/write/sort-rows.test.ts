import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortedIndexes } from '../../../src/exposition/write/sort-rows.ts';

function sorted(keys: readonly string[]): { readonly order: readonly number[]; readonly pauses: number } {
  const work = sortedIndexes(keys);
  for (let pauses = 0; ; pauses++) {
    const step = work.next();
    if (step.done === true) return { order: step.value, pauses };
  }
}

test('indexes come in the order of their keys, equal ones as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 500 }), (keys) => {
      const order = [...keys.keys()].sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : keys[a] === keys[b] ? a - b : 1));
      assert.deepEqual(sorted(keys).order, order);
    }),
  );
});

test('many keys are sorted with pauses', () => {
  assert.ok(sorted(Array.from({ length: 10_000 }, (_, index) => `${(index * 7919) % 10_000}`)).pauses > 50);
});
