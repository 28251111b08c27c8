/** The values of an identity that series have: by asking the index where it is short, by counting where it is long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identity, oneOf } from '../../../../src/core/contract/index.ts';
import { createLabelIndex, type LabelIndex } from '../../../../src/library/series/by-labels/label-index.ts';
import { createHeldValues, type HeldValues } from '../../../../src/library/series/label-rules/held-values.ts';

const few = oneOf('a', 'b');
/** More maps than an index is looked through for a value. */
const seventeen = Array.from({ length: 17 }, (_, at) => `${at}`);
const many = oneOf(...(seventeen as [string, ...string[]]));

const places = {
  'the only label': { labels: [identity()], at: 0, before: [] },
  'behind a closed set of two': { labels: [few, identity()], at: 1, before: ['a'] },
  'behind a closed set of seventeen': { labels: [many, identity()], at: 1, before: ['3'] },
  'behind another identity': { labels: [identity(), identity()], at: 1, before: ['x'] },
};

/** As a table of series does it: held ahead of the index, released behind it. */
function come(index: LabelIndex, held: HeldValues, path: readonly string[], value: string): void {
  held.hold(value);
  index.put([...path, value], 1);
}

function go(index: LabelIndex, held: HeldValues, path: readonly string[], value: string): void {
  index.delete([...path, value]);
  held.release(value);
}

for (const [place, { labels, at, before }] of Object.entries(places)) {
  test(`${place}: a value is held from its first series to its last`, () => {
    const index = createLabelIndex(labels.length);
    const held = createHeldValues(labels, at, index);
    assert.deepEqual([held.size, held.has('one')], [0, false]);
    come(index, held, before, 'one');
    come(index, held, before, 'two');
    assert.deepEqual([held.size, held.has('one'), held.has('two'), held.has('three')], [2, true, true, false]);
    go(index, held, before, 'one');
    assert.deepEqual([held.size, held.has('one'), held.has('two')], [1, false, true]);
  });
}

for (const [place, { labels, other }] of Object.entries({
  'a short index': { labels: [few, identity()], other: ['a', 'b'] },
  'a long one': { labels: [many, identity()], other: ['3', '5'] },
})) {
  test(`${place}: a value that two series have counts once, and stays until both are gone`, () => {
    const index = createLabelIndex(2);
    const held = createHeldValues(labels, 1, index);
    for (const first of other) come(index, held, [first], 'one');
    assert.equal(held.size, 1);
    go(index, held, [other[0] as string], 'one');
    assert.deepEqual([held.size, held.has('one')], [1, true]);
    go(index, held, [other[1] as string], 'one');
    assert.deepEqual([held.size, held.has('one')], [0, false]);
  });
}

test('cleared, all places are free', () => {
  const index = createLabelIndex(2);
  const held = createHeldValues([identity(), identity()], 1, index);
  come(index, held, ['x'], 'one');
  held.clear();
  assert.equal(held.size, 0);
});
