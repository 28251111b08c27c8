/**
 * How long a million series take to leave, in this thread's processor time: what others of the machine take is not the store's
 * doing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, identity } from '../../../src/core/contract/index.ts';
import { testBridge } from '../../../src/testing.ts';

const count = 1_000_000;
const declared = contract('m', {
  hits: counter({ help: 'Hits.', labels: { tenant: identity(), path: identity({ limit: count }) } }),
});

test(`remove() of ${count} series holds the event loop for less than 100 ms`, (t) => {
  const { metrics } = testBridge(declared);
  for (let at = 0; at < count; at++) metrics.hits.add(1, { tenant: 'a', path: `/path/${at}` });
  const from = process.threadCpuUsage();
  metrics.hits.remove();
  const { user, system } = process.threadCpuUsage(from);
  const took = (user + system) / 1_000;
  t.diagnostic(`${took.toFixed(1)} ms`);
  assert.ok(took < 100, `${took} ms`);
});
