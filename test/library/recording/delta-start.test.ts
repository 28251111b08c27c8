/**
 * Where deltas of recorded series begin, whichever engine records them: in the first interval when the instrument was made,
 * afterwards at the last push, also those of a new series (Metrics SDK, "Start timestamps").
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, identity } from '../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { metricsOf } from '../push/capture.ts';
import { capture } from '../push/push-behaves.ts';

const declared = contract('p', { runs: counter({ help: 'Runs.', labels: { task: identity({ limit: 5 }) } }) });

interface Point {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble: number;
}

for (const engine of [undefined, sdkEngine()]) {
  test(`${engine?.name ?? 'store'}: all deltas of an interval have one start`, async (t) => {
    const receiver = await capture(t);
    const push = {
      endpoint: receiver.url,
      protocol: 'http/json',
      exporter: 'meterbridge',
      temporality: 'delta',
      intervalMs: 3_600_000,
    } as const;
    const { metrics, bridge, clock } = testBridge(declared, { push, ...(engine === undefined ? {} : { engine }) });
    t.after(bridge.close);
    const began = clock();
    const requests = bridge.meterProvider.getMeter('lib').createCounter('requests');
    const record = (task: string) => {
      metrics.runs.add(1, { task });
      requests.add(1, { task });
    };
    for (const tasks of [['a'], ['b'], []]) {
      clock.advance(1_000);
      for (const task of tasks) record(task);
      clock.advance(9_000);
      assert.equal(await bridge.flush(), true);
    }
    for (const name of ['p.runs', 'requests']) {
      const spans = receiver.pushes.map((one) =>
        (metricsOf(one)[name].sum.dataPoints as Point[]).map(({ startTimeUnixNano, timeUnixNano, asDouble }) => {
          const second = (nanos: string) => Number((BigInt(nanos) - BigInt(began) * 1_000_000n) / 1_000_000_000n);
          return `${asDouble} in ${second(startTimeUnixNano)}..${second(timeUnixNano)}`;
        }),
      );
      assert.deepEqual(spans, [['1 in 0..10'], ['0 in 10..20', '1 in 10..20'], ['0 in 20..30', '0 in 20..30']], name);
    }
  });
}
