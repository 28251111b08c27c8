import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../../src/core/errors/shown.ts';

const circle: Record<string, unknown> = {};
circle.self = circle;

const rows: readonly (readonly [value: unknown, expected: string])[] = [
  ['a "b"\n', '"a \\"b\\"\\n"'],
  [1.5, '1.5'],
  [Number.NaN, 'NaN'],
  [1n, '1'],
  [undefined, 'nothing'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [() => 'its code', 'a function'],
  [['a', 1, [2], {}], '["a", 1, …, …]'],
  [{ a: ['b'] }, '{"a":["b"]}'],
  [circle, 'an object'],
  [{ toJSON: () => undefined }, 'an object'],
];
for (const [value, expected] of rows) test(`${expected} is shown`, () => assert.equal(shown(value), expected));

test('what is long is cut at 120 characters', () => {
  for (const value of ['x'.repeat(999), Array(999).fill('x'), { a: 'x'.repeat(999) }, 10n ** 999n]) {
    assert.match(shown(value), /^.{119}…$/u);
  }
});
