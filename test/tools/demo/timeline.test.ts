import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimeline } from '../../../src/tools/demo/observation/timeline.ts';

/** With a clock of its own; what it shows after responses at these times, in milliseconds, and at another one. */
function shownAfter(times: readonly number[], at: number) {
  let now = 0;
  const timeline = createTimeline(500, () => now);
  for (const time of times) {
    now = time;
    timeline.answered();
  }
  now = at;
  const dots = timeline
    .dots()
    .map((one) => (one ? '+' : '-'))
    .join('');
  return [dots, timeline.longestGapMs()];
}

test('a dot each half second, and a late response is none yet', () => {
  assert.deepEqual(shownAfter([2, 503, 1_400, 1_600], 2_000), ['++++', 897]);
});

test('red from a second without a response on, until there is one', () => {
  assert.deepEqual(shownAfter([2, 502], 3_100), ['+++---', 2_598]);
  assert.deepEqual(shownAfter([2, 502, 3_002], 4_100), ['+++---++', 2_500]);
});

test('an address that never responds', () => assert.deepEqual(shownAfter([], 2_000), ['+---', 2_000]));

test('the latest half minute', () => assert.deepEqual(shownAfter([0], 3_600_000), ['-'.repeat(60), 3_600_000]));
