/** A host that is an installed package: each command that takes a contract finds it by the package's name. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCommand } from './run-command.ts';

const builder = new URL('../../../src/core/contract/index.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'meterbridge-installed-'));
after(() => rmSync(folder, { recursive: true }));

const home = join(folder, 'node_modules', 'relay-metrics');
mkdirSync(home, { recursive: true });
const exports = { '.': './index.js', './none': './none.js', './source': './source.ts' };
writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'relay-metrics', type: 'module', exports }));
const module = `import { contract, counter } from ${JSON.stringify(builder)};\nexport default contract('relay', { sent: counter({ help: 'Sent.' }) });\n`;
writeFileSync(join(home, 'index.js'), module);
writeFileSync(join(home, 'none.js'), 'export const sent = 1;\n');
writeFileSync(join(home, 'source.ts'), module);
writeFileSync(join(folder, 'page.txt'), '# HELP relay_sent_total Sent.\n# TYPE relay_sent_total counter\nrelay_sent_total 1\n');

for (const [args, expected] of [
  [['series', 'relay-metrics'], /relay_sent_total/],
  [['docs', 'relay-metrics'], /relay_sent_total/],
  [['dashboards', 'relay-metrics'], /relay_sent_total/],
  [['rules', 'relay-metrics'], /RelayFamilyAbsent/],
  [['check', 'page.txt', '--contract', 'relay-metrics'], /^no findings/],
] as const)
  test(`meterbridge ${args.join(' ')}`, () => {
    const { status, stdout, stderr } = runCommand(args, folder);
    assert.equal(status, 0, stderr);
    assert.match(stdout, expected);
  });

for (const [name, fix] of [
  [
    'relay-metrics/none',
    /no default export; .* Fix: export default contract\(…\), or name an export of the package that does, as in NAME\/contract\./,
  ],
  ['relay-metrics/source', /Fix: compile the package to JavaScript before you publish it\./],
  ['relay-metricks', /Cannot find module 'relay-metricks'; .* install the package where you run the command\./],
] as const)
  test(`no contract: ${name}`, () => {
    const { status, stderr } = runCommand(['series', name], folder);
    assert.notEqual(status, 0);
    assert.match(stderr, fix);
  });
