import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = join(import.meta.dirname, '../../bench/run.ts');

test('an unknown suite is named, and nothing runs', async () => {
  const failed = promisify(execFile)(process.execPath, [run, 'recrod']);
  await assert.rejects(failed, { code: 1, stderr: /no suite recrod; there are record, scrape/ });
});
