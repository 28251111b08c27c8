/** How long the slices of a rendering last, beside others that want the event loop: by a clock that only they move. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createPace } from '../../../../src/formats/exposition/write/pace.ts';

/** What a look at the clock takes, in milliseconds; an eighth, so that sums are exact. */
const stepMs = 1 / 8;

/** The last of some slices, each behind a turn of so many milliseconds. */
async function sliceBeside(t: TestContext, turnMs: number, longestMs?: number): Promise<number> {
  let now = 1_000;
  t.mock.method(performance, 'now', () => now);
  const pace = createPace(undefined, longestMs);
  const work = (): void => {
    now += turnMs;
    timer = setImmediate(work);
  };
  let timer = setImmediate(work);
  let slice = 0;
  for (let at = 0; at < 11; at++) {
    await pace.rest();
    const from = now;
    while (!pace.due()) now += stepMs;
    slice = now - from;
  }
  clearImmediate(timer);
  t.mock.restoreAll();
  return slice;
}

test('a slice lasts a millisecond, whatever others do', async (t) => {
  for (const turnMs of [0, 4, 20]) assert.equal(await sliceBeside(t, turnMs), 1);
});

test('where it may last longer, it does so beside others that do, and only there', async (t) => {
  assert.equal(await sliceBeside(t, 0, 8), 1);
  assert.equal(await sliceBeside(t, 3, 8), 6, 'twice as long as they');
  assert.equal(await sliceBeside(t, 20, 8), 8, 'as long as it may');
});
