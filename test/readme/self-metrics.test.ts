/** The table of Meterbridge's own metrics is what their contract says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Label } from '../../src/core/contract/index.ts';
import { selfContract, threadContract } from '../../src/core/self/contract.ts';
import { pageText } from './pages.ts';

const valuesOf = (label: Label) => (label.kind === 'closed' ? label.values.join(', ') : `at most ${label.limit}`);
const rows = Object.values(selfContract.metrics).map(({ series, kind, labels, help }) => {
  const shown = Object.entries(labels).map(([name, label]) => `\`${name}\`: ${valuesOf(label)}`);
  return `| \`${series}\` | ${kind} | ${shown.join('; ') || '–'} | ${help} |`;
});

test('docs/automatic-metrics.md lists every metric of Meterbridge itself, and no other', () => {
  const documented = pageText('docs/automatic-metrics.md').match(/^\| `meterbridge_.*$/gm) ?? [];
  assert.deepEqual(documented, rows, `the rows should be:\n${rows.join('\n')}`);
});

test('docs/scraping.md says what a listener in a thread tells of itself', () => {
  const page = pageText('docs/scraping.md').replaceAll('\n', ' ');
  for (const { series, kind, help } of Object.values(threadContract.metrics))
    assert.ok(page.includes(`the ${kind} \`${series}\`: ${help}`));
});
