/** Series that come and go: the SDK cannot forget one, so its providers are replaced now and then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';
import { testBridge } from '../../../src/testing.ts';

const labels = { task: identity({ limit: 50 }) };
const declared = contract('w', {
  runs: counter({ help: 'Runs.', labels }),
  depth: upDownCounter({ help: 'Depth.', labels }),
  heat: gauge({ help: 'Heat.', labels }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 10], labels }),
  size: summary({ help: 'Size.', labels }),
  buildInfo: info({ help: 'Build.', labels: { version: oneOf('1', '2') } }),
  zeros: counter({ help: 'Zeros.', labels: { status: oneOf('ok', 'bad') } }),
});

test('what stays keeps its totals while thousands come and go', async () => {
  const { metrics, value, refresh } = testBridge(declared);
  const stays = { task: 'stays' };
  const bound = metrics.runs.bind(stays);
  metrics.heat.set(7, stays);
  metrics.buildInfo.set({ version: '2' });
  metrics.zeros.add(2, { status: 'ok' });
  const rounds = 12;
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < 400; at++) {
      const task = `${round} ${at}`;
      metrics.runs.add(5, { task });
      metrics.time.record(5, { task });
      metrics.runs.remove({ task });
      metrics.time.remove({ task });
    }
    bound.add(1);
    metrics.depth.add(-2, stays);
    metrics.time.record(round, stays);
    metrics.size.record(3, stays);
    const collected = refresh();
    // While the snapshot is taken: it belongs to this collection or to the next.
    bound.add(1);
    await collected;
  }
  assert.equal(await value('runs', stays), 2 * rounds);
  assert.equal(await value('depth', stays), -2 * rounds);
  assert.equal(await value('heat', stays), 7);
  // 0 and 1 up to 1, then 2 to 10, then 11.
  assert.deepEqual(await value('time', stays), { count: 12, sum: 66, counts: [2, 9, 1] });
  assert.deepEqual(await value('size', stays), { count: rounds, sum: 3 * rounds });
  assert.equal(await value('buildInfo', { version: '2' }), 1);
  assert.equal(await value('zeros', { status: 'ok' }), 2);
  assert.equal(await value('zeros', { status: 'bad' }), 0);
  metrics.runs.remove(stays);
  metrics.runs.add(4, stays);
  assert.equal(await value('runs', stays), 4);
});

const task = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('add' as const), task, by: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('remove' as const), task }) },
  { weight: 1, arbitrary: fc.constant({ does: 'collect' as const }) },
  // Enough for the next collection to be its provider's last.
  { weight: 1, arbitrary: fc.constant({ does: 'churn' as const }) },
);

test('property: adding, removing and collecting in any order gives the sums since the last removal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { metrics, value, refresh } = testBridge(declared);
      const sums = new Map<string, number>();
      for (const one of steps) {
        if (one.does === 'collect') await refresh();
        else if (one.does === 'add') {
          metrics.runs.add(one.by, { task: one.task });
          sums.set(one.task, (sums.get(one.task) ?? 0) + one.by);
        } else if (one.does === 'remove') {
          metrics.runs.remove({ task: one.task });
          sums.delete(one.task);
        } else {
          for (let at = 0; at < 1_001; at++) {
            metrics.runs.add(1, { task: 'churn' });
            metrics.runs.remove({ task: 'churn' });
          }
          await refresh();
        }
      }
      for (const name of ['a', 'b', 'c']) assert.equal(await value('runs', { task: name }), sums.get(name), name);
    }),
    { numRuns: 50 },
  );
});

test('a gauge follows its calls also when the wall clock is set back', async (t) => {
  const { metrics, value } = testBridge(declared);
  t.mock.timers.enable({ apis: ['Date'], now: 1e12 });
  metrics.heat.set(1, { task: 'a' });
  assert.equal(await value('heat', { task: 'a' }), 1);
  t.mock.timers.setTime(1e12 - 3_600_000);
  metrics.heat.set(2, { task: 'a' });
  assert.equal(await value('heat', { task: 'a' }), 2);
});
