import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { msOf, setNanos, wholeMsOf } from '../../../../src/formats/otlp/wire/nanos.ts';

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

const halvesOf = (nanos: bigint) => [Number(nanos >> 32n), Number(nanos & 0xffff_ffffn)] as const;

test('nanoseconds of a whole millisecond are that millisecond, and every other one lies between its neighbours', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 18_446_744_073_708 }), fc.integer({ min: 0, max: 999_999 }), (ms, nanos) => {
      assert.equal(msOf(...halvesOf(BigInt(ms) * 1_000_000n)), ms);
      const halves = halvesOf(BigInt(ms) * 1_000_000n + BigInt(nanos));
      assert.equal(wholeMsOf(...halves), ms);
      const [between, spacing] = [msOf(...halves), 2 ** -9];
      assert.ok(Math.abs(between - ms - nanos / 1e6) <= spacing, `${between}`);
    }),
  );
});

test('halves may be signed', () => {
  // 2026-11-25T17:16:28.474Z: the nearest double of its nanoseconds is 128 ns less.
  const [high, low] = halvesOf(1_795_626_988_474_000_000n);
  assert.equal(msOf(high | 0, low | 0), 1_795_626_988_474);
  assert.equal(wholeMsOf(high | 0, low | 0), 1_795_626_988_474);
});
