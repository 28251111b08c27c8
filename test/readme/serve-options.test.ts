/** The options of `meterbridge serve` in the documentation are those of the command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveOptions } from '../../src/tools/cli/commands/serve/options.ts';
import { type Option, spelling } from '../../src/tools/cli/option.ts';
import { pageText } from './pages.ts';

const rows = Object.entries<Option>(serveOptions).map(
  ([name, option]) => `| \`${spelling(name, option)}\` | ${option.byDefault ?? '–'} | ${option.what} |`,
);

test('docs/serve.md lists every option of the command, and no other', () => {
  const documented = pageText('docs/serve.md').match(/^\| `--.*$/gm) ?? [];
  assert.deepEqual(documented, rows, `the rows should be:\n${rows.join('\n')}`);
});
