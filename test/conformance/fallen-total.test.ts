/** A total that its source lets fall (RunWisp's retention deletes runs) is pushed as one that began anew, not as a counter that ran backwards. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startCollector } from './collector.ts';
import type { DebugBatch } from './debug-text.ts';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { random } from './random.ts';
import { roads } from './roads.ts';
import { startRunwispDaemon } from './runwisp-daemon.ts';

function totalOf(batch: DebugBatch, status: string): { start: number; value: number } {
  const runs = batch.metrics.find((metric) => metric.name === 'runwisp.runs');
  const point = runs?.points.find(({ attributes }) => attributes.status === status);
  assert.ok(point, `no total of ${status}`);
  return { start: Date.parse(point.start.replace(' +0000 UTC', 'Z')), value: Number(point.numbers.Value) };
}

for (const road of roads) {
  test(`a total that fell has a new start time at the Collector (${road.name})`, async (t: TestContext) => {
    const binary = requirePeer(t, 'collector');
    if (binary === undefined) return;
    const atEnd = inReverse(t);
    const collector = await startCollector(binary);
    atEnd(collector.stop);
    const daemon = await startRunwispDaemon(random(), collector.endpoint, road);
    atEnd(daemon.close);

    daemon.run(50);
    await daemon.push();
    const before = await collector.lastBatch(1);
    daemon.lose();
    daemon.advance();
    await daemon.push();
    const after = await collector.lastBatch(2);

    assert.equal(totalOf(after, 'success').value, totalOf(before, 'success').value - 1);
    assert.ok(totalOf(after, 'success').start > totalOf(before, 'success').start, 'the total that fell began anew');
    assert.deepEqual(totalOf(after, 'failed'), totalOf(before, 'failed'));
  });
}
