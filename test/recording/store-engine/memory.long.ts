import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('a million hostile values on every label grow resident memory by less than 32 MB', async () => {
  const file = fileURLToPath(new URL('hostile.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file]);
  const { grownMB } = JSON.parse(stdout);
  assert.ok(grownMB < 32, `${grownMB} MB`);
});
