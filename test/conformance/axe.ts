/** The rules of axe, as accessibility tools run them, over a page in the browser. */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Fails with each violation's rule, element and reason. What axe cannot decide by itself is none. */
export async function assertAccessible(page: Page): Promise<void> {
  // Through the debugger: the page's policy forbids a script in its text.
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )) as Found[];
  const lines = found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}: ${failureSummary}`),
  );
  assert.deepEqual(lines, []);
}
