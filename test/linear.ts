/** Work on untrusted text takes time in proportion to its length: shown by doubling, so that a slow machine changes nothing. */
import assert from 'node:assert/strict';

/** Doublings of the first length; what is linear takes 16 times as long behind them, what is quadratic 256 times. */
const doublings = 4;
/** Between the two, on the logarithmic scale. */
const mostTimes = 64;
/** The shortest first run, so that the clock's grain and a pause of the collector are small beside it. */
const leastMs = 1;
const repeats = 5;

/** What else the machine does, and a collection of garbage, can make one attempt look worse than it is; nothing makes quadratic work linear. */
const attempts = 5;

/** Asserts that `read` takes linear time for the texts that `make` returns by length. */
export function assertLinear(make: (length: number) => string, read: (text: string) => unknown): void {
  const tried: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    let length = 1_000;
    let first = bestMs(make(length), read);
    while (first < leastMs) {
      length *= 2;
      first = bestMs(make(length), read);
    }
    const last = bestMs(make(length * 2 ** doublings), read);
    if (last < first * mostTimes) return;
    tried.push(`${length} characters take ${first} ms, ${2 ** doublings} times as many ${last} ms`);
  }
  assert.fail(tried.join('; '));
}

function bestMs(text: string, read: (text: string) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const startedAt = performance.now();
    read(text);
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}
