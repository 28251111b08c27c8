import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostNames } from '../../src/cli/hosts.ts';

const root = join(import.meta.dirname, '../..');

test('the hosts of the command line are those that are exported, and those that there are', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exported = Object.keys(exports).flatMap((path) => /^\.\/instrumentation\/(.+)$/.exec(path)?.[1] ?? []);
  assert.deepEqual(hostNames, exported.sort());
  assert.deepEqual(hostNames, readdirSync(join(root, 'instrumentation')).sort());
});

test('the script finds every host in a clone that was never built', (t) => {
  const clone = mkdtempSync(join(tmpdir(), 'meterbridge-clone-'));
  t.after(() => rmSync(clone, { recursive: true }));
  for (const path of ['package.json', 'src', 'instrumentation']) cpSync(join(root, path), join(clone, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  for (const host of hostNames) {
    const run = spawnSync('npm', ['run', '--silent', 'meterbridge', '--', 'series', host, '--format', 'json'], {
      encoding: 'utf8',
      cwd: clone,
    });
    assert.equal(run.status, 0, run.stderr);
    assert.ok(JSON.parse(run.stdout).length > 0, host);
  }
});
