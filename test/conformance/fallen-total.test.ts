/**
 * Totals that their source lets fall: one that began with the process is pushed as one that began anew, not as a counter that ran
 * backwards; one that outlives it (RunWisp's retention deletes runs) has no start time, before and after.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { contract, counter } from '../../src/index.ts';
import { startCollector } from './collector.ts';
import { type DebugBatch, instantOf } from './debug-text.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { startBridge } from './played-daemon.ts';
import { roads } from './roads.ts';

const declared = contract('fallen', {
  known: counter({ observed: true, help: 'Began with the process.' }),
  steady: counter({ observed: true, help: 'Does not fall.' }),
  kept: counter({ observed: true, unknownStart: true, help: 'Outlives the process.' }),
});

function totalOf(batch: DebugBatch, key: string): { start: number; value: number } {
  const [point] = batch.metrics.find(({ name }) => name === `fallen.${key}`)?.points ?? [];
  assert.ok(point, `no total of ${key}`);
  return { start: instantOf(point.start), value: Number(point.numbers.Value) };
}

for (const road of roads) {
  test(`a total that fell has a new start time at the Collector, or none as before (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(t, binary);
    atEnd(collector.stop);
    const { bridge, daemon } = await startBridge(declared, { endpoint: collector.endpoint, road });
    atEnd(daemon.close);
    let total = 50;
    for (const key of ['known', 'kept'] as const) bridge.metrics[key].observe(() => total);
    bridge.metrics.steady.observe(() => 7);

    daemon.advance();
    await daemon.push();
    const before = await collector.lastBatch(1);
    total = 49;
    daemon.advance();
    await daemon.push();
    const after = await collector.lastBatch(2);

    assert.equal(totalOf(after, 'known').value, 49);
    assert.ok(totalOf(after, 'known').start > totalOf(before, 'known').start, 'the total that fell began anew');
    assert.deepEqual(totalOf(after, 'steady'), totalOf(before, 'steady'));
    assert.deepEqual(
      [totalOf(before, 'kept'), totalOf(after, 'kept')],
      [
        { start: 0, value: 50 },
        { start: 0, value: 49 },
      ],
    );
  });
}
