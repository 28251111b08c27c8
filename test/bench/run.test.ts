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
  const asked = ['record', '--case', 'counter-2-labels', '--contenders', 'meterbridge,empty'];
  await promisify(execFile)(process.execPath, [run, ...asked, '--quick', '--json', json, '--markdown', markdown]);

  const { environment, quick, rows } = JSON.parse(readFileSync(json, 'utf8'));
  assert.equal(quick, true);
  assert.equal(environment.node, process.version);
  assert.deepEqual(
    rows.map((row: { bench: string; case: string; unit: string }) => [row.bench, row.case, row.unit]),
    [
      ['record', 'counter-2-labels', 'ns/op'],
      ['record', 'counter-2-labels', 'B/op'],
    ],
  );
  for (const { results } of rows) {
    assert.deepEqual(Object.keys(results), ['meterbridge', 'empty']);
    for (const figure of Object.values(results)) assert.ok(Number.isFinite(figure) && (figure as number) >= 0, String(figure));
  }
  assert.match(
    readFileSync(markdown, 'utf8'),
    /<!-- bench record -->[\s\S]*\| `counter-2-labels` \| ns\/op \|[\s\S]*<!-- \/bench record -->/,
  );
});

test('an unknown suite is named, and nothing runs', async () => {
  const failed = promisify(execFile)(process.execPath, [run, 'recrod']);
  await assert.rejects(failed, { code: 1, stderr: /no suite recrod; there are record, scrape/ });
});
