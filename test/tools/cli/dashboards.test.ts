import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { run } from '../../../src/tools/cli/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-dashboards-'));
after(() => rmSync(folder, { recursive: true }));

async function dashboards(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run(['dashboards', ...args], { stdout, stderr });
  return { status, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

test('without a file, it prints the JSON of a dashboard', async () => {
  const { status, stdout, stderr } = await dashboards('runtime', '--title', 'Node.js', '--uid', 'nodes_1');
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  const { title, uid } = JSON.parse(stdout);
  assert.deepEqual({ title, uid }, { title: 'Node.js', uid: 'nodes_1' });
});

test('it writes a file, and then the check finds nothing', async () => {
  const file = join(folder, 'runtime.json');
  assert.deepEqual(await dashboards('runtime', '--out', file), { status: 0, stdout: '', stderr: '' });
  assert.equal(readFileSync(file, 'utf8'), (await dashboards('runtime')).stdout);
  assert.deepEqual(await dashboards('runtime', '--check', file), { status: 0, stdout: '', stderr: '' });
});

test('the check of a file that differs names the line and the command, and writes nothing', async () => {
  const file = join(folder, 'differs.json');
  await dashboards('runtime', '--out', file);
  const before = readFileSync(file, 'utf8');
  const { status, stdout, stderr } = await dashboards('runtime', '--title', 'Other', '--check', file);
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  const line = before.split('\n').findIndex((text) => text.includes('"title"')) + 1;
  assert.ok(stderr.startsWith(`${file}:${line} is not what the contract gives. Fix: meterbridge dashboards runtime`), stderr);
  assert.equal(readFileSync(file, 'utf8'), before);
  appendFileSync(file, '\n');
  assert.equal((await dashboards('runtime', '--check', file)).status, 1);
});

test('the check of a file that is missing finds that it is', async () => {
  const { status, stderr } = await dashboards('runtime', '--check', join(folder, 'none.json'));
  assert.equal(status, 1);
  assert.match(stderr, /none\.json cannot be compared: ENOENT/);
});

describe('wrong command lines', () => {
  for (const [name, args, expected] of [
    ['no contract', [], /CONTRACT: got nothing/],
    ['two contracts', ['runtime', 'http'], /a dashboard is of one contract/],
    ['an unknown option', ['runtime', '--nope'], /Unknown option '--nope'/],
    ['--out and --check', ['runtime', '--out', 'a', '--check', 'a'], /--check writes nothing/],
    ['a uid with a space', ['runtime', '--uid', 'a b'], /--uid: got "a b"/],
    ['a uid that is too long', ['runtime', '--uid', 'a'.repeat(41)], /1 to 40 letters/],
    ['a check of a folder', ['runtime', '--check', folder], /cannot be compared: EISDIR/],
  ] as const)
    test(name, async () => {
      const { status, stdout, stderr } = await dashboards(...args);
      assert.match(stderr, expected);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    });
});

describe('a contract that cannot be read is exit code 2, as 1 is for a file that is out of date', () => {
  const broken = join(folder, 'no-contract.json');
  writeFileSync(broken, '{');
  for (const path of [join(folder, 'missing.json'), join(folder, 'missing.mjs'), broken])
    test(path.slice(folder.length + 1), async () => {
      const { status, stdout, stderr } = await dashboards(path);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
      assert.ok(stderr.includes(path), stderr);
    });
});
