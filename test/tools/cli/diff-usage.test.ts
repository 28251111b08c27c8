/** `meterbridge diff` with files that use the contract: what is reported, what is written, and the exit code. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { contract, counter, gauge, oneOf, toJson } from '../../../src/core/contract/index.ts';
import schema from '../../../src/tools/check/diff/report/diff-report.schema.json' with { type: 'json' };
import { folderFor } from '../../folder-for.ts';
import { runHere } from './run-here.ts';

const help = 'Something.';
const status = oneOf('ok', 'failed');
const old = toJson(contract('app', { runs: counter({ help, labels: { status } }), queue: gauge({ help }) }));
const next = toJson(contract('app', { jobs: counter({ help, labels: { status } }), queue: gauge({ help }) }));
const removed = toJson(contract('app', { queue: gauge({ help }) }));
const renames = 'metrics: {app_runs_total: app_jobs_total}\n';

const rules = `# Alerts.  \r
groups:\r
  - name: app\r
    rules:\r
      - alert: Fails\r
        expr: rate( app_runs_total{status="failed"}[5m] ) > 0  # every one\r
      - alert: Long\r
        expr: "app_queue > 5"\r
`;
const dashboard =
  '{ "title":"App",\n"panels": [{"title": "Runs", "targets": [{"refId": "A", "expr": "sum(app_runs_total)"}]}]   }';
const rewritten = (text: string) => text.replaceAll('app_runs_total', 'app_jobs_total');

function files(t: TestContext) {
  const file = folderFor(t);
  const paths = { rules: file('rules.yaml', rules), dashboard: file('app.json', dashboard) };
  const contracts = [file('old.json', JSON.stringify(old)), file('new.json', JSON.stringify(next))];
  const hints = ['--renames', file('renames.yaml', renames)];
  const uses = ['--usage', paths.rules, '--usage', paths.dashboard];
  return { file, paths, contracts, hints, uses, args: ['diff', ...contracts, ...hints, ...uses] };
}

const allowed = async (args: readonly string[]) => {
  const { changes } = JSON.parse((await runHere([...args.slice(0, 5), '-f', 'json'])).stdout);
  const ids = changes.filter(({ impact }: { impact: string }) => impact === 'breaking').map(({ id }: { id: string }) => id);
  return ids.flatMap((id: string) => ['--allow', id]);
};

test('every expression that a rename breaks is reported, and fails, in text, Markdown and JSON', async (t) => {
  const { args, paths } = files(t);
  const text = await runHere(args);
  assert.equal(text.status, 1, text.stderr);
  assert.ok(text.stdout.includes(`breaking ${paths.rules}:6:15 group app, alert Fails`), text.stdout);
  assert.ok(text.stdout.includes('  rewritten: sum(app_jobs_total)'), text.stdout);
  assert.match(text.stdout, /2 break, 0 are risky; 2 can be rewritten, 0 cannot; 0 not read\n$/);
  const markdown = await runHere([...args, '-f', 'markdown']);
  assert.match(markdown.stdout, /^## Metrics: [\s\S]*\n## Expressions\n[\s\S]*\| ` sum\(app_jobs_total\) ` \|\n/);
  const json = await runHere([...args, '-f', 'json']);
  const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const read = JSON.parse(json.stdout);
  assert.deepEqual([json.status, read.usage.counts.broken, read.usage.counts.rewritable], [1, 2, 2]);
  assert.ok(isValid(read), JSON.stringify(isValid.errors));
  assert.equal(readFileSync(paths.rules, 'utf8'), rules);
});

test('a threshold that the factor of another unit rounds has a note in each report', async (t) => {
  const file = folderFor(t);
  const delay = (unit: string) => JSON.stringify(toJson(contract('app', { delay: gauge({ help, unit }) })));
  const used = 'groups: [{ name: app, rules: [{ alert: Slow, expr: app_delay_milliseconds >= 570 }] }]';
  const hints = ['--renames', file('renames.yaml', 'metrics: {app_delay_milliseconds: app_delay_seconds}\n')];
  const args = [
    'diff',
    file('old.json', delay('ms')),
    file('new.json', delay('s')),
    ...hints,
    '--usage',
    file('rules.yaml', used),
  ];
  const note =
    'the unit of app_delay_milliseconds has changed, and its factor rounds: where both sides of >= are equal, the result may be the other one';
  const text = (await runHere(args)).stdout;
  assert.ok(text.includes(`  rewritten: (app_delay_seconds * 1000) >= 570\n  note: ${note}\n`), text);
  const markdown = (await runHere([...args, '-f', 'markdown'])).stdout;
  const escaped = note.replace(/[_>]/g, '\\$&');
  assert.ok(markdown.includes(`| \` (app_delay_seconds * 1000) >= 570 \`<br>${escaped} |\n`), markdown);
  const { usage } = JSON.parse((await runHere([...args, '-f', 'json'])).stdout);
  assert.deepEqual(usage.findings[0].notes, [note]);
});

test('--fix rewrites, and all else stays byte for byte; a second run changes nothing', async (t) => {
  const { args, paths } = files(t);
  const allow = await allowed(args);
  const fixed = await runHere([...args, '--fix', ...allow]);
  assert.equal(fixed.status, 0, fixed.stdout + fixed.stderr);
  assert.equal(fixed.stderr, `${paths.rules}: written\n${paths.dashboard}: written\n`);
  const written = () => [readFileSync(paths.rules, 'utf8'), readFileSync(paths.dashboard, 'utf8')];
  assert.deepEqual(written(), [rewritten(rules), rewritten(dashboard)]);
  const again = await runHere([...args, '--fix']);
  assert.equal(again.stderr, '');
  assert.equal(again.status, 1, 'files elsewhere may break: the change is not allowed');
  assert.deepEqual(written(), [rewritten(rules), rewritten(dashboard)]);
});

test('--dry-run shows the diff, and writes nothing', async (t) => {
  const { args, paths, file } = files(t);
  const bridge = file('bridge.yaml');
  const { stdout, stderr } = await runHere([...args, '--fix', '--dry-run', '--bridge', bridge]);
  assert.match(stdout, /\n- {8}expr: rate\( app_runs_total\{.*\r\n\+ {8}expr: rate\( app_jobs_total\{.*# every one\r\n/);
  assert.match(stderr, /bridge\.yaml: 1 recording rules, not written; 0 series/);
  assert.deepEqual([readFileSync(paths.rules, 'utf8'), existsSync(bridge)], [rules, false]);
  const json = JSON.parse((await runHere([...args, '--fix', '--dry-run', '-f', 'json'])).stdout);
  assert.ok(stdout.endsWith(json.usage.diff));
  assert.match((await runHere([...args, '--fix', '--dry-run', '-f', 'markdown'])).stdout, /```diff\n--- a\//);
});

test('--bridge writes rules under the old names, also without files, and over its own file alone', async (t) => {
  const { contracts, hints, file, paths } = files(t);
  const bridge = file('bridge.yaml');
  const args = ['diff', ...contracts, ...hints, '--bridge', bridge];
  for (const run of ['first', 'second']) {
    assert.equal((await runHere(args)).status, 1, run);
    assert.deepEqual(parse(readFileSync(bridge, 'utf8')).groups[0].rules, [{ record: 'app_runs_total', expr: 'app_jobs_total' }]);
  }
  const refused = await runHere([...args.slice(0, -1), paths.rules]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /a file that diff --bridge did not write/);
  assert.equal(readFileSync(paths.rules, 'utf8'), rules);
});

test('an expression that cannot be rewritten fails unless its change is allowed', async (t) => {
  const { contracts, file, uses, paths } = files(t);
  const args = ['diff', contracts[0] ?? '', file('removed.json', JSON.stringify(removed)), ...uses, '--fix'];
  const failed = await runHere(args);
  assert.equal(failed.status, 1);
  assert.match(failed.stdout, /2 break, 0 are risky; 0 can be rewritten, 2 cannot/);
  assert.equal((await runHere([...args, '--allow', 'app_runs_total/metric-removed'])).status, 0);
  assert.equal(readFileSync(paths.rules, 'utf8'), rules);
});

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['--fix without files', ['--fix'], /--fix: .*no --usage/],
  ['--dry-run without --fix', ['--usage', '.', '--dry-run'], /--dry-run: .*no --fix/],
  ['a path that is not there', ['--usage', 'no-such-file.yaml'], /--usage no-such-file\.yaml/],
  ['a bridge in no folder', ['--bridge', 'no-such-folder/bridge.yaml'], /--bridge no-such-folder\/bridge\.yaml/],
];
for (const [what, args, message] of wrong) {
  test(`exit code 2: ${what}`, async (t) => {
    const run = await runHere(['diff', ...files(t).contracts, ...args]);
    assert.match(run.stderr, message);
    assert.equal(run.status, 2);
  });
}
