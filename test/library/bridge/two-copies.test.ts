/** Two loaded copies of the package in one process (hot reload, ESM beside CommonJS) find each other's bridge. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as original from '../../../src/index.ts';
import { scrapedOf } from '../recording/scraped.ts';

const root = join(import.meta.dirname, '../../..');

function copied(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'copy-'));
  for (const part of ['src', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

function jobs({ contract, counter }: Pick<typeof original, 'contract' | 'counter'>, help = 'Jobs.') {
  return contract('copies', { jobs: counter({ help }) });
}

test('a second copy of the source shares the bridge of the first', async (t) => {
  const { folder, remove } = copied();
  t.after(remove);
  const copy: typeof original = await import(join(folder, 'src', 'index.ts'));
  assert.notEqual(copy.meterbridge, original.meterbridge);
  const options = { env: { NODE_ENV: 'production' } };
  const first = original.meterbridge(jobs(original), options);
  const second = copy.meterbridge(jobs(copy), options);
  assert.equal(second, first as unknown);
  first.metrics.jobs.add(1);
  second.metrics.jobs.add(2);
  assert.deepEqual(await scrapedOf(first, 'copies_'), { copies_jobs_total: 3 });
  assert.throws(() => copy.meterbridge(jobs(copy, 'Others.'), options), { name: 'MeterbridgeError', code: 'CONTRACT_CONFLICT' });
  await second.close();
  const again = original.meterbridge(jobs(original), options);
  assert.notEqual(again, first);
  await again.close();
});

test("is() knows another copy's errors, which instanceof does not", async (t) => {
  const { folder, remove } = copied();
  t.after(remove);
  const copy: typeof original = await import(join(folder, 'src', 'index.ts'));
  assert.throws(
    () => copy.contract('of the copy', {}),
    (error) => {
      assert.equal(error instanceof original.MeterbridgeError, false);
      return original.MeterbridgeError.is(error) && error.code === 'CONTRACT_INVALID' && error.problems.length > 0;
    },
  );
});

test('a hot reload records on: the module is loaded anew, the counter is not', async (t) => {
  const { folder, remove } = copied();
  t.after(remove);
  const script = `
    let last;
    for (const load of [1, 2, 3]) {
      const { contract, counter, meterbridge } = await import('file://' + process.argv[1] + '/index.ts?load=' + load);
      const bridge = meterbridge(contract('reload', { jobs: counter({ help: 'Jobs.' }) }), { env: {} });
      bridge.metrics.jobs.add(load);
      last = bridge;
      if (load === 2) process.argv[1] = process.argv[2];
    }
    const facts = { method: 'GET', path: '/metrics', query: new URLSearchParams(), header: () => undefined, peer: undefined };
    const { body } = await last.scrape(facts);
    process.stdout.write(new TextDecoder().decode(body).split('\\n').filter((line) => line.startsWith('reload')).join());
    await last.close();
  `;
  const args = ['--input-type=module', '--eval', script, join(root, 'src'), join(folder, 'src')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  assert.equal(stdout, 'reload_jobs_total 6');
});
