/** Worker threads of one process: each is a member as a process is. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';
import { shop } from './thread.ts';
import { valuesOf } from './values-of.ts';

const skip = process.platform === 'win32';
const file = join(import.meta.dirname, 'thread.ts');

async function started(processes: string): Promise<Worker> {
  const worker = new Worker(file, { workerData: { processes } });
  await once(worker, 'message');
  return worker;
}

async function count(worker: Worker, orders: number): Promise<void> {
  worker.postMessage(orders);
  await once(worker, 'message');
}

test('the main thread shows what it and its threads have counted, also those that have ended', { skip }, async (t) => {
  const processes = mkdtempSync(join(tmpdir(), 'mb-'));
  const bridge = meterbridge(shop, { processes, isolated: true, env: {}, log: () => {} });
  const threads = await Promise.all([started(processes), started(processes), started(processes), started(processes)]);
  t.after(async () => {
    await Promise.all(threads.map((thread) => thread.terminate()));
    await bridge.close();
    rmSync(processes, { recursive: true });
  });
  const { url } = await bridge.listen('127.0.0.1:0');
  const shows = (orders: number, open: number) =>
    until(`at ${orders} orders`, async () => {
      const shown = await valuesOf(await fetch(url));
      assert.ok((shown.shop_orders_total as number) <= orders, JSON.stringify(shown));
      return shown.shop_orders_total === orders && shown.shop_open === open;
    });
  bridge.metrics.orders.add(1);
  for (const thread of threads) await count(thread, 5);
  await shows(21, 4);
  const [closed, exited, terminated] = threads as [Worker, Worker, Worker, Worker];
  for (const [thread, message] of [
    [closed, 'close'],
    [exited, 'exit'],
  ] as const) {
    // What no scrape has shown, too.
    await count(thread, 2);
    const exit = once(thread, 'exit');
    thread.postMessage(message);
    await exit;
  }
  await shows(25, 2);
  await terminated.terminate();
  await shows(25, 1);
});

test("'all' means the program for a thread too, although its script is another one", { skip }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'threads-all.ts')]);
  assert.deepEqual(JSON.parse(stdout), { orders: 11 });
});
