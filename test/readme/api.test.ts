/**
 * The API reference has every name of the public surface; `test/package/as-installed.ts` compares the whole page with the
 * declarations.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageText } from './pages.ts';

/** Specifier → names, from the lists at the head of the report. A name in brackets is the declaration's own. */
const surface = new Map(
  [...pageText('build/api-report.txt').matchAll(/^(meterbridge\S*)\n((?: {2}\S.*\n)*)/gm)].map(
    ([, specifier = '', names = '']) => [specifier, names.split('\n').flatMap((line) => line.trim().split(' ')[0] || [])],
  ),
);
const sections = new Set([...pageText('docs/api.md').matchAll(/^## (\S+)$/gm)].map(([, name = '']) => name));
const entries = new Set([...pageText('docs/api.md').matchAll(/^### `(\w+)`$/gm)].map(([, name = '']) => name));

for (const [specifier, names] of surface) {
  if (specifier.includes('/instrumentation/') || names.length === 0) continue; // beside their programs; nothing to import
  test(`docs/api.md has every name of ${specifier}`, () => {
    assert.ok(sections.has(specifier));
    assert.deepEqual(
      names.filter((name) => !entries.has(name)),
      [],
    );
  });
}
