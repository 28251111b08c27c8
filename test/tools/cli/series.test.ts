import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { run } from '../../../src/tools/cli/run.ts';
import { runCommand } from './run-command.ts';

const builder = new URL('../../../src/core/contract/index.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'meterbridge-cli-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** In this process. Hosts are found in a process of its own only: it is started with the condition that they need. */
async function here(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run(args, { stdout, stderr });
  return { status, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

const json = file(
  'app.json',
  JSON.stringify({
    name: 'app',
    metrics: {
      runs: {
        kind: 'counter',
        unit: '{run}',
        help: 'Runs.',
        labels: { status: { kind: 'closed', values: ['success', 'failed'] } },
      },
      size: { kind: 'histogram', unit: 'By', help: 'Size.', exponential: { maxSize: 20 } },
      wait: { kind: 'histogram', unit: 's', help: 'Wait.', bounds: [0.1, 1], labels: { task: { kind: 'identity', limit: 5 } } },
    },
  }),
);

test('series of a .json file as JSON', async () => {
  const { status, stdout, stderr } = await here('series', json, '--format', 'json');
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.deepEqual(JSON.parse(stdout), [
    {
      series: 'app_runs_total',
      kind: 'counter',
      unit: '{run}',
      instrument: 'app.runs',
      labels: { status: { kind: 'closed', values: ['success', 'failed'] } },
      bounds: [],
      help: 'Runs.',
    },
    {
      series: 'app_size_bytes',
      kind: 'histogram',
      unit: 'By',
      instrument: 'app.size',
      labels: {},
      bounds: [],
      exponential: { maxSize: 20, maxScale: 20 },
      help: 'Size.',
    },
    {
      series: 'app_wait_seconds',
      kind: 'histogram',
      unit: 's',
      instrument: 'app.wait',
      labels: { task: { kind: 'identity', limit: 5, other: 'other', maxBytes: 256 } },
      bounds: [0.1, 1],
      help: 'Wait.',
    },
  ]);
});

test('series of a .json file as a table', async () => {
  assert.equal(
    (await here('series', json)).stdout,
    [
      'SERIES            KIND       UNIT   LABELS                 INSTRUMENT',
      'app_runs_total    counter    {run}  status=success|failed  app.runs',
      'app_size_bytes    histogram  By     -                      app.size',
      'app_wait_seconds  histogram  s      task≤5                 app.wait',
      '',
    ].join('\n'),
  );
});

test('series of a module', async () => {
  const module = file(
    'app.ts',
    `import { contract, gauge } from ${JSON.stringify(builder)};\nexport default contract('app', { size: gauge({ unit: 'By', help: 'Size.' }) });\n`,
  );
  const { status, stdout } = await here('series', module, '-f', 'json');
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout)[0].series, 'app_size_bytes');
});

test('series of a built-in host', () => {
  const { status, stdout, stderr } = runCommand(['series', 'runwisp', '--format=json']);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  // Typed from RunWisp's metrics page
  const [runs] = JSON.parse(stdout);
  assert.partialDeepStrictEqual(runs, {
    series: 'runwisp_runs_total',
    kind: 'counter',
    labels: { status: { kind: 'closed', values: ['success', 'failed', 'missed'] } },
  });
});

test('a built-in host is also known by the prefix of its series', () => {
  const { stdout } = runCommand(['series', 'rm']);
  assert.match(stdout, /^rm_hosts_total +gauge /m);
  assert.equal(stdout, runCommand(['series', 'restic-manager']).stdout);
});

const failing: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['no command', [], 2, /COMMAND: got nothing/],
  ['an unknown command', ['serious'], 2, /COMMAND: got "serious".* use one of serve, health/],
  ['no contract', ['series'], 2, /CONTRACT: got nothing/],
  ['two contracts', ['series', 'a.json', 'b.json'], 2, /one contract at a time/],
  ['an unknown format', ['series', 'runwisp', '--format', 'yaml'], 2, /--format: got "yaml"; the format is table or json/],
  ['an unknown option', ['series', 'runwisp', '--colour'], 2, /--colour/],
  ['an unknown host', ['series', 'nobody'], 1, /nobody: .*runwisp/],
  ['a missing .json file', ['series', 'missing.json'], 1, /missing\.json: .*ENOENT/],
  ['a missing module', ['series', './missing.js'], 1, /missing\.js/],
  ['a file that is no JSON', ['series', file('broken.json', '{')], 1, /broken\.json: .*readable JSON/],
  ['a file that is no contract', ['series', file('wrong.json', '{"name":"x"}')], 1, /wrong\.json\.metrics: got nothing/],
  ['a module without a default export', ['series', file('none.mjs', 'export const a = 1;')], 1, /no default export/],
  ['a module that throws', ['series', file('throws.mjs', 'throw new Error("sorry");')], 1, /throws\.mjs: got sorry/],
];
for (const [what, args, code, message] of failing) {
  test(`${what}: exit code ${code}, a message and no stack`, async () => {
    const { status, stdout, stderr } = await here(...args);
    assert.deepEqual({ status, stdout }, { status: code, stdout: '' });
    assert.match(stderr, message);
    assert.match(stderr, /^meterbridge: /);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
}

test('--help lists the commands', async () => {
  const { status, stdout } = await here('--help');
  assert.equal(status, 0);
  assert.match(stdout, /meterbridge COMMAND[\s\S]+series CONTRACT \[--format table\|json\]/);
});

test('series --help names the built-in contracts', async () =>
  assert.match((await here('series', '--help')).stdout, /built-in one \(.*runwisp.*, serve\)/));

test('--version is that of the package', async () => {
  assert.match((await here('--version')).stdout, /^\d+\.\d+\.\d+\S*\n$/);
});

test('control characters of a file do not reach the terminal', async () => {
  const values = ['\u001b[31m'];
  const evil = { name: 'x', metrics: { a: { kind: 'gauge', help: 'H.', labels: { s: { kind: 'closed', values } } } } };
  assert.ok(!(await here('series', file('evil.json', JSON.stringify(evil)))).stdout.includes('\u001b'));
});
