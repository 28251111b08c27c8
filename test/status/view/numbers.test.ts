/** Numbers keep three digits, an exact one on request, and a unit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, bytes, clockTime, duration, percent, rounded, seconds } from '../../../src/status/view/numbers.ts';
import { toHtml } from '../../../src/status/view/to-html.ts';

const cases: readonly (readonly [got: string, expected: string])[] = [
  [rounded(0), '0'],
  [rounded(0.254), '0.25'],
  [rounded(12.345), '12.3'],
  [rounded(9_999.4), '9,999'],
  [rounded(12_345), '12.3k'],
  [rounded(1_250_000), '1.25M'],
  [rounded(-12_345), '-12.3k'],
  [bytes(1_023), '1,023 B'],
  [bytes(1_024 * 1_536), '1.5 MiB'],
  [percent(0), '0 %'],
  [percent(0.0004), '0.04 %'],
  [percent(0.414), '41 %'],
  [seconds(0.0412), '41.2 ms'],
  [seconds(15), '15 s'],
  [seconds(3_600), '1 h'],
  [duration(0), '0 s'],
  [duration(200_000), '3 min 20 s'],
  [duration(93_600_000), '1 d 2 h'],
  [toHtml(ago(0, 1_000)), '<time datetime="1970-01-01T00:00:00.000Z" title="1970-01-01T00:00:00.000Z">just now</time>'],
  [toHtml(ago(0, 200_000)).replace(/<[^>]*>/g, ''), '3 min ago'],
  [toHtml(clockTime(0, 1_000)).replace(/<[^>]*>/g, ''), '00:00:00 UTC'],
  [toHtml(clockTime(0, 100_000_000)).replace(/<[^>]*>/g, ''), '1970-01-01 00:00:00 UTC'],
];

for (const [got, expected] of cases) test(`reads ${expected}`, () => assert.equal(got, expected));
