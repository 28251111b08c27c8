/** Marks that turn the direction of writing or end a line (CVE-2021-42574) reach no file that a command writes, whatever the page holds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHere } from '../../cli/run-here.ts';
import { folderFor } from '../../folder-for.ts';

const marks = '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029\u0085\u001b[2J';
const raw = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
const page = `# HELP app_x_total a${marks}b\n# TYPE app_x_total counter\napp_x_total{a="v${marks}",b="w"} 1\napp_x_total{a="z",b="w"} 1\n{"app.q${marks}"} 2\n`;
const contract = {
  name: 'app',
  metrics: { x: { kind: 'counter', help: `A${marks}.`, labels: { a: { kind: 'closed', values: [`v${marks}`, 'w'] } } } },
};

for (const args of [['infer', '-f', 'ts'], ['infer', '-f', 'json'], ['check'], ['check', '-f', 'json']])
  test(`${args.join(' ')} of a page`, async (t) => {
    const [command = '', ...options] = args;
    const { stdout, stderr } = await runHere([command, folderFor(t)('page.prom', page), ...options]);
    assert.notEqual(stdout, '');
    assert.doesNotMatch(stdout, raw);
    assert.doesNotMatch(stderr, raw);
  });

for (const command of ['docs', 'dashboards', 'rules'])
  test(`${command} of a contract`, async (t) => {
    const { stdout, stderr, status } = await runHere([command, folderFor(t)('contract.json', JSON.stringify(contract))]);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout, raw);
  });
