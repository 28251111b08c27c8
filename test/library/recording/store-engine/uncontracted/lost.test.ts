/** The SDK's engine does not report what it refuses of such instruments. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '../../../../../src/index.ts';
import { testBridge } from '../../../../../src/testing.ts';
import { scrapedOf } from '../../scraped.ts';

test('instruments outside the contracts are counted under one word, each with a line', async () => {
  const { bridge, log } = testBridge(contract('l', {}), { selfMetrics: true });
  const meter = bridge.meterProvider.getMeter('library');
  for (const name of ['a', 'b']) meter.createCounter(name).add(-1);
  const line = 'meterbridge_measurements_refused_total{metric="uncontracted",reason="value"}';
  assert.deepEqual(await scrapedOf(bridge, 'meterbridge_measurements_refused_total{'), { [line]: 2 });
  assert.deepEqual(
    log.map((line) => line.split(': got')[0]),
    ['instrument "a": a measurement is rejected (value)', 'instrument "b": a measurement is rejected (value)'],
  );
});
