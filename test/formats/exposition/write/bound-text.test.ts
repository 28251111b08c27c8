import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundText } from '../../../../src/formats/exposition/write/bytes/bound-text.ts';

// OpenMetrics 1.0 "Canonical Numbers" and Go's strconv.FormatFloat(x, 'g', -1, 64).
const bounds: readonly [number, string, string][] = [
  [0, '0', '0.0'],
  [1, '1', '1.0'],
  [-10, '-10', '-10.0'],
  [0.5, '0.5', '0.5'],
  [0.0001, '0.0001', '0.0001'],
  [0.00001, '1e-05', '1e-05'],
  [0.000015, '1.5e-05', '1.5e-05'],
  [86400, '86400', '86400.0'],
  [100000, '100000', '100000.0'],
  [999999.5, '999999.5', '999999.5'],
  [1000000, '1e+06', '1e+06'],
  [1234567, '1.234567e+06', '1.234567e+06'],
  [1e10, '1e+10', '1e+10'],
  [1e100, '1e+100', '1e+100'],
  [Number.POSITIVE_INFINITY, '+Inf', '+Inf'],
];
for (const [bound, text, openMetrics] of bounds) {
  test(`le ${text}`, () => assert.deepEqual([boundText(bound, 'text'), boundText(bound, 'openmetrics')], [text, openMetrics]));
}

test('a bound reads back as itself', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const format of ['text', 'openmetrics'] as const) assert.ok(Object.is(Number(boundText(value, format)), value));
    }),
  );
});
