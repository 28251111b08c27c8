/**
 * A chain of a Collector, the service and a Collector: no outage of the last one loses a total or a delta, also one for longer
 * than the queue holds.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChain } from './chain.ts';

test('Collector → service → Collector, whose last one is killed', { skip: process.platform !== 'linux' }, async (t) => {
  const told = await runChain(t, [
    { upMs: 500, downMs: 200 },
    // 150 requests, where 40 can wait.
    { upMs: 300, downMs: 3_000 },
    { upMs: 300, downMs: 0 },
  ]);
  if (told === undefined) return;
  assert.ok(told.sent > 100);
  assert.equal(told.total, told.sent);
  assert.equal(told.deltas, told.sent);
  t.diagnostic(`${told.sent} points of each kind; the queue was full ${told.refused} times`);
});
