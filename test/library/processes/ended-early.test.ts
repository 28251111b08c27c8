/** Processes and threads that end before they have joined the others: what they counted stays, once. */
import assert from 'node:assert/strict';
import { execFile, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { meterbridge } from '../../../src/index.ts';
import { sampleOf } from '../../full.ts';
import { DEADLINE_MS, until } from '../../until.ts';
import { type Ending, each, jobs } from './short.ts';
import { valuesOf } from './values-of.ts';

const skip = process.platform === 'win32';
const short = join(import.meta.dirname, 'short.ts');
const endings: readonly Ending[] = sampleOf(['exit', 'close', 'throw', 'return'], 2);

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A bridge of this process; joins in the background. */
function openIn(t: TestContext, processes: string) {
  const bridge = meterbridge(jobs, { processes, isolated: true, env: {}, log: () => {} });
  t.after(() => bridge.close());
  const listening = bridge.listen('127.0.0.1:0');
  return async () => valuesOf(await fetch((await listening).url));
}

type Scrape = ReturnType<typeof openIn>;

async function shows(scrape: Scrape, ended: number): Promise<void> {
  const shown = await scrape();
  assert.equal(shown.jobs_done_total, ended * each, JSON.stringify(shown));
  assert.equal(shown.jobs_read_bytes_total, ended * each);
  assert.equal(shown.jobs_seconds_count, ended);
  assert.equal(shown.jobs_running, undefined);
}

const runProcess = (directory: string, how: Ending) =>
  new Promise<void>((resolve) => void execFile(process.execPath, [short, directory, how], () => resolve()));

const runThread = (directory: string, how: Ending) =>
  new Promise<void>((resolve) => {
    const worker = new Worker(short, { workerData: [directory, how], stderr: true });
    worker.on('error', () => {}).on('exit', () => resolve());
  });

for (const [name, run] of Object.entries({ process: runProcess, thread: runThread })) {
  test(`a ${name} that ends in the turn in which its bridge is made leaves what it counted`, { skip }, async (t) => {
    const directory = directoryOf(t);
    const scrape = openIn(t, directory);
    await scrape();
    let ended = 0;
    for (const how of endings) {
      await run(directory, how);
      await shows(scrape, ++ended);
    }
    // At the same time, so that they take over each other's.
    await Promise.all(endings.map((how) => run(directory, how)));
    ended += endings.length;
    await shows(scrape, ended);
    await shows(scrape, ended);
    // Whoever comes next sees the same.
    await shows(openIn(t, directory), ended);
  });
}

test('what ended while another process was still joining is of the same run', { skip }, async (t) => {
  const directory = directoryOf(t);
  await runProcess(directory, 'exit');
  assert.notDeepEqual(readdirSync(directory), []);
  // That one ended when none lived: totals begin anew.
  const ended = Date.now();
  await until('a later millisecond', () => Date.now() > ended);
  const scrape = openIn(t, directory);
  // Blocks this process, so that it joins after the other has ended.
  spawnSync(process.execPath, [short, directory, 'exit']);
  await shows(scrape, 1);
});

test('a process that had joined, and ends while the next one joins, hands over all totals', { skip }, async (t) => {
  const directory = directoryOf(t);
  const first = fork(short, [directory, 'told']);
  t.after(() => first.kill('SIGKILL'));
  await once(first, 'message');
  await runProcess(directory, 'exit');
  const scrape = openIn(t, directory);
  first.kill('SIGTERM');
  // Blocks this process, so that it joins after the other has ended. One that ends gives its number back.
  spawnSync('sh', ['-c', 'while [ -e "$0/0.slot" ]; do sleep 0.01; done', directory], { timeout: DEADLINE_MS });
  await shows(scrape, 2);
});

test('a process that exits without a measurement changes nothing', { skip }, async (t) => {
  const directory = directoryOf(t);
  const scrape = openIn(t, directory);
  await scrape();
  await runProcess(directory, 'nothing');
  assert.equal((await scrape()).jobs_done_total, 0);
});
