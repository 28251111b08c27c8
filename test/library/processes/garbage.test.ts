/** Whatever somebody leaves in the directory: each scrape shows all processes, and a line names what is left out. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { counter } from '../../../src/index.ts';
import { type Directory, directoryOf } from './bridges.ts';
import { files, isRoot, junkPath, listenAt, recordOfOther, sockets } from './garbage.ts';

const skip = process.platform === 'win32';
const declarations = { orders: counter({ help: 'Orders.' }) };

async function twoIn(directory: Directory) {
  const members = [
    await directory.join(declarations, { selfMetrics: true }),
    await directory.join(declarations, { selfMetrics: true }),
  ];
  for (const { bridge } of members) bridge.metrics.orders.add(5);
  return members;
}

type Members = Awaited<ReturnType<typeof twoIn>>;

const unreadable = 'meterbridge_processes_unreadable_total';

/** Three scrapes of each: all orders, and one line. What a scrape left out is in the own metrics of the next one. */
async function leavesOut(path: string, members: Members, orders: number, times = 3): Promise<void> {
  for (const { scrape, lines } of members) {
    const before = (await scrape())[unreadable] as number;
    for (let time = 0; time < times; time++) assert.equal((await scrape()).shop_orders_total, orders);
    assert.equal((await scrape())[unreadable], before + times + 1);
    assert.equal(lines.filter((line) => line.includes(`${path} is left out: `)).length, 1, lines.join('\n'));
  }
}

const records = { ...files, ...(isRoot ? { "another user's record": recordOfOther } : {}) };
for (const [what, make] of Object.entries(records)) {
  test(`${what} in place of a record`, { skip }, async (t) => {
    const directory = directoryOf(t);
    const members = await twoIn(directory);
    const path = junkPath(directory.path, 1, 'bin');
    make(path);
    await leavesOut(path, members, 10);
    // A process that joins now, too.
    const third = await directory.join(declarations, { selfMetrics: true });
    third.bridge.metrics.orders.add(5);
    await leavesOut(path, [...members, third], 15);
    rmSync(path, { recursive: true });
    await third.scrape();
    const counted = (await third.scrape())[unreadable];
    assert.equal((await third.scrape())[unreadable], counted);
  });
}

test("another user's record", { skip: skip || isRoot ? false : 'only root can make one' }, () => {});

for (const [what, answers] of Object.entries(sockets)) {
  test(`a socket that ${what}`, { skip }, async (t) => {
    const directory = directoryOf(t);
    const members = await twoIn(directory);
    const path = junkPath(directory.path, 1, 'sock');
    await listenAt(t, path, answers);
    // Half a second each, where it does not answer.
    const times = 1;
    await leavesOut(path, members, 10, times);
    const third = await directory.join(declarations, { selfMetrics: true });
    third.bridge.metrics.orders.add(5);
    await leavesOut(path, [third], 15, times);
  });
}

test('what is put in place of a process that lives does not hide it', { skip }, async (t) => {
  const directory = directoryOf(t);
  const members = await twoIn(directory);
  for (const { scrape } of members) await scrape();
  for (const name of readdirSync(directory.path)) if (name.endsWith('.bin')) writeFileSync(`${directory.path}/${name}`, '');
  for (const { scrape } of members) assert.equal((await scrape()).shop_orders_total, 10);
});

test('the last process that closes removes what could not be read, too, if it has the name of a record', { skip }, async (t) => {
  const directory = directoryOf(t);
  const members = await twoIn(directory);
  writeFileSync(junkPath(directory.path, 1, 'bin'), '');
  writeFileSync(`${directory.path}/model.bin`, 'a file of the user');
  for (const { scrape } of members) await scrape();
  for (const { bridge } of members) await bridge.close();
  assert.deepEqual(readdirSync(directory.path), ['model.bin']);
});
