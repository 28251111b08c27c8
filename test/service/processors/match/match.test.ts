/**
 * Equality of attributes, as in the Collector's `pcommon.Value.Equal`: type and value, lists by their order, maps by their keys,
 * doubles as Go compares them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyValue } from '../../../../src/formats/otlp/batch/batch-tree.ts';
import { encodeAnyValue } from '../../../../src/formats/otlp/value/any-value-bytes.ts';
import { writeAttributes } from '../../../../src/formats/otlp/value/attribute-list.ts';
import { lengthOf } from '../../../../src/formats/otlp/wire/protobuf-tags.ts';
import { matchAttributes } from '../../../../src/service/processors/match/match.ts';

const double = (doubleValue: number): AnyValue => ({ doubleValue });
const list = (...values: AnyValue[]): AnyValue => ({ arrayValue: { values } });
const map = (members: Record<string, AnyValue>): AnyValue => ({
  kvlistValue: { values: Object.entries(members).map(([key, value]) => ({ key, value })) },
});
const nan = double(Number.NaN);

const cases: readonly [string, AnyValue, AnyValue, boolean][] = [
  ['a double', double(1.5), double(1.5), true],
  ['0 and -0', double(0), double(-0), true],
  ['an int and a double', { intValue: 1n }, double(1), false],
  ['NaN', nan, nan, false],
  ['NaN in a list', list(double(1), nan), list(double(1), nan), false],
  ['NaN in a map in a list', list(map({ a: nan })), list(map({ a: nan })), false],
  ['NaN, and a number', double(1), nan, false],
  ['a number, and NaN', nan, double(1), false],
  ['the text NaN', { stringValue: 'NaN' }, nan, false],
  ['a list', list(double(1), double(2)), list(double(1), double(2)), true],
  ['a list in another order', list(double(1), double(2)), list(double(2), double(1)), false],
  ['a map in another order', map({ a: double(1), b: double(2) }), map({ b: double(2), a: double(1) }), true],
];
for (const [name, wanted, value, equal] of cases) {
  test(`strict: ${name} ${equal ? 'is' : 'is not'} equal`, () => {
    const matches = matchAttributes('strict', [{ key: 'k', value: wanted }]);
    const attributes = writeAttributes([{ key: 'k', value: encodeAnyValue(value) }], lengthOf(1));
    assert.equal(matches?.(attributes), equal);
  });
}
