/** A store that has no room for a series: the measurement is refused and counted, and what is there goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, identity } from '../../../src/core/contract/index.ts';
import { createStore } from '../../../src/core/store/index.ts';
import {
  createStoreEngine,
  type ObserveGroup,
  type RecorderFor,
  registerContract,
  runGroup,
} from '../../../src/library/recording/index.ts';
import { createSdkEngine } from '../../../src/library/recording/sdk-engine/sdk-engine.ts';
import type { AdmitEvent } from '../../../src/library/series/refusals.ts';

const labels = { task: identity() };
const declared = contract('n', {
  runs: counter({ help: 'Runs.', labels }),
  heat: gauge({ help: 'Heat.', labels }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels }),
  seen: gauge({ observed: true, help: 'Seen.', labels }),
});

/** Of 101 bytes, of which 1,032 hold ten. */
const taskOf = (at: number) => `${at}`.padStart(100, '0');
const many = Array.from({ length: 15 }, (_, at) => taskOf(at));

function open(engineOf: typeof createStoreEngine) {
  const clock = () => 1_000;
  const store = createStore({ clock, mostLabelBytes: 1_032 });
  const engine = engineOf(store, { clock });
  const refused: string[] = [];
  const groups = new Set<ObserveGroup>();
  const { recorder } = registerContract(declared, {
    store,
    engine,
    clock,
    stopwatch: clock,
    onAdmit: (event: AdmitEvent) =>
      event.outcome === 'refused' && refused.push(`${event.metric?.series} ${event.outcome} ${event.reason}`),
    addGroup(group) {
      groups.add(group);
      return () => groups.delete(group);
    },
  });
  return {
    metrics: recorder as unknown as RecorderFor<typeof declared>,
    refused,
    /** What a walk shows after a collection: `name value` of the first cells. */
    async shown(): Promise<string[]> {
      const onCollect = (event: { outcome: string }) => assert.equal(event.outcome, 'success');
      for (const group of groups)
        await runGroup(group, { timeoutMs: 1_000, budgetMs: 1_000, clock, stopwatch: clock, onCollect });
      await engine.collect(1_000);
      const seen: string[] = [];
      store.view.walk({
        family: () => true,
        row: ({ spec, cells }, _row, _generation, at) => seen.push(`${spec.name} ${cells[at]}`),
      });
      return seen;
    },
  };
}

for (const [name, engineOf] of [
  ['store', createStoreEngine],
  ['SDK', createSdkEngine],
] as const) {
  test(`the ${name} engine refuses and counts what its store has no room for`, async () => {
    const { metrics, refused, shown } = open(engineOf);
    for (const task of many) {
      metrics.runs.add(1, { task });
      metrics.heat.set(2, { task });
      metrics.time.record(0.5, { task });
    }
    const stays = [...Array(10).fill('n.runs 1'), ...Array(10).fill('n.heat 2'), ...Array(10).fill('n.time 1')];
    assert.deepEqual(await shown(), stays);
    const counts = Object.groupBy(refused, (line) => line);
    assert.deepEqual(
      Object.entries(counts).map(([line, all]) => `${line} ${all?.length}`),
      ['n_runs_total', 'n_heat', 'n_time_seconds'].map((series) => `${series} refused no_room 5`),
    );
    metrics.runs.remove({ task: taskOf(3) });
    metrics.runs.add(7, { task: taskOf(14) });
    assert.ok((await shown()).includes('n.runs 7'), 'what was removed has made room');
  });

  test(`the ${name} engine refuses and counts what a callback says beyond the room`, async () => {
    const { metrics, refused, shown } = open(engineOf);
    let said = many;
    metrics.seen.observe((o) => {
      for (const task of said) o.set(3, { task });
    });
    assert.deepEqual(await shown(), Array(10).fill('n.seen 3'));
    assert.deepEqual(refused, Array(5).fill('n_seen refused no_room'));
    said = many.slice(0, 2);
    assert.deepEqual(await shown(), Array(2).fill('n.seen 3'));
  });
}

test('what was bound is counted at each call that finds no room, and works once there is some', async () => {
  const { metrics, refused, shown } = open(createStoreEngine);
  for (const task of many.slice(0, 10)) metrics.heat.set(2, { task });
  const bound = metrics.heat.bind({ task: taskOf(11) });
  for (let call = 0; call < 3; call++) bound.set(5);
  assert.deepEqual(refused, Array(3).fill('n_heat refused no_room'));
  metrics.heat.remove({ task: taskOf(0) });
  bound.set(6);
  assert.ok((await shown()).includes('n.heat 6'));
  assert.equal(refused.length, 3);
});
