import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = join(import.meta.dirname, '../../bench/run.ts');

test('--quick runs a suite, writes rows as JSON and its section of the document', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [json, markdown] = [join(folder, 'rows.json'), join(folder, 'performance.md')];
  const asked = ['record', '--case', 'counter-codes-100', '--contenders', 'meterbridge,empty'];
  await promisify(execFile)(process.execPath, [run, ...asked, '--quick', '--json', json, '--markdown', markdown]);

  const { environment, quick, rows } = JSON.parse(readFileSync(json, 'utf8'));
  assert.equal(quick, true);
  assert.equal(environment.node, process.version);
  assert.deepEqual(
    rows.map((row: { bench: string; case: string; unit: string }) => [row.bench, row.case, row.unit]),
    [
      ['record', 'counter-codes-100', 'CPU ns/op'],
      ['record', 'counter-codes-100', 'B/op'],
    ],
  );
  for (const { results } of rows) {
    assert.deepEqual(Object.keys(results), ['meterbridge', 'empty']);
    for (const figure of Object.values(results)) assert.ok(Number.isFinite(figure) && (figure as number) >= 0, String(figure));
  }
  assert.match(
    readFileSync(markdown, 'utf8'),
    /<!-- bench record -->[\s\S]*\| `counter-codes-100` \| CPU ns\/op \|[\s\S]*<!-- \/bench record -->/,
  );
});

for (const [when, crash] of [
  ['at its start', 'process.exit(3)'],
  ['in a round', "process.stdin.once('data',()=>process.exit(3))"],
] as const) {
  test(`a contender whose process crashes ${when} is named, the others are measured, and the run fails`, async () => {
    const asked = ['record', '--case', 'counter-bound', '--contenders', 'meterbridge,empty', '--quick', '--json', '-'];
    const inject = `--import=data:text/javascript,if(process.argv[4]==='empty')${crash}`;
    const failed = promisify(execFile)(process.execPath, [run, ...asked], { env: { ...process.env, NODE_OPTIONS: inject } });
    await assert.rejects(failed, (error: { code: number; stdout: string; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, /crashed:\nrecord counter-bound: without empty: the process ended with 3/);
      const { rows, crashed } = JSON.parse(error.stdout);
      assert.deepEqual(crashed, ['record counter-bound: without empty: the process ended with 3']);
      assert.deepEqual(Object.keys(rows[0].results), ['meterbridge']);
      return true;
    });
  });
}
