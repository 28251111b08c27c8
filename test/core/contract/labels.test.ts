import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, identity, oneOf } from '../../../src/core/contract/index.ts';

// crewshipd: "trimmed and lower-cased, anything else → other"
const status = oneOf('pending', 'dry_run', 'other');
const folds: readonly (readonly [string, string])[] = [
  ['pending', 'pending'],
  ['  Pending\n', 'pending'],
  ['DRY_RUN', 'dry_run'],
  ['exploded', 'other'],
  ['', 'other'],
  ['constructor', 'other'],
];
for (const [text, value] of folds) {
  test(`fold ${JSON.stringify(text)} gives ${value}`, () => assert.equal(status.fold(text), value));
}

test('fold finds values that are not lower case', () => assert.equal(oneOf('GET', 'other').fold('get'), 'GET'));

test('fold without other gives the text back, so that recording it is refused', () => {
  assert.equal(oneOf('a', 'b').fold(' C '), 'c');
});

test('a closed set keeps its order and is frozen', () => {
  const label = oneOf('b', 'a');
  assert.deepEqual(label.values, ['b', 'a']);
  assert.ok(Object.isFrozen(label) && Object.isFrozen(label.values));
});

test('capped shows 100 values unless told otherwise', () =>
  assert.deepEqual(capped(), { kind: 'capped', limit: 100, other: 'other', maxBytes: 256, optional: false }));
test('capped takes limit and other', () => {
  assert.deepEqual(capped({ limit: 24, other: 'rest' }), {
    kind: 'capped',
    limit: 24,
    other: 'rest',
    maxBytes: 256,
    optional: false,
  });
});
test('identity holds 1,000 things unless told otherwise', () => {
  assert.deepEqual(identity(), { kind: 'identity', limit: 1_000, other: 'other', maxBytes: 256, optional: false });
});
test('identity takes a limit', () => assert.equal(identity({ limit: 500 }).limit, 500));
