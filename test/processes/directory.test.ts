/** What `all` means: the processes of one user with the same script and the same contract. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openDirectory } from '../../src/processes/directory.ts';

test('contracts and scripts have directories of their own, also where long names begin alike', {
  skip: process.platform === 'win32',
}, (t) => {
  const before = process.env.TMPDIR;
  const temporary = mkdtempSync(join(tmpdir(), 'mb-'));
  process.env.TMPDIR = temporary;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(temporary, { recursive: true });
  });
  const given = [
    ['wasmrun_agent_builds', '/srv/a.js'],
    ['wasmrun_agent_build_jobs', '/srv/a.js'],
    ['wasmrun_agent_builds', '/srv/b.js'],
  ] as const;
  const open = () => given.map(([contract, program]) => openDirectory('all', contract, program, 26));
  const directories = open();
  assert.equal(new Set(directories).size, given.length);
  assert.deepEqual(open(), directories);
  for (const directory of directories) assert.equal(dirname(directory), temporary);
});
