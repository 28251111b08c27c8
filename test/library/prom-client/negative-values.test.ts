/** prom-client takes negative values, with which a sum falls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram, Registry, Summary } from 'prom-client';
import { contract } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { testBridge } from '../../../src/testing.ts';

// Data model, "Resets and Gaps": a later start time says that all of the point came since. metrics.proto,
// "HistogramDataPoint.sum": "Negative events *can* be recorded, but sum should not be filled out when doing so."
test('a sum that falls by negative values is no reset, and is not pushed where it is negative', async () => {
  const { bridge, clock } = testBridge(contract('app', {}));
  const register = new Registry();
  const registers = [register];
  const change = new Histogram({ name: 'change', help: 'Change.', buckets: [0, 10], registers });
  const level = new Summary({ name: 'level', help: 'Level.', percentiles: [0.5], registers });
  const observe = (value: number) => [change, level].forEach((one) => void one.observe(value));
  fromPromClient(bridge, register);
  const read = async () => {
    clock.advance(1_000);
    const { resourceMetrics } = await bridge.producer.collect();
    return Object.fromEntries(
      resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor, dataPoints }) => {
          const { startTime: start, value } = dataPoints[0] as (typeof dataPoints)[number];
          const { buckets, sum } = value as { buckets: { counts: readonly number[] }; sum?: number };
          return [descriptor.name, { start, counts: buckets.counts, sum }];
        }),
      ),
    );
  };
  observe(20);
  const first = await read();
  const [changeStart, levelStart] = [first.change?.start, first.level?.start];
  observe(-5);
  assert.deepEqual(await read(), {
    change: { start: changeStart, counts: [1, 0, 1], sum: 15 },
    level: { start: levelStart, counts: [2], sum: 15 },
  });
  observe(-100);
  assert.deepEqual(await read(), {
    change: { start: changeStart, counts: [2, 0, 1], sum: undefined },
    level: { start: levelStart, counts: [3], sum: undefined },
  });
  register.resetMetrics();
  observe(1);
  const { change: again, level: other } = await read();
  assert.notDeepEqual(again?.start, changeStart);
  assert.notDeepEqual(other?.start, levelStart);
  assert.deepEqual([again?.counts, again?.sum], [[0, 1, 0], 1]);
});
