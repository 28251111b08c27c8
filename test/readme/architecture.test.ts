/** ARCHITECTURE.md names files that are there, each by a path that leads to it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { pageText, root } from './pages.ts';

/** Code spans that are paths. Behind a path from the root, a line goes on within the folders that it has named. */
function missingIn(page: string): readonly string[] {
  return page.split('\n').flatMap((line) => {
    const folders: string[] = [];
    return [...line.matchAll(/`([\w./-]+\/|[\w./-]+\.(?:ts|md))`/g)].flatMap(([, path = '']) => {
      const found = ['', ...folders].map((folder) => join(folder, path)).find((at) => existsSync(join(root, at)));
      if (found === undefined) return [path];
      for (let folder = dirname(found); folder !== '.'; folder = dirname(folder)) folders.push(folder);
      return [];
    });
  });
}

test('every file that it names is there', () => assert.deepEqual(missingIn(pageText('ARCHITECTURE.md')), []));

test('a file that is not there is found, by its own path or by that of a line', () => {
  const here = 'test/readme/architecture.test.ts';
  assert.deepEqual(missingIn(`\`${here}\`, \`pages.ts\`, \`gone.ts\`, \`src/gone/\``), ['gone.ts', 'src/gone/']);
  assert.deepEqual(missingIn(`\`${basename(here)}\``), [basename(here)]);
});

test('it has forty behaviours, each with a file and a test', () => {
  const [, table = ''] = pageText('ARCHITECTURE.md').split('## Forty behaviours');
  const rows = table.split('\n## ')[0]?.match(/^\| \d+ .*$/gm) ?? [];
  assert.ok(rows.length >= 40);
  assert.deepEqual(
    rows.filter((row) => !/^\| \d+ \|[^|]+\| `src\/[^|]+\| `test\/[^|]+\|$/.test(row)),
    [],
  );
});
