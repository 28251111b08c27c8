import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortedIndexes, withFresh } from '../../../../src/formats/exposition/write/rows/sort-rows.ts';

interface Sorted {
  readonly order: readonly number[];
  readonly pauses: number;
}

function ended(work: Generator<undefined, Int32Array>): Sorted {
  for (let pauses = 0; ; pauses++) {
    const step = work.next();
    if (step.done === true) return { order: [...step.value], pauses };
  }
}

const sorted = (keys: readonly string[]): Sorted => ended(sortedIndexes(keys));

/** By JavaScript's own sort, which is stable. */
function plainOrder(keys: readonly string[], indexes: Iterable<number> = keys.keys()): number[] {
  return [...indexes].sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : keys[a] === keys[b] ? a - b : 1));
}

test('indexes come in the order of their keys, equal ones as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 500 }), (keys) => {
      assert.deepEqual(sorted(keys).order, plainOrder(keys));
    }),
  );
});

test('many keys are sorted with pauses', () => {
  assert.ok(sorted(Array.from({ length: 10_000 }, (_, index) => `${(index * 7919) % 10_000}`)).pauses > 50);
});

test('fresh indexes come into their places among known ones, some of which have left', () => {
  const one = fc.record({ key: fc.string({ maxLength: 2 }), is: fc.constantFrom('known', 'fresh', 'gone') });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 200 }), (all) => {
      const keys = all.map(({ key }) => key);
      const indexesOf = (...states: string[]) => [...all.keys()].filter((index) => states.includes(all[index]?.is ?? ''));
      const known = Int32Array.from(plainOrder(keys, indexesOf('known', 'gone')));
      const fresh = plainOrder(keys, indexesOf('fresh')).map((index) => ({ index, key: keys[index] as string }));
      const { order } = ended(withFresh(known, fresh, (index) => (all[index]?.is === 'gone' ? undefined : keys[index])));
      assert.equal(order.length, all.length);
      assert.deepEqual(
        order.filter((index) => all[index]?.is !== 'gone'),
        plainOrder(keys, indexesOf('known', 'fresh')),
      );
    }),
  );
});

test('a fresh index among 10,000 known ones asks for the keys of few, and many fresh ones ask for few each', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `${index}`.padStart(5, '0'));
  for (const [apart, most] of [
    [20_000, 28],
    [2, 3],
  ] as const) {
    const isFresh = (index: number) => index % apart === apart - 1;
    const fresh = [...keys.keys()].filter(isFresh).map((index) => ({ index, key: keys[index] as string }));
    let asked = 0;
    const { order } = ended(
      withFresh(Int32Array.from([...keys.keys()].filter((index) => !isFresh(index))), fresh, (index) => {
        asked += 1;
        return keys[index];
      }),
    );
    assert.deepEqual(order, [...keys.keys()]);
    assert.ok(asked <= most * fresh.length, `${asked} for ${fresh.length}`);
  }
});
