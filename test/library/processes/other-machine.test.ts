/**
 * One machine has the directory: the processes of another one show their own alone, and what is in the directory stays as it is.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newestOwner, type Owner, ownerPath, ownerText, takeOver } from '../../../src/core/directory/owner-files.ts';
import { contract, counter, gauge, meterbridge } from '../../../src/index.ts';
import { mount } from '../../mounts.ts';
import { until } from '../../until.ts';
import { programIn } from './kept-programs.ts';
import { valuesOf } from './values-of.ts';

const skip = process.platform !== 'linux' && 'skipped: needs the id of a boot';
const declarations = { orders: counter({ help: 'Orders.' }), open: gauge({ help: 'Open.', across: 'worker' }) };
const line = /^processes: .* is in use by the processes of another machine \(far\): [^\n]*\. Fix: [^\n]*$/;
/** A machine that mounts the directory, too. */
const far: Owner = { id: 'far-boot', boot: 'far-boot', pids: 'pid:[1]', pid: 1, start: '1', host: 'far' };

function rig(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const begin = () => {
    const lines: string[] = [];
    const processes = { directory, keep: true } as const;
    const bridge = meterbridge(contract('shop', declarations), {
      processes,
      isolated: true,
      env: {},
      log: (said) => lines.push(said),
    });
    t.after(bridge.close);
    const scrape = async () => valuesOf(await fetch((await bridge.listen('127.0.0.1:0')).url));
    return { bridge, lines, scrape };
  };
  /** The counter of the other machine moves. */
  const farLives = (number: number) => {
    let beats = 0;
    const timer = setInterval(() => writeFileSync(ownerPath(directory, number), ownerText(far, ++beats)), 100);
    t.after(() => clearInterval(timer));
  };
  return { directory, begin, farLives };
}

const names = (directory: string) => readdirSync(directory).sort();

test('beside a machine that lives, a process shows its own, changes nothing, and says so once', { skip }, async (t) => {
  const { directory, begin, farLives } = rig(t);
  const ended = begin();
  ended.bridge.metrics.orders.add(100);
  assert.equal((await ended.scrape()).shop_orders_total, 100);
  await ended.bridge.close();
  const [record] = names(directory) as [string];
  assert.deepEqual(names(directory), [record]);
  const number = takeOver(directory, undefined, ownerText(far, 0)) as number;
  farLives(number);
  const here = [begin(), begin()] as const;
  for (const { bridge, scrape } of here) {
    bridge.metrics.orders.add(5);
    bridge.metrics.open.set(1);
    assert.deepEqual(await scrape(), { shop_orders_total: 5, 'shop_open{worker="0"}': 1 });
  }
  for (const { bridge, lines } of here) {
    await bridge.close();
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] as string, line);
  }
  assert.deepEqual(names(directory), [record, `meterbridge.owner.${number}`].sort());
  assert.equal(newestOwner(directory)?.owner?.id, far.id);
});

test('once the file of a machine has stood for 10 s, its totals go on here', { skip }, async (t) => {
  const { directory, begin } = rig(t);
  const ended = begin();
  ended.bridge.metrics.orders.add(100);
  await ended.scrape();
  await ended.bridge.close();
  takeOver(directory, undefined, ownerText(far, 0));
  const next = begin();
  next.bridge.metrics.orders.add(5);
  const from = performance.now();
  // Scrapes wait, and at last give up.
  const shown = await next.scrape().catch(next.scrape);
  assert.ok(performance.now() - from > 9_000);
  assert.equal(shown.shop_orders_total, 105);
  assert.deepEqual(next.lines, []);
});

test('an end does not wait for that, and leaves the totals for whoever has the directory', { skip }, async (t) => {
  const { directory, begin } = rig(t);
  takeOver(directory, undefined, ownerText(far, 0));
  const short = begin();
  short.bridge.metrics.orders.add(7);
  const from = performance.now();
  await short.bridge.close();
  assert.ok(performance.now() - from < 9_000);
  rmSync(ownerPath(directory, 1));
  assert.equal((await begin().scrape()).shop_orders_total, 7);
});

test('a machine that another one takes for ended shows its own from then on', { skip }, async (t) => {
  const { directory, begin } = rig(t);
  const ended = begin();
  ended.bridge.metrics.orders.add(100);
  await ended.scrape();
  await ended.bridge.close();
  const { bridge, lines, scrape } = begin();
  bridge.metrics.orders.add(5);
  assert.equal((await scrape()).shop_orders_total, 105);
  const number = takeOver(directory, newestOwner(directory), ownerText(far, 0)) as number;
  assert.equal((await scrape()).shop_orders_total, 5);
  assert.match(lines.join('\n'), line);
  await bridge.close();
  assert.equal(newestOwner(directory)?.number, number);
});

test('its owner file is made again where it was removed', { skip }, async (t) => {
  const { directory, begin } = rig(t);
  const { scrape, lines } = begin();
  await scrape();
  rmSync(newestOwner(directory)?.path as string);
  await until('it is there again', () => newestOwner(directory)?.owner?.pid === process.pid);
  assert.deepEqual(lines, []);
});

/** What two nodes mount: sockets reach nobody on the other one, files are the same. */
test('of two machines, each shows its own, and what one has counted goes on there', { skip }, async (t) => {
  const { directory, start, startFar } = programIn(t);
  const place = `${directory}-far`;
  mkdirSync(place, { mode: 0o700 });
  const mounted = mount(t, 'bindfs', directory, place);
  t.after(() => rmSync(place, { recursive: true }));
  if (mounted === undefined) return;
  const told = { orders: 100, open: 1, seconds: 2, visits: 5 };
  const orders = async (run: typeof near) => (await run.scrape())['shop_orders_total{kind="new"}'];
  const near = await start();
  await near.record(told);
  assert.equal(await orders(near), 100);
  const far = await startFar(place);
  await far.record(told);
  for (let scrape = 0; scrape < 3; scrape++) {
    assert.equal(await orders(near), 100);
    assert.equal(await orders(far), 100);
  }
  assert.deepEqual(near.lines, []);
  assert.equal(far.lines.length, 1, far.lines.join('\n'));
  await far.end('SIGTERM');
  await near.end('SIGTERM');
  const third = await start();
  await third.record(told);
  assert.equal(await orders(third), 200);
});
