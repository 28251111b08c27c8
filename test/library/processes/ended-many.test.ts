/** More processes have ended since the last scrape than one takes over at a time. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { counter } from '../../../src/index.ts';
import { directoryOf } from './bridges.ts';
import { junkId, ordersFile } from './garbage.ts';

test('totals of 2,500 ended processes are shown once, at each scrape', { skip: process.platform === 'win32' }, async (t) => {
  const directory = directoryOf(t);
  const declarations = { orders: counter({ help: 'Orders.' }) };
  const members = [await directory.join(declarations), await directory.join(declarations)] as const;
  for (const { bridge } of members) bridge.metrics.orders.add(1);
  for (const { scrape } of members) await scrape();
  for (let at = 0; at < 2_500; at++) writeFileSync(`${directory.path}/${junkId(at)}.bin`, ordersFile({ hasLeft: true }));
  for (let time = 0; time < 3; time++)
    for (const { scrape } of members) assert.equal((await scrape()).shop_orders_total, 2_500 * 99 + 2);
  assert.equal(readdirSync(directory.path).filter((name) => name.includes('.bin')).length, 2);
});
