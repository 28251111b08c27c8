import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { checkInstalled } from '../../../src/core/node/optional-packages.ts';
import type { BridgeOptions } from '../../../src/library/bridge/options.ts';
import { withoutPackages } from './without-packages.ts';

const names = ({ problems }: MeterbridgeError) => problems.map(({ got }) => got.replace('no package ', ''));

test('what is installed is not missed', () => checkInstalled('here', ['@opentelemetry/sdk-metrics', 'fastify']));

test('without the optional packages, what needs one says so at start, and names all that it needs', async (t) => {
  const { folder, remove } = withoutPackages();
  t.after(remove);
  const { sdkEngine }: typeof import('../../../src/sdk.ts') = await import(join(folder, 'src', 'sdk.ts'));
  const { contract, counter, meterbridge }: typeof import('../../../src/index.ts') = await import(
    join(folder, 'src', 'index.ts')
  );
  const open = (options: BridgeOptions) =>
    meterbridge(contract('a', { runs: counter({ help: 'Runs.' }) }), { env: {}, isolated: true, ...options });

  const missing = (packages: readonly string[]) => (error: unknown) => {
    assert.ok(MeterbridgeError.is(error), String(error));
    assert.equal(error.code, 'DEPENDENCY_MISSING');
    assert.deepEqual(names(error), packages);
    for (const name of packages) assert.match(error.problems[0]?.fix ?? '', new RegExp(` ${name}@\\d+\\.\\d+\\.\\d+`));
    return true;
  };
  assert.throws(() => sdkEngine(), missing(['@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus']));
  assert.throws(
    () => open({ push: { exporter: 'sdk' } }),
    missing(['@opentelemetry/exporter-metrics-otlp-http', '@opentelemetry/sdk-metrics', '@opentelemetry/resources']),
  );
  const bridge = open({ push: false });
  bridge.metrics.runs.add(1);
  assert.equal((await bridge.gather())[0]?.samples[0]?.value, 1);
  await bridge.close();
});
