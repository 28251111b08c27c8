/** What hostile label values leave in memory. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

async function grownMB(kind: string): Promise<number> {
  const file = fileURLToPath(new URL('hostile.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file, kind]);
  return JSON.parse(stdout).grownMB;
}

const nothing = await grownMB('nothing');

for (const kind of ['closed', 'dropped', 'capped', 'folding', 'refusing', 'uncontracted', 'uncontracted-three']) {
  test(`a million hostile values grow resident memory by at most 16 MiB beyond the same loop into an empty function: ${kind}`, async (t) => {
    const beyond = (await grownMB(kind)) - nothing;
    t.diagnostic(`${beyond.toFixed(1)} MiB`);
    assert.ok(beyond <= 16, `${beyond} MiB`);
  });
}
