/** What a run of test files says of those that pass only alone. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from './folder-for.ts';

/**
 * Files that each fail where nothing stands at a path beside them, and pass from then on; `helper` declares the test of another
 * file.
 */
function runOf(
  t: TestContext,
  files: number,
  CI: string,
  ending = '',
): { readonly status: number | null; readonly last: string } {
  const file = folderFor(t);
  const helper = file(
    'helper.ts',
    [
      "import { existsSync, writeFileSync } from 'node:fs';",
      "import { test } from 'node:test';",
      'export const declare = (path: string) => test("once", () => {',
      '  if (existsSync(path)) return;',
      '  writeFileSync(path, "");',
      '  throw new Error("the first time");',
      '});',
    ].join('\n'),
  );
  const paths = Array.from({ length: files }, (_, at) =>
    file(
      `${at}.test.ts`,
      `import { declare } from ${JSON.stringify(helper)};\ndeclare(import.meta.filename + '.was');\n${ending}`,
    ),
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...paths], {
    env: { ...env, CI },
    encoding: 'utf8',
  });
  return { status, last: stdout.slice(stdout.lastIndexOf('\n===')) };
}

test('two files that pass only alone are named at the end, and the run passes', (t) => {
  const { status, last } = runOf(t, 2, 'true');
  assert.equal(status, 0);
  assert.match(last, /PASSED ONLY ALONE: .*0\.test\.ts, .*1\.test\.ts\./);
});

test('three fail a run with CI=true, and no other', (t) => {
  assert.deepEqual([runOf(t, 3, 'true').status, runOf(t, 3, '').status], [1, 0]);
});

test('what fails alone, too, fails the run', (t) => {
  const { status, last } = runOf(
    t,
    1,
    '',
    "import { test } from 'node:test';\ntest('always', () => Promise.reject(new Error('each time')));",
  );
  assert.equal(status, 1);
  assert.match(last, /failed, also alone: .*0\.test\.ts/);
});
