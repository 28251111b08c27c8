/** A program of which no process lives begins anew, also where several of its processes start at the same time. */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counter } from '../../../src/index.ts';
import { directoryOf } from './bridges.ts';

test('processes that start together do not take each other for those of an earlier run', {
  skip: process.platform === 'win32',
}, async (t) => {
  const directory = directoryOf(t);
  const earlier = await directory.join({ orders: counter({ help: 'Orders.' }) });
  earlier.bridge.metrics.orders.add(3);
  assert.equal((await earlier.scrape()).shop_orders_total, 3);
  // What a process that was killed leaves behind.
  const record = readdirSync(directory.path).find((name) => name.endsWith('.bin')) ?? '';
  const kept = join(directory.path, 'kept');
  copyFileSync(join(directory.path, record), kept);
  await earlier.bridge.close();
  renameSync(kept, join(directory.path, record));
  const members = await Promise.all(Array.from({ length: 4 }, () => directory.join({ orders: counter({ help: 'Orders.' }) })));
  for (const member of members) assert.equal((await member.scrape()).shop_orders_total, 0);
});
