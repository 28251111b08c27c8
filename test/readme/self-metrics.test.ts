/** The table of Meterbridge's own metrics is what their contract says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Label } from '../../src/contract/index.ts';
import { selfContract } from '../../src/self/contract.ts';
import { pageText } from './pages.ts';

const valuesOf = (label: Label) => (label.kind === 'closed' ? label.values.join(', ') : `at most ${label.limit}`);
const rows = Object.values(selfContract.metrics).map(({ series, kind, labels, help }) => {
  const shown = Object.entries(labels).map(([name, label]) => `\`${name}\`: ${valuesOf(label)}`);
  return `| \`${series}\` | ${kind} | ${shown.join('; ') || '–'} | ${help} |`;
});

test('docs/configuration.md lists every metric of Meterbridge itself, and no other', () => {
  const documented = pageText('docs/configuration.md').match(/^\| `meterbridge_.*$/gm) ?? [];
  assert.deepEqual(documented, rows, `the rows should be:\n${rows.join('\n')}`);
});
