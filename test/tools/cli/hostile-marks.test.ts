/**
 * Marks that turn the direction of writing or end a line (CVE-2021-42574) reach no file that a command writes, whatever the page
 * holds.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { folderFor } from '../../folder-for.ts';
import { runHere } from './run-here.ts';

const marks = '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029\u0085\u001b[2J\u{e0041}';
const raw = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
const page = `# HELP app_x_total a${marks}b\n# TYPE app_x_total counter\napp_x_total{a="v${marks}",b="w"} 1\napp_x_total{a="z",b="w"} 1\n{"app.q${marks}"} 2\n`;
const contract = {
  name: 'app',
  metrics: { x: { kind: 'counter', help: `A${marks}.`, labels: { a: { kind: 'closed', values: [`v${marks}`, 'w'] } } } },
};

for (const args of [
  ['infer', '-f', 'ts'],
  ['infer', '-f', 'json'],
  ...['text', 'json', 'github', 'junit', 'sarif'].map((format) => ['check', '-f', format]),
])
  test(`${args.join(' ')} of a page`, async (t) => {
    const [command = '', ...options] = args;
    const { stdout, stderr } = await runHere([command, folderFor(t)('page.prom', page), ...options]);
    assert.notEqual(stdout, '');
    assert.doesNotMatch(stdout, raw);
    assert.doesNotMatch(stderr, raw);
  });

for (const args of [['docs'], ['dashboards'], ['rules'], ['series'], ['series', '--format', 'json']])
  test(`${args.join(' ')} of a contract`, async (t) => {
    const [command = '', ...options] = args;
    const { stdout, stderr, status } = await runHere([
      command,
      folderFor(t)('contract.json', JSON.stringify(contract)),
      ...options,
    ]);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout, raw);
  });

for (const format of ['text', 'json', 'markdown'])
  test(`diff -f ${format} of two contracts`, async (t) => {
    const to = folderFor(t);
    const changed = { ...contract, metrics: { x: { ...contract.metrics.x, help: `Other${marks}.`, labels: {} } } };
    const files = [to('old.json', JSON.stringify(contract)), to('new.json', JSON.stringify(changed))];
    const { stdout, stderr } = await runHere(['diff', ...files, '-f', format]);
    assert.notEqual(stdout, '', stderr);
    assert.doesNotMatch(stdout, raw);
    assert.doesNotMatch(stderr, raw);
  });

for (const format of ['yaml', 'json'])
  test(`print-config -f ${format}, and what validate says of an unknown key`, async (t) => {
    const configuration = {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:4318' } } } },
      processors: { attributes: { actions: [{ key: `a${marks}`, action: 'insert', value: `v${marks}` }] } },
      exporters: { debug: {} },
      service: { pipelines: { metrics: { receivers: ['otlp'], processors: ['attributes'], exporters: ['debug'] } } },
    };
    const to = folderFor(t);
    const { stdout, stderr } = await runHere([
      'print-config',
      '--config',
      to('c.yaml', JSON.stringify(configuration)),
      '-f',
      format,
    ]);
    assert.notEqual(stdout, '', stderr);
    assert.doesNotMatch(stdout, raw);
    const wrong = await runHere([
      'validate',
      '--config',
      to('wrong.yaml', JSON.stringify({ ...configuration, [`k${marks}`]: 1 })),
    ]);
    assert.notEqual(wrong.stderr, '');
    assert.doesNotMatch(wrong.stderr, raw);
  });

test('a file, a URL and a command that are not there', async (t) => {
  const path = folderFor(t)(`gone${marks}`);
  for (const args of [
    ['check', path],
    ['infer', path],
    ['series', path],
    ['diff', path, path],
    ['docs', path],
    ['storage', path],
    ['validate', '--config', path],
    ['serve', '--config', path],
    ['health', `http://127.0.0.1:1/${marks}`],
    [marks],
    ['check', `--${marks}`],
  ]) {
    const { stderr, status } = await runHere(args);
    assert.notEqual(status, 0, args[0]);
    assert.notEqual(stderr, '', args[0]);
    assert.doesNotMatch(stderr, raw, args[0]);
  }
});

test('docs that are out of date', async (t) => {
  const to = folderFor(t);
  const file = to('contract.json', JSON.stringify({ ...contract, metrics: { x: { ...contract.metrics.x, help: 'A.' } } }));
  const readme = to('README.md', '');
  assert.equal((await runHere(['docs', file, '--out', readme, '--init'])).status, 0);
  writeFileSync(readme, readFileSync(readme, 'utf8').replace('A.', `B${marks}.`));
  const { stderr, status } = await runHere(['docs', file, '--out', readme, '--check']);
  assert.notEqual(status, 0);
  assert.match(stderr, /B/);
  assert.doesNotMatch(stderr, raw);
});
