import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge, meterbridge } from '../../src/index.ts';

test('the message of a failed callback is read in linear time', async () => {
  const demo = contract('demo', { level: gauge({ observed: true, unit: '1', help: 'Level.' }) });
  async function took(blanks: number): Promise<number> {
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      const lines: string[] = [];
      let began = 0;
      const bridge = meterbridge(demo, { isolated: true, env: {}, log: (line) => lines.push(line) });
      bridge.metrics.level.observe(() => {
        began = performance.now();
        throw new Error(`a${' '.repeat(blanks)}b`);
      });
      await bridge.refresh();
      times.push(performance.now() - began);
      await bridge.close();
      assert.equal(lines.length, 1);
    }
    return Math.min(...times);
  }
  await took(1_000);
  const [once, twice] = [await took(40_000), await took(80_000)];
  assert.ok(twice < 3 * once + 20, `${once} ms, twice as long ${twice} ms`);
});
