/** How long the slices of a rendering last, beside others that want the event loop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../../../src/exposition/write/pace.ts';

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The median of slices, each behind a turn of so many milliseconds: the machine may have others to serve. */
async function sliceBeside(turnMs: number, longestMs?: number): Promise<number> {
  const pace = createPace(undefined, longestMs);
  const work = (): void => {
    busy(turnMs);
    timer = setImmediate(work);
  };
  let timer = setImmediate(work);
  const slices: number[] = [];
  for (let slice = 0; slice < 11; slice++) {
    await pace.rest();
    const from = performance.now();
    while (!pace.due());
    slices.push(performance.now() - from);
  }
  clearImmediate(timer);
  return slices.sort((one, other) => one - other)[5] as number;
}

test('a slice lasts a millisecond, whatever others do', async () => {
  const ms = await sliceBeside(4);
  assert.ok(ms < 4, `${ms} ms`);
});

test('where it may last longer, it does so beside others that do, and only there', async () => {
  const alone = await sliceBeside(0, 8);
  assert.ok(alone < 4, `${alone} ms`);
  const beside = await sliceBeside(3, 8);
  assert.ok(beside > 5, `${beside} ms`);
  const longest = await sliceBeside(20, 8);
  assert.ok(longest > 7 && longest < 20, `${longest} ms`);
});
