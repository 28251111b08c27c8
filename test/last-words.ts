/** A failure in a test's report is understood only with what the programs had said that the test had started. */
import type { TestContext } from 'node:test';

const MOST_CHARACTERS = 10_000;

/** When the test has failed, its report has the end of `words` beside it. */
export function lastWords(t: TestContext, program: string, words: () => string): void {
  t.after(() => {
    // What @types/node 24 leaves out.
    if (!(t as { passed?: boolean }).passed) t.diagnostic(`${program} had said:\n${words().slice(-MOST_CHARACTERS)}`);
  });
}
