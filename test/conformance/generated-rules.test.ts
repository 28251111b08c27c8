/** The rules of every built-in contract, by promtool: valid, each alert firing in one case and silent in another. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommand } from '../tools/cli/run-command.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';

const contracts = ['crewshipd', 'restic-manager', 'runwisp', 'solti', 'wasmrun', 'http', 'meterbridge', 'runtime', 'serve'];
const cases = [...contracts.map((name) => [name]), ['runwisp', '--pushed', '--self-metrics', '--job', 'other']];

for (const args of cases) {
  test(`meterbridge rules ${args.join(' ')}`, (t: TestContext) => {
    const promtool = requirePeer(t, 'promtool');
    if (promtool === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), 'meterbridge-rules-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [rules, tests] = [join(folder, 'a.rules.yaml'), join(folder, 'a.test.yaml')];
    const { status, stderr } = runCommand(['rules', ...args, '--out', rules, '--tests', tests]);
    assert.equal(status, 0, stderr);
    promtoolSays(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', rules);
    assert.match(promtoolSays(promtool, 'test', 'rules', tests), /SUCCESS/);
    // Each alert has a case of its own in which it fires.
    const names = [...readFileSync(rules, 'utf8').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    const played = [...readFileSync(tests, 'utf8').matchAll(/- name: (\w+)$/gm)].map(([, name]) => name);
    assert.ok(names.length > 0);
    assert.deepEqual(played, names);
    assert.equal(runCommand(['rules', ...args, '--check', rules]).status, 0);
  });
}
