import assert from 'node:assert/strict';
import test from 'node:test';
import { scrapeDeadline } from '../../../src/net/pull/deadline.ts';
import { assertLinear } from '../../linear.ts';

for (const [header, expected] of [
  [undefined, 10_000],
  ['15', 10_000],
  ['10.5', 10_000],
  ['10', 9_500],
  ['5', 4_500],
  ['1.5', 1_000],
  ['1e0', 500],
  [' 5 ', 4_500],
  ['0.5', 100],
  ['0.001', 100],
  ['0', 10_000],
  ['-5', 10_000],
  ['', 10_000],
  ['soon', 10_000],
  ['5s', 10_000],
  ['NaN', 10_000],
  ['Infinity', 10_000],
  ['0x5', 10_000],
  ['5, 5', 10_000],
] as const) {
  test(`X-Prometheus-Scrape-Timeout-Seconds: ${header}`, () => assert.equal(scrapeDeadline(header, 10_000), expected));
}

test('the least does not exceed the most', () => assert.equal(scrapeDeadline('0.1', 5), 5));

for (const [name, header] of [
  ['digits', (length: number) => `${'1'.repeat(length)}x`],
  ['decimals', (length: number) => `1.${'1'.repeat(length)}x`],
  ['an exponent', (length: number) => `1e${'1'.repeat(length)}x`],
  ['blanks', (length: number) => `1${' '.repeat(length)}x`],
] as const) {
  test(`${name} without an end: eight times the length takes about eight times as long, not 64`, () => {
    assertLinear((length) => {
      const text = header(length);
      return () => assert.equal(scrapeDeadline(text, 10_000), 10_000);
    }, 10_000);
  });
}
