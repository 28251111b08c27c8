/**
 * The chain of chain.test.ts, whose last Collector is killed METERBRIDGE_KILLS times (default 100), each tenth time for longer
 * than the queue holds: totals and deltas arrive, and the service's memory does not grow.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChain } from './chain.ts';

const kills = Number(process.env.METERBRIDGE_KILLS ?? 100);
/** From here on memory is compared: what is allocated once is there. */
const settled = 20;
const mostGrowth = 1.1;

test(`${kills} kills`, { skip: process.platform !== 'linux' }, async (t) => {
  const outages = Array.from({ length: kills }, (_, at) => ({ upMs: 300, downMs: at % 10 === 9 ? 2_000 : 100 }));
  const told = await runChain(t, outages);
  if (told === undefined) return;
  assert.deepEqual([told.total, told.deltas], [told.sent, told.sent]);
  const mib = told.resident.map((bytes) => Math.round(bytes / 1_048_576));
  t.diagnostic(`${told.sent} points of each kind; resident memory of the service after each kill, MiB: ${mib.join(' ')}`);
  if (kills <= settled) return;
  const [before, after] = [told.resident[settled - 1] as number, told.resident.at(-1) as number];
  assert.ok(after <= before * mostGrowth, `${after} bytes after the last kill, ${before} after ${settled}`);
});
