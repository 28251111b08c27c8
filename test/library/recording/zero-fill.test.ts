import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
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
import { scraped } from './scraped.ts';

const status = oneOf('success', 'failed');
const kind = oneOf('a', 'b');

test('recorded: closed sets start at 0, and so do sums without labels; nothing else does', async () => {
  const declared = contract('z', {
    runs: counter({ help: 'Runs.', labels: { status, kind } }),
    plain: counter({ help: 'Plain.' }),
    depth: upDownCounter({ help: 'Depth.', labels: { kind } }),
    heat: gauge({ help: 'Heat.', labels: { kind } }),
    bare: gauge({ help: 'Bare.' }),
    off: counter({ help: 'Off.', labels: { kind }, zeroFilled: false }),
    tasks: counter({ help: 'Tasks.', labels: { task: identity(), status } }),
    names: counter({ help: 'Names.', labels: { name: capped() } }),
    time: histogram({ unit: 's', help: 'Time.', labels: { kind } }),
    size: summary({ help: 'Size.', labels: { kind } }),
    buildInfo: info({ help: 'Build.', labels: { kind } }),
  });
  const { bridge } = testBridge(declared);
  assert.deepEqual(
    [...(await scraped(bridge))],
    [
      ['z_runs_total{status="success",kind="a"}', 0],
      ['z_runs_total{status="success",kind="b"}', 0],
      ['z_runs_total{status="failed",kind="a"}', 0],
      ['z_runs_total{status="failed",kind="b"}', 0],
      ['z_plain_total', 0],
      ['z_depth{kind="a"}', 0],
      ['z_depth{kind="b"}', 0],
      ['z_heat{kind="a"}', 0],
      ['z_heat{kind="b"}', 0],
    ],
  );
});

test('recorded, on request: a histogram, and a closed set beside an identity', async () => {
  const declared = contract('z', {
    time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels: { kind }, zeroFilled: true }),
    tasks: counter({ help: 'Tasks.', labels: { task: identity({ limit: 1 }), status }, zeroFilled: true }),
  });
  const { metrics, value, bridge } = testBridge(declared);
  assert.deepEqual(await value('time', { kind: 'a' }), { count: 0, sum: 0, counts: [0, 0] });
  assert.equal((await scraped(bridge)).get('z_tasks_total{task="backup",status="failed"}'), undefined);
  metrics.tasks.add(3, { task: 'backup', status: 'success' });
  assert.equal(await value('tasks', { task: 'backup', status: 'success' }), 3);
  assert.equal(await value('tasks', { task: 'backup', status: 'failed' }), 0);
  metrics.tasks.add(1, { task: 'one too many', status: 'success' });
  assert.equal(await value('tasks', { task: 'other', status: 'failed' }), 0);
});

test('observed: zeros only after a callback that succeeded', async () => {
  const declared = contract('z', { runs: counter({ observed: true, help: 'Runs.', labels: { status } }) });
  const { metrics, value } = testBridge(declared);
  assert.equal(await value('runs', { status: 'failed' }), undefined, 'no callback yet');
  let broken = true;
  metrics.runs.observe((o) => {
    if (broken) throw new Error('no database');
    o.set(4, { status: 'success' });
  });
  assert.equal(await value('runs', { status: 'failed' }), undefined, 'the callback failed');
  broken = false;
  assert.equal(await value('runs', { status: 'failed' }), 0);
  assert.equal(await value('runs', { status: 'success' }), 4);
});

test('observed, on request: a histogram, a summary, a closed set beside an identity', async () => {
  const declared = contract('z', {
    time: histogram({ observed: true, unit: 's', help: 'Time.', bounds: [1], labels: { kind }, zeroFilled: true }),
    size: summary({ observed: true, help: 'Size.', labels: { kind }, zeroFilled: true }),
    tasks: gauge({ observed: true, help: 'Tasks.', labels: { task: identity(), status }, zeroFilled: true }),
  });
  const { metrics, value, bridge } = testBridge(declared);
  metrics.time.observe(() => {});
  metrics.size.observe((o) => o.set({ count: 1, sum: 2 }, { kind: 'b' }));
  metrics.tasks.observe((o) => o.set(3, { task: 'backup', status: 'success' }));
  assert.deepEqual(await value('time', { kind: 'a' }), { count: 0, sum: 0, counts: [0, 0] });
  assert.deepEqual(await value('size', { kind: 'a' }), { count: 0, sum: 0 });
  assert.deepEqual(await value('size', { kind: 'b' }), { count: 1, sum: 2 });
  assert.equal(await value('tasks', { task: 'backup', status: 'failed' }), 0);
  assert.equal([...(await scraped(bridge)).keys()].filter((name) => name.startsWith('z_tasks')).length, 2);
});

test('zero() shows a series before its first increment', async () => {
  const declared = contract('z', { tasks: counter({ help: 'Tasks.', labels: { task: identity() } }) });
  const { metrics, value } = testBridge(declared);
  assert.equal(await value('tasks', { task: 'backup' }), undefined);
  metrics.tasks.zero({ task: 'backup' });
  assert.equal(await value('tasks', { task: 'backup' }), 0);
  metrics.tasks.add(2, { task: 'backup' });
  metrics.tasks.zero({ task: 'backup' });
  assert.equal(await value('tasks', { task: 'backup' }), 2, 'it never sets anything back');
});

test('what is only bound is not shown', async () => {
  const declared = contract('z', { tasks: counter({ help: 'Tasks.', labels: { task: identity() } }) });
  const { metrics, value } = testBridge(declared);
  const bound = metrics.tasks.bind({ task: 'backup' });
  assert.equal(await value('tasks', { task: 'backup' }), undefined);
  bound.add(0);
  assert.equal(await value('tasks', { task: 'backup' }), 0);
});
