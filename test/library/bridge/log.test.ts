import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge, meterbridge } from '../../../src/index.ts';
import { assertLinearLater } from '../../linear.ts';

test('the message of a failed callback is read in linear time', async () => {
  const demo = contract('demo', { level: gauge({ observed: true, unit: '1', help: 'Level.' }) });
  await assertLinearLater(
    (blanks) => async () => {
      const lines: string[] = [];
      const bridge = meterbridge(demo, { isolated: true, env: {}, log: (line) => lines.push(line) });
      bridge.metrics.level.observe(() => {
        throw new Error(`a${' '.repeat(blanks)}b`);
      });
      await bridge.refresh();
      await bridge.close();
      assert.equal(lines.length, 1);
    },
    20_000,
  );
});
