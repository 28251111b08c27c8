import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setNanos } from '../../../src/otlp/write/nanos.ts';

function nanosOf(ms: number): bigint {
  const nanos = { low: 0, high: 0 };
  setNanos(nanos, ms);
  assert.ok(nanos.low >= 0 && nanos.low < 2 ** 32 && nanos.high >= 0 && nanos.high < 2 ** 32);
  return BigInt(nanos.high) * 2n ** 32n + BigInt(nanos.low);
}

const cases: [number, string][] = [
  [0, '0'],
  [1, '1000000'],
  [1_700_000_000_123, '1700000000123000000'],
  [1_700_000_000_123.5, '1700000000123500000'],
  [4_294_967_295, '4294967295000000'],
  [-1, '0'],
  [Number.NaN, '0'],
];
for (const [ms, text] of cases) test(`${ms} ms are ${text} ns`, () => assert.equal(String(nanosOf(ms)), text));

test('whole milliseconds are exact up to the year 2554, where OTLP ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 18_446_744_073_709 }), (ms) => {
      assert.equal(nanosOf(ms), BigInt(ms) * 1_000_000n);
    }),
  );
});
