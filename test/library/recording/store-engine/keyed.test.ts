import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('where code may not be generated, recording works the same', async () => {
  const file = fileURLToPath(new URL('keyed.ts', import.meta.url));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const flags = ['--disallow-code-generation-from-strings', '--test-reporter=tap'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, file], { env, maxBuffer: 2 ** 24 });
  assert.match(stdout, /\n# fail 0\n/);
  assert.ok(Number(/\n# pass (\d+)\n/.exec(stdout)?.[1]) > 90, stdout);
});
