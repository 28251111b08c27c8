/**
 * Ends what a test has started, the last first: a daemon makes its last push before the Collector goes. (`t.after` keeps the
 * order of the calls.)
 */
import type { TestContext } from 'node:test';

export function inReverse(test: TestContext): (end: () => Promise<void>) => void {
  const ends: (() => Promise<void>)[] = [];
  test.after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return (end) => void ends.push(end);
}
