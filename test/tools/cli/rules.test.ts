import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { parse } from 'yaml';
import { run } from '../../../src/tools/cli/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-rules-'));
after(() => rmSync(folder, { recursive: true }));

async function rules(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run(['rules', ...args], { stdout, stderr });
  return { status, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

const contract = join(folder, 'app.json');
writeFileSync(contract, JSON.stringify({ name: 'app', metrics: { runs: { kind: 'counter', help: 'Runs.' } } }));

interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

test('without a file, it prints a rule file; --job, --pushed and --self-metrics change what it asks', async () => {
  const alerts = async (...args: string[]) => {
    const { status, stdout, stderr } = await rules(contract, ...args);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    return (parse(stdout) as RuleFile).groups.flatMap((group) => group.rules);
  };
  const plain = await alerts();
  assert.ok(plain.some(({ expr }) => expr.includes('up{job="app"}')));
  const others = await alerts('--job', 'other');
  assert.ok(others.every(({ expr }) => !expr.includes('job="app"')));
  assert.ok(others.some(({ expr }) => expr.includes('up{job="other"}')));
  assert.ok((await alerts('--pushed')).every(({ expr }) => !/\bup\b/.test(expr)));
  assert.ok(!plain.some(({ expr }) => expr.includes('meterbridge_')));
  assert.ok((await alerts('--self-metrics')).some(({ expr }) => expr.includes('meterbridge_')));
});

test('it writes a file and its test, which names the file from where it is; then the check finds nothing', async () => {
  const file = join(folder, 'a.rules.yaml');
  mkdirSync(join(folder, 'tests'));
  const tests = join(folder, 'tests', 'a.test.yaml');
  assert.deepEqual(await rules(contract, '--out', file, '--tests', tests), { status: 0, stdout: '', stderr: '' });
  assert.equal(readFileSync(file, 'utf8'), (await rules(contract)).stdout);
  assert.deepEqual(parse(readFileSync(tests, 'utf8')).rule_files, ['../a.rules.yaml']);
  assert.deepEqual(await rules(contract, '--check', file), { status: 0, stdout: '', stderr: '' });
});

test('the check of a file that differs names the line and the command, and writes nothing', async () => {
  const file = join(folder, 'differs.rules.yaml');
  await rules(contract, '--out', file);
  const before = readFileSync(file, 'utf8');
  const { status, stdout, stderr } = await rules(contract, '--job', 'other', '--check', file);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  const line = before.split('\n').findIndex((text) => text.includes('job="app"')) + 1;
  assert.ok(stderr.startsWith(`${file}:${line} is not what the contract gives. Fix: meterbridge rules ${contract}`), stderr);
  assert.equal(readFileSync(file, 'utf8'), before);
});

test('the check of a file that is missing finds that it is', async () => {
  const { status, stderr } = await rules('runtime', '--check', join(folder, 'none.json'));
  assert.equal(status, 1);
  assert.match(stderr, /none\.json cannot be compared: ENOENT/);
});

describe('wrong command lines', () => {
  for (const [name, args, expected] of [
    ['no contract', [], /CONTRACT: got nothing/],
    ['two contracts', ['runtime', 'http'], /a rule file is of one contract/],
    ['an unknown option', ['runtime', '--nope'], /Unknown option '--nope'/],
    ['--out and --check', ['runtime', '--out', 'a', '--check', 'a'], /--check writes nothing/],
    ['--tests without --out', ['runtime', '--tests', 'a'], /a test file names the rule file, so it needs --out/],
    ['a check of a folder', ['runtime', '--check', folder], /cannot be compared: EISDIR/],
  ] as const)
    test(name, async () => {
      const { status, stdout, stderr } = await rules(...args);
      assert.match(stderr, expected);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    });
});

describe('a contract that cannot be read is exit code 2, as 1 is for a file that is out of date', () => {
  const broken = join(folder, 'no-contract.json');
  writeFileSync(broken, '{');
  for (const path of [join(folder, 'missing.json'), join(folder, 'missing.mjs'), broken])
    test(path.slice(folder.length + 1), async () => {
      const { status, stdout, stderr } = await rules(path);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
      assert.ok(stderr.includes(path), stderr);
    });
});
