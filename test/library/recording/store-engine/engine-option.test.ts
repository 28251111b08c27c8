import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../../src/core/errors/error.ts';
import { meterbridge } from '../../../../src/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { scrapedOf } from '../scraped.ts';

const declared = contract('e', { runs: counter({ help: 'Runs.' }) });

for (const engine of [sdkEngine, {}, 'sdk', null]) {
  test(`what is no engine is refused at start: ${typeof engine}`, () => {
    const isRefused = (error: unknown) =>
      error instanceof MeterbridgeError && /options\.engine: got .*call sdkEngine\(\)/.test(error.message);
    assert.throws(() => meterbridge(declared, { push: false, engine: engine as never }), isRefused);
  });
}

test('a bridge is shared by those who ask for the same engine only', async () => {
  const options = { push: false, env: { NODE_ENV: 'production' } } as const;
  const bridge = meterbridge(declared, { ...options, engine: sdkEngine() });
  assert.equal(meterbridge(declared, { ...options, engine: sdkEngine() }), bridge);
  assert.throws(() => meterbridge(declared, options), /another options\.engine/);
  bridge.metrics.runs.add(2);
  assert.deepEqual(await scrapedOf(bridge, 'e_'), { e_runs_total: 2 });
  await bridge.close();
});
