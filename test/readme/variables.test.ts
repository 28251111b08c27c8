/** Each variable of Meterbridge's own that the sources read is in the table of them, and the table has no other. */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { pageText, root } from './pages.ts';

const named = (text: string): readonly string[] => text.match(/\bMETERBRIDGE_[A-Z]+(?:_[A-Z]+)*\b/g) ?? [];

test('docs/recording.md lists every METERBRIDGE_ variable', () => {
  const read = new Set(globSync('{src,instrumentation}/**/*.ts', { cwd: root }).flatMap((file) => named(pageText(file))));
  const rows = pageText('docs/recording.md').matchAll(/^\| `(METERBRIDGE_\w+)` \|/gm);
  assert.ok(read.has('METERBRIDGE_STRICT'));
  assert.deepEqual([...rows].map(([, name]) => name).sort(), [...read].sort());
});
