import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('no histogram allocates when it records, whatever its buckets, min and max included', async () => {
  const file = fileURLToPath(new URL('record-histograms.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file]);
  const bytes: Record<string, number> = JSON.parse(stdout);
  assert.deepEqual(Object.keys(bytes), ['exponential', 'bound', 'api', 'explicit', 'both', 'boundBoth']);
  // A single number on the heap would be 12.
  for (const [what, each] of Object.entries(bytes)) assert.ok(each < 1, `${what}: ${each} bytes a record`);
});
