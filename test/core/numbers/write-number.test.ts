import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberBytes, numberText } from '../../../src/core/numbers/write-number.ts';

const numbers: readonly [number, string][] = [
  [0, '0'],
  [-0, '-0'],
  [1, '1'],
  [-1, '-1'],
  [9, '9'],
  [10, '10'],
  [99, '99'],
  [100, '100'],
  [2147483647, '2147483647'],
  [2147483648, '2147483648'],
  [-2147483648, '-2147483648'],
  [-2147483649, '-2147483649'],
  [999999999, '999999999'],
  [1000000000, '1000000000'],
  [1000000001, '1000000001'],
  [-999999999, '-999999999'],
  [-1000000000, '-1000000000'],
  [1775046600, '1775046600'],
  [20260728110200, '20260728110200'],
  [9007199254740991, '9007199254740991'],
  [-9007199254740991, '-9007199254740991'],
  [9007199254740992, '9007199254740992'],
  [1e20, '100000000000000000000'],
  [1e21, '1e+21'],
  [0.1, '0.1'],
  [-0.5, '-0.5'],
  [0.30000000000000004, '0.30000000000000004'],
  [1.005, '1.005'],
  [0.000001, '0.000001'],
  [0.0000015, '0.0000015'],
  [1e-7, '1e-7'],
  [123456789.123456, '123456789.123456'],
  [1234567890.123456, '1234567890.123456'],
  [5e-324, '5e-324'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [-2.2250738585072014e-308, '-2.2250738585072014e-308'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
];
for (const [value, text] of numbers) test(`number ${text}`, () => assert.equal(numberText(value), text));

const everyDouble = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.integer().map((value) => value / 1000),
  fc.maxSafeInteger().map((value) => value / 1e6),
);

test('every number reads back as itself, fits, and is as short as ECMAScript makes it', () => {
  fc.assert(
    fc.property(everyDouble, (value) => {
      const text = numberText(value);
      assert.ok(Object.is(Number(text), value), `${text} for ${value}`);
      assert.ok(text.length <= numberBytes);
      assert.equal(text, Object.is(value, -0) ? '-0' : String(value));
    }),
    { numRuns: 2000 },
  );
});

/** Of every bit pattern, and those that lie where measurements do. */
const patterns = (exponents: fc.Arbitrary<number>) =>
  fc.tuple(fc.boolean(), exponents, fc.bigInt(0n, 2n ** 52n - 1n)).map(([negative, exponent, mantissa]) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, (BigInt(negative) << 63n) | (BigInt(exponent) << 52n) | mantissa);
    return view.getFloat64(0);
  });

for (const [name, exponents, numRuns] of [
  ['all', fc.integer({ min: 0, max: 2046 }), 5_000],
  ['1e-7 to 2^53', fc.integer({ min: 999, max: 1076 }), 20_000],
] as const) {
  test(`random bit patterns come out as ECMAScript writes them: ${name}`, () => {
    fc.assert(
      fc.property(patterns(exponents), (value) => assert.equal(numberText(value), Object.is(value, -0) ? '-0' : String(value))),
      { numRuns },
    );
  });
}

test('no integer below 2^53 has an exponent or a point', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => assert.match(numberText(value), /^-?\d+$/)));
});
