/** Numbers and times as Go writes them: the expected strings are those of Go 1.26. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed, shortest } from '../../../../src/service/exporters/debug/text/numbers.ts';
import { timeText } from '../../../../src/service/exporters/debug/text/time.ts';

for (const [value, percentF, percentV] of [
  [0, '0.000000', '0'],
  [-0, '-0.000000', '-0'],
  [NaN, 'NaN', 'NaN'],
  [Infinity, '+Inf', '+Inf'],
  [-Infinity, '-Inf', '-Inf'],
  [0.0078125, '0.007812', '0.0078125'],
  [0.0234375, '0.023438', '0.0234375'],
  [-0.0078125, '-0.007812', '-0.0078125'],
  [0.0000005, '0.000000', '5e-07'],
  [-1e-9, '-0.000000', '-1e-09'],
  [0.0001, '0.000100', '0.0001'],
  [0.00009999, '0.000100', '9.999e-05'],
  [999999.5, '999999.500000', '999999.5'],
  [1e6, '1000000.000000', '1e+06'],
  [-1234567.5, '-1234567.500000', '-1.2345675e+06'],
  [1e20, '100000000000000000000.000000', '1e+20'],
  [1e21, '1000000000000000000000.000000', '1e+21'],
  [1e23, '99999999999999991611392.000000', '1e+23'],
  [5e-324, '0.000000', '5e-324'],
  [
    1e100,
    '10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.000000',
    '1e+100',
  ],
] as const) {
  test(`${Object.is(value, -0) ? '-0' : value} is ${percentF}, in short ${percentV}`, () => {
    assert.equal(fixed(value), percentF);
    assert.equal(shortest(value), percentV);
  });
}

for (const [nanos, expected] of [
  [undefined, '1970-01-01 00:00:00 +0000 UTC'],
  [1n, '1970-01-01 00:00:00.000000001 +0000 UTC'],
  [1_500_000_000n, '1970-01-01 00:00:01.5 +0000 UTC'],
  [1_581_452_773_000_000_789n, '2020-02-11 20:26:13.000000789 +0000 UTC'],
  [2n ** 63n - 1n, '2262-04-11 23:47:16.854775807 +0000 UTC'],
  [2n ** 63n, '1677-09-21 00:12:43.145224192 +0000 UTC'],
  [2n ** 64n - 1n, '1969-12-31 23:59:59.999999999 +0000 UTC'],
  [2n ** 64n - 1_000_000_000n, '1969-12-31 23:59:59 +0000 UTC'],
] as const) {
  test(`${nanos} ns are ${expected}`, () => assert.equal(timeText(nanos), expected));
}
