import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { run } from '../../../src/tools/cli/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-docs-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, extension = 'md'): string {
  files += 1;
  const path = join(folder, `${files}.${extension}`);
  writeFileSync(path, text);
  return path;
}

const contractOf = (help: string) =>
  JSON.stringify({ name: 'app', metrics: { runs: { kind: 'counter', help }, more: { kind: 'gauge', help: 'More.' } } });
const contract = file(contractOf('Runs.'), 'json');
const [begin, end] = ['<!-- meterbridge docs app: begin -->', '<!-- meterbridge docs app: end -->'];

async function docs(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run(['docs', ...args], { stdout, stderr });
  return { status, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

test('without a file, it prints the tables', async () => {
  const { status, stdout, stderr } = await docs(contract);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.match(stdout, /^\| series \| type \|[\s\S]*\| `app_runs_total` \| counter \| – \| – \| Runs\. \|/);
});

test('it writes between the markers, and then the check finds nothing', async () => {
  const page = file(`# Page\n\n${begin}\nold\n${end}\n\nEnd.`);
  assert.deepEqual(await docs(contract, '--out', page), { status: 0, stdout: '', stderr: '' });
  assert.equal(readFileSync(page, 'utf8'), `# Page\n\n${begin}\n${(await docs(contract)).stdout}${end}\n\nEnd.`);
  assert.deepEqual(await docs(contract, '--out', page, '--check'), { status: 0, stdout: '', stderr: '' });
});

test('a file that is up to date is not written', async () => {
  const page = file(`${begin}\n${end}\n`);
  await docs(contract, '--out', page);
  utimesSync(page, 1, 1);
  await docs(contract, '--out', page);
  assert.equal(statSync(page).mtimeMs, 1_000);
});

test('the check of a page that is out of date shows the lines, names the command and writes nothing', async () => {
  const page = file(`${begin}\n${end}\n`);
  await docs(contract, '--out', page);
  const before = readFileSync(page, 'utf8');
  const changed = file(contractOf('Runs that ended.'), 'json');
  const { status, stdout, stderr } = await docs(changed, '--out', page, '--check');
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  assert.equal(
    stderr,
    `${page} is out of date. Fix: meterbridge docs ${changed} --out ${page}\n` +
      '- | `app_runs_total` | counter | – | – | Runs. |\n+ | `app_runs_total` | counter | – | – | Runs that ended. |\n',
  );
  assert.equal(readFileSync(page, 'utf8'), before);
});

test('--init appends the markers, makes the file, and writes between markers that are there', async () => {
  const page = file('# Page\n');
  const fresh = join(folder, 'fresh.md');
  for (const path of [page, fresh, fresh]) assert.equal((await docs(contract, '--out', path, '--init')).status, 0);
  const { stdout } = await docs(contract);
  assert.equal(readFileSync(page, 'utf8'), `# Page\n\n${begin}\n${stdout}${end}\n`);
  assert.equal(readFileSync(fresh, 'utf8'), `${begin}\n${stdout}${end}\n`);
});

describe('wrong command lines', () => {
  const bare = file('# Page\n');
  const twice = file(`${begin}\n${begin}\n${end}\n`);
  for (const [name, args, expected] of [
    ['no contract', [], /CONTRACT: got nothing/],
    ['two contracts', [contract, contract], /one contract at a time/],
    ['--check without a file', [contract, '--check'], /--check: got no --out/],
    ['--init without a file', [contract, '--init'], /--init: got no --out/],
    ['both', [contract, '--out', bare, '--check', '--init'], /a check writes nothing/],
    ['an unknown option', [contract, '--nope'], /Unknown option '--nope'/],
    [
      'no markers',
      [contract, '--out', bare],
      /neither marker.*add --init, or these two lines: <!-- meterbridge docs app: begin -->/,
    ],
    ['no markers to check', [contract, '--out', bare, '--check'], /neither marker/],
    ['a marker twice', [contract, '--out', twice, '--init'], /2 times the begin/],
    ['no such file', [contract, '--out', join(folder, 'none.md')], /ENOENT.*--init/],
  ] as const)
    test(name, async () => {
      const { status, stderr } = await docs(...args);
      assert.match(stderr, expected);
      assert.equal(status, 2);
    });
});

describe('a contract that cannot be read is exit code 2, as 1 is for a file that is out of date', () => {
  const broken = join(folder, 'no-contract.json');
  writeFileSync(broken, '{');
  for (const path of [join(folder, 'missing.json'), join(folder, 'missing.mjs'), broken])
    test(path.slice(folder.length + 1), async () => {
      const { status, stdout, stderr } = await docs(path);
      assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
      assert.ok(stderr.includes(path), stderr);
    });
});
