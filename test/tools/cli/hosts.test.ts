import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostNames } from '../../../src/tools/cli/hosts.ts';
import { runCommand } from './run-command.ts';

const root = join(import.meta.dirname, '../../..');

test('the hosts of the command line are those that are exported, and those that there are', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exported = Object.keys(exports).flatMap((path) => /^\.\/instrumentation\/(.+)$/.exec(path)?.[1] ?? []);
  assert.deepEqual(hostNames, exported.sort());
  assert.deepEqual(hostNames, readdirSync(join(root, 'instrumentation')).sort());
});

test('each command that takes a host takes a version of it', () => {
  for (const command of ['series', 'docs', 'dashboards', 'rules']) {
    const of = (host: string) => runCommand([command, host]);
    const [older, newer] = [of('wasmrun@0.20.5'), of('wasmrun')];
    assert.deepEqual([older.status, newer.status], [0, 0], older.stderr);
    assert.deepEqual(
      [older, newer].map(({ stdout }) => stdout.includes('wasmrun_agent_workers_live')),
      [false, command !== 'rules'],
      command,
    );
    if (command === 'rules') assert.match(older.stdout, /job="wasmrun"/);
  }
});

test('the script finds a host in a clone that was never built', (t) => {
  const clone = mkdtempSync(join(tmpdir(), 'meterbridge-clone-'));
  t.after(() => rmSync(clone, { recursive: true }));
  for (const path of ['package.json', 'src', 'instrumentation']) cpSync(join(root, path), join(clone, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'meterbridge', '--', 'series', 'rm'], {
    encoding: 'utf8',
    cwd: clone,
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^rm_hosts_total /m);
});
