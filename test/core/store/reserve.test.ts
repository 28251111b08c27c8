/** Room that is made once for rows that will come, and labels that come as bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore } from '../../../src/core/store/index.ts';
import { LabelWriter } from '../../../src/core/store/labels/label-bytes.ts';
import type { EncodedLabels, FamilySpec } from '../../../src/core/store/store.ts';

const spec: FamilySpec = { name: 'x', kind: 'gauge', help: '', unit: '', labels: ['k', 'l'], omitEmpty: false, maxAgeMs: 60_000 };

function familyOf() {
  const store = createStore();
  return store.source({ scope: { name: 'test' } }).family(spec, true);
}

function encoded(names: readonly string[], values: readonly string[]): EncodedLabels {
  const writer = new LabelWriter();
  for (const value of values) writer.string(value);
  return { names, bytes: writer.bytes, length: writer.length };
}

test('rows that were reserved grow nothing, and those before them stay', () => {
  const family = familyOf();
  const first = family.row({ values: ['0000', 'a'] }, 0, 7);
  family.reserve(999, first);
  const { cells, labelBytes } = family;
  const rows = Array.from({ length: 999 }, (_, at) => family.row({ values: [String(at + 1).padStart(4, '0'), 'a'] }, 0, at));
  assert.equal(family.cells, cells);
  assert.equal(family.labelBytes, labelBytes);
  assert.deepEqual(family.labels(first).values, ['0000', 'a']);
  assert.equal(family.cells[first * family.stride], 7);
  for (const [at, row] of rows.entries()) assert.deepEqual(family.labels(row).values, [String(at + 1).padStart(4, '0'), 'a']);
});

test('more rows than were reserved, and longer ones, have room all the same', () => {
  const family = familyOf();
  family.reserve(3, family.row({ values: ['a', 'b'] }, 0));
  const rows = Array.from({ length: 500 }, (_, at) => family.row({ values: ['long'.repeat(100), String(at)] }, 0));
  for (const [at, row] of rows.entries()) assert.deepEqual(family.labels(row).values, ['long'.repeat(100), String(at)]);
});

const given: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['those of the family', ['k', 'l'], ['', 'ü€']],
  ['others', ['k', 'm'], ['1', 'x'.repeat(200)]],
  ['fewer', ['l'], ['1']],
  ['none', [], []],
];

for (const [what, names, values] of given) {
  test(`labels as bytes: ${what}`, () => {
    const family = familyOf();
    const row = family.row(encoded(names, values), 0);
    assert.deepEqual(family.labels(row), { names, values });
    assert.ok(family.has(row, encoded(names, values)));
    for (const [, others, otherValues] of given)
      assert.equal(family.has(row, encoded(others, otherValues)), others === names, others.join(', '));
    assert.equal(family.has(row, encoded(names, [...values.slice(1), 'other'])), false);
    const same = family.row({ names, values }, 0);
    assert.ok(family.has(same, encoded(names, values)));
  });
}

test('a value that is no string is not the same bytes as a string', () => {
  const family = familyOf();
  const row = family.row({ names: ['k', 'l'], values: ['a', new TextEncoder().encode('b')] }, 0);
  assert.equal(family.has(row, encoded(['k', 'l'], ['a', 'b'])), false);
});
