/** Several processes behind one scrape: real ones, which end in every way. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, gauge, meterbridge } from '../../../src/index.ts';
import { sampleOf, testInFull } from '../../full.ts';
import { until } from '../../until.ts';
import { type Worker, workersOf } from './workers.ts';

const skip = process.platform === 'win32';
const orders = 'shop_orders_total{kind="new"}';

/** A scrape with this total: on a busy machine a process may be late, and its last values shown. */
async function scraped(worker: Worker, total: number): Promise<Readonly<Record<string, number>>> {
  let shown: Readonly<Record<string, number>> = {};
  await until(`at ${total} orders`, async () => {
    shown = await worker.scrape();
    assert.ok((shown[orders] as number) <= total);
    return shown[orders] === total;
  });
  return shown;
}

test('each of several processes shows the sum of all', { skip }, async (t) => {
  const start = workersOf(t);
  const workers = await Promise.all([start(), start(), start(), start()]);
  for (const [at, worker] of workers.entries()) {
    await worker.record({ orders: 25 });
    await worker.record({ open: at });
    await worker.record({ seconds: at * 2 });
  }
  for (const worker of workers) {
    const shown = await scraped(worker, 100);
    assert.equal(shown.shop_open, 0 + 1 + 2 + 3);
    // 0, 2, 4 and 6 seconds.
    assert.equal(shown['shop_seconds_bucket{le="1"}'], 1);
    assert.equal(shown['shop_seconds_bucket{le="5"}'], 3);
    assert.equal(shown.shop_seconds_count, 4);
    assert.equal(shown.shop_seconds_sum, 12);
    assert.equal(shown['shop_build_info{version="1"}'], 1);
  }
});

for (const how of sampleOf(['SIGKILL', 'close', 'exit'] as const)) {
  test(`a process that ends by ${how} leaves its totals, and its gauges go`, { skip }, async (t) => {
    const start = workersOf(t);
    const [first, second, third] = await Promise.all([start(), start(), start()]);
    for (const worker of [first, second, third]) {
      await worker.record({ orders: 10 });
      await worker.record({ open: 1 });
      await worker.record({ seconds: 2 });
    }
    // Each scrape ends with what is in the files.
    await scraped(first, 30);
    if (how !== 'SIGKILL') await second.record({ orders: 7 });
    const all = how === 'SIGKILL' ? 30 : 37;
    await second.end(how);
    for (const worker of [first, third, first]) {
      const shown = await scraped(worker, all);
      assert.equal(shown.shop_open, 2);
      assert.equal(shown.shop_seconds_count, 3);
    }
    // The one that took the totals over ends too.
    await first.end(how);
    await scraped(third, all);
    const late = await start();
    await scraped(late, all);
    await third.end(how);
    await scraped(late, all);
  });
}

testInFull(
  'processes that end at random lose at most what they recorded since the last scrape, and totals never fall',
  { skip },
  async (t) => {
    const start = workersOf(t);
    const workers: { worker: Worker; since: number }[] = [];
    for (let at = 0; at < 4; at++) workers.push({ worker: await start(), since: 0 });
    let recorded = 0;
    let mayBeLost = 0;
    let last = 0;
    let seed = 1;
    /** Park and Miller's generator: the same run each time. */
    const below = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        workers.map(async (one) => {
          const count = 1 + below(10_000);
          recorded += count;
          one.since += count;
          await one.worker.record({ orders: count });
        }),
      );
      if (below(2) === 0) {
        const at = below(workers.length);
        const { worker, since } = workers[at] as (typeof workers)[number];
        const how = (['close', 'exit', 'SIGKILL'] as const)[below(3)] as 'close' | 'exit' | 'SIGKILL';
        if (how === 'SIGKILL') mayBeLost += since;
        await worker.end(how);
        workers[at] = { worker: await start(), since: 0 };
      }
      const { worker } = workers[below(workers.length)] as (typeof workers)[number];
      await until(`at ${recorded - mayBeLost} orders or more in round ${round}`, async () => {
        const shown = (await worker.scrape())[orders] as number;
        assert.ok(shown >= last && shown <= recorded, `round ${round}: ${shown} of ${recorded} after ${last}`);
        last = shown;
        return shown >= recorded - mayBeLost;
      });
      for (const one of workers) one.since = 0;
    }
  },
);

test('a program of which no process lives begins anew', { skip }, async (t) => {
  const start = workersOf(t);
  const first = await start();
  await first.record({ orders: 3 });
  await first.end('close');
  const second = await start();
  assert.equal((await second.scrape())[orders], 0);
});

test('the last process that closes leaves nothing behind, also of those that were killed', { skip }, async (t) => {
  const start = workersOf(t);
  const workers = await Promise.all([start(), start(), start()]);
  for (const worker of workers) await worker.record({ orders: 1 });
  const [first, second, third] = workers;
  await first.end('SIGKILL');
  await second.end('close');
  assert.notDeepEqual(readdirSync(first.directory), []);
  await third.end('close');
  assert.deepEqual(readdirSync(first.directory), []);
});

test('processes that close at the same time leave nothing behind', { skip }, async (t) => {
  const start = workersOf(t);
  const workers = await Promise.all([start(), start(), start()]);
  await Promise.all(workers.map((worker) => worker.end('close')));
  assert.deepEqual(readdirSync(workers[0].directory), []);
});

test('a directory that others may enter, a link and a long path are refused, and a scrape fails', { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const link = join(directory, 'link');
  symlinkSync(directory, link);
  const open = mkdtempSync(join(directory, 'o'));
  chmodSync(open, 0o750);
  for (const [path, rule] of [
    [open, /only its user may enter it/],
    [link, /no link/],
    [join(directory, 'x'.repeat(100)), /at most 107 bytes/],
  ] as const) {
    const lines: string[] = [];
    const declared = contract('c', { seen: gauge({ help: 'Seen.' }) });
    const bridge = meterbridge(declared, { processes: path, isolated: true, env: {}, log: (line) => lines.push(line) });
    const { url } = await bridge.listen('127.0.0.1:0');
    assert.equal((await fetch(url)).status, 500);
    assert.match(lines.join('\n'), rule);
    await bridge.close();
  }
});

test('the option is all or a path', () => {
  const declared = contract('c', { seen: gauge({ help: 'Seen.' }) });
  assert.throws(() => meterbridge(declared, { processes: '', isolated: true }), /options\.processes/);
});

test('a listener in a thread is refused, for it cannot ask the others', { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  const declared = contract('c', { seen: gauge({ help: 'Seen.' }) });
  const bridge = meterbridge(declared, { processes: directory, isolated: true, env: {}, log: () => {} });
  t.after(async () => {
    await bridge.close();
    rmSync(directory, { recursive: true });
  });
  await assert.rejects(bridge.listen('127.0.0.1:0', { thread: true }), {
    code: 'LISTEN_FAILED',
    message: /leave out thread: true/,
  });
});
