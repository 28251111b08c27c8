import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs } from '../../../../src/net/otlp-client/answers/retry-after.ts';

/** Sun, 06 Nov 1994 08:49:37 GMT: the date of RFC 9110, 5.6.7, in its three forms. */
const date = 784_111_777_000;
const rows: [said: string | undefined, nowMs: number, expected: number | undefined][] = [
  [undefined, date, undefined],
  ['1', date, 1_000],
  [' 120 ', date, 120_000],
  ['3600', date, 600_000],
  ['9'.repeat(60), date, 600_000],
  ['9'.repeat(65), date, undefined],
  ['0', date, undefined],
  ['-5', date, undefined],
  ['1.5', date, undefined],
  ['1e3', date, undefined],
  ['', date, undefined],
  ['soon', date, undefined],
  ['Sun, 06 Nov 1994 08:49:37 GMT', date - 10_000, 10_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', date - 10_000, 10_000],
  ['Sun Nov  6 08:49:37 1994', date - 10_000, 10_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', date - 10, 1_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', date - 3_600_000, 600_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', date + 1, undefined],
];
for (const [said, now, expected] of rows) {
  test(`Retry-After: ${said?.slice(0, 30)}, ${date - now} ms ahead of its date, is ${expected} ms`, () => {
    assert.equal(retryAfterMs(said, 600_000, now), expected);
  });
}
