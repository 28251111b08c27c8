/** Finding series by some of their labels: what is found, and how much is looked at for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { capped, identity, oneOf } from '../../../../src/core/contract/index.ts';
import type { Label } from '../../../../src/core/contract/metric.ts';
import { createLabelIndex, type LabelIndex } from '../../../../src/library/series/by-labels/label-index.ts';
import { createLabelSearch, type LabelSearchOptions } from '../../../../src/library/series/by-labels/label-search.ts';

/** Slices wait until they are run, so that what comes and goes meanwhile is the test's choice. */
function open(labels: readonly Label[], options: LabelSearchOptions = {}) {
  const slices: (() => void)[] = [];
  const index = createLabelIndex(labels.length);
  const search = createLabelSearch(labels, index, { patience: 0, later: (slice) => slices.push(slice), ...options });
  return {
    index,
    search,
    slices,
    enter(values: readonly string[], row = 1) {
      index.put(values, row);
      search.entered(values);
    },
    leave(values: readonly string[]) {
      index.delete(values);
      search.left(values);
    },
    runSlices() {
      for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) slice();
    },
  };
}

/** Counts the levels and series that a search looks at in the index that it is given. */
function counting(index: LabelIndex): { index: LabelIndex; looked: number } {
  const counted = { looked: 0, index };
  counted.index = {
    ...index,
    get(path) {
      counted.looked += 1;
      return index.get(path);
    },
    visit(wanted, take) {
      const looked = index.visit(wanted, take);
      counted.looked += looked;
      return looked;
    },
  };
  return counted;
}

const value = fc.constantFrom('a', 'b', 'c', 'd');
const values = fc.tuple(value, value, value);
const step = fc.oneof(
  fc.record({ does: fc.constant('enter' as const), values }),
  fc.record({ does: fc.constant('leave' as const), values }),
  fc.record({ does: fc.constant('slice' as const) }),
  fc.record({ does: fc.constant('find' as const), wanted: fc.tuple(fc.option(value), fc.option(value), fc.option(value)) }),
);
const shapes: readonly (readonly Label[])[] = [
  [identity(), identity(), identity()],
  [oneOf('a', 'b', 'c', 'd'), identity(), capped()],
  [identity(), oneOf('a', 'b', 'c', 'd'), identity()],
];

for (const labels of shapes) {
  test(`whatever comes and goes, the same is found as by looking at all: ${labels.map(({ kind }) => kind).join(', ')}`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { search, slices, enter, leave } = open(labels);
        const live = new Map<string, number>();
        for (const [at, one] of steps.entries()) {
          if (one.does === 'enter' && !live.has(one.values.join())) {
            live.set(one.values.join(), at + 1);
            enter(one.values, at + 1);
          } else if (one.does === 'leave' && live.delete(one.values.join())) leave(one.values);
          else if (one.does === 'slice') slices.shift()?.();
          else if (one.does === 'find') {
            const wanted = one.wanted.map((each) => each ?? undefined);
            const found = search.find(wanted).map(([path, leaf]) => `${path.join()} ${leaf}`);
            const expected = [...live].filter(([key]) => key.split(',').every((each, place) => (wanted[place] ?? each) === each));
            assert.deepEqual(found.sort(), expected.map(([key, row]) => `${key} ${row}`).sort());
          }
        }
      }),
      { numRuns: 300 },
    );
  });
}

for (const count of [2_000, 32_000]) {
  test(`of ${count} series one is found without looking at the others`, () => {
    const labels = [identity(), identity()];
    const counted = counting(createLabelIndex(2));
    const slices: (() => void)[] = [];
    const search = createLabelSearch(labels, counted.index, { later: (slice) => slices.push(slice) });
    for (let at = 0; at < count; at++) counted.index.put([`a${at}`, `b${at}`], at);
    // By the first label there is nothing to be made.
    assert.deepEqual(search.find(['a7', undefined]), [[['a7', 'b7'], 7]]);
    assert.equal(counted.looked, 2);
    assert.equal(slices.length, 0);
    // By the second one all are looked at, until that was much.
    for (let at = 0; slices.length === 0; at++)
      assert.deepEqual(search.find([undefined, `b${at}`]), [[[`a${at}`, `b${at}`], at]]);
    let made = 0;
    for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
      slice();
      made += 1;
    }
    assert.ok(made >= count / 1_000, `an index of ${count} series was made in ${made} slices`);
    counted.looked = 0;
    assert.deepEqual(search.find([undefined, 'b9']), [[['a9', 'b9'], 9]]);
    assert.deepEqual(search.find([undefined, 'none']), []);
    assert.equal(counted.looked, 1, 'the one that was found');
  });
}

test('no index is made for a label behind closed sets, nor for few series', () => {
  const closed = open([oneOf('x', 'y'), identity()]);
  for (let at = 0; at < 100; at++) closed.enter(['x', `b${at}`]);
  closed.search.find([undefined, 'b1']);
  const few = open([identity(), identity()], { patience: 4_096 });
  for (let at = 0; at < 100; at++) few.enter([`a${at}`, `b${at}`]);
  for (let at = 0; at < 20; at++) few.search.find([undefined, 'b1']);
  assert.deepEqual([closed.slices.length, few.slices.length], [0, 0]);
});
