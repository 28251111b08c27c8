/** Limits as the Collector works them out; what is used is played. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProcessorContext } from '../../../src/service/component.ts';
import type { MemoryLimiterSettings } from '../../../src/service/processors/memory-limiter/config.ts';
import { createMemoryLimiter } from '../../../src/service/processors/memory-limiter/create.ts';
import { until } from '../../until.ts';
import { batchOf, requestWith, rig, settingsOf } from './rig.ts';

const mib = 2 ** 20;
const batch = batchOf(requestWith([]));

describe('refuses from', () => {
  const cases: readonly (readonly [yaml: string, mib: number])[] = [
    ['limit_mib: 100', 80],
    ['limit_mib: 100, spike_limit_mib: 30', 70],
    ['limit_percentage: 50', 400],
    ['limit_percentage: 50, spike_limit_percentage: 20', 300],
    ['limit_mib: 100, limit_percentage: 50, spike_limit_percentage: 20', 80],
  ];
  for (const [yaml, from] of cases)
    test(`${yaml}, of 1000 MiB: ${from} MiB`, async (t) => {
      t.mock.timers.enable({ apis: ['setInterval'] });
      const { settings } = settingsOf('memory_limiter', `{check_interval: 1s, ${yaml}}`);
      const lines: string[] = [];
      let used = 0;
      const log = {
        debug() {},
        info: (line: string) => void lines.push(line),
        warn: (line: string) => void lines.push(line),
        error() {},
      };
      const context = { log, next: () => undefined } as Partial<ProcessorContext> as ProcessorContext;
      const processor = createMemoryLimiter(settings as MemoryLimiterSettings, context, {
        used: () => used,
        total: () => 1_000 * mib,
      });
      await processor.start();
      const refused = (now: number) => {
        used = now;
        t.mock.timers.tick(1_000);
        return processor.consume(batch);
      };
      assert.equal(refused(from * mib - 1), undefined);
      const refusal = { points: 1, why: 'data refused due to high memory usage', retryable: true };
      assert.deepEqual(refused(from * mib), refusal);
      assert.deepEqual(refused(from * mib + 1), refusal);
      assert.equal(refused(from * mib - 1), undefined);
      assert.equal(lines.length, 2);
      await processor.shutdown();
    });
});

test('what this process uses counts', async () => {
  const { processor, batches } = rig('memory_limiter', '{check_interval: 1ms, limit_mib: 4000, spike_limit_mib: 1}');
  await processor.start();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(processor.consume(batch), undefined);
  assert.equal(batches.length, 1);
  const small = rig('memory_limiter', '{check_interval: 1ms, limit_mib: 1}');
  await small.processor.start();
  await until('looked', () => small.lines.length > 0);
  assert.deepEqual(small.lines, ['Memory usage is above soft limit. Refusing data.']);
  await Promise.all([processor.shutdown(), small.processor.shutdown()]);
});

describe('refuses the settings', () => {
  const rules: readonly (readonly [yaml: string, problem: RegExp])[] = [
    ['limit_mib: 1', /check_interval: nothing: it is required/],
    ['{limit_mib: 1, check_interval: 0s}', /check_interval: "0s"/],
    ['check_interval: 1s', /: no limit: it has limit_mib or limit_percentage/],
    ['{check_interval: 1s, limit_mib: 10, spike_limit_mib: 10}', /spike_limit_mib: 10: it is below limit_mib, which is 10/],
    ['{check_interval: 1s, limit_percentage: 10, spike_limit_percentage: 11}', /spike_limit_percentage: 11: it is below/],
    ['{check_interval: 1s, limit_percentage: 101}', /limit_percentage: 101: it is a whole number from 0 to 100/],
  ];
  for (const [yaml, problem] of rules)
    test(yaml, () => {
      const { problems } = settingsOf('memory_limiter', yaml);
      assert.ok(
        problems.some((one) => problem.test(one)),
        problems.join('\n'),
      );
    });
});
