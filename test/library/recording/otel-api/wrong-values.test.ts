/** What is no value of an instrument that no contract names costs itself alone, with each engine (`core/store/value-rule.ts`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchObservableCallback, ObservableCallback } from '@opentelemetry/api';
import { contract, counter } from '../../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';

const declared = contract('w', { runs: counter({ help: 'Runs.' }) });

for (const engine of [undefined, sdkEngine()]) {
  for (const views of [[], [{ instrumentName: 'lib.*', meterVersion: 'none' }]]) {
    test(`${engine?.name ?? 'store'}, ${views.length} views`, async () => {
      const { bridge, log } = testBridge(declared, { views, ...(engine === undefined ? {} : { engine }) });
      const meter = bridge.meterProvider.getMeter('lib');
      const requests = meter.createCounter('lib.requests');
      for (const value of [5, Number.NaN, Number.POSITIVE_INFINITY, -1, 2]) requests.add(value);
      const sizes = meter.createHistogram('lib.sizes', { advice: { explicitBucketBoundaries: [10] } });
      for (const value of [1, Number.NaN, Number.POSITIVE_INFINITY, -1, 2]) sizes.record(value);
      const level = meter.createUpDownCounter('lib.level');
      for (const value of [3, Number.NaN, -1]) level.add(value);
      const seen = [4, Number.NaN, -1];
      const observed = meter.createObservableCounter('lib.seen');
      const one = meter.createObservableCounter('lib.one');
      const count: ObservableCallback = (result) => {
        for (const [at, value] of seen.entries()) result.observe(value, { at });
      };
      const both: BatchObservableCallback = (result) => {
        for (const [at, value] of seen.entries()) result.observe(one, value, { at });
      };
      observed.addCallback(count);
      observed.addCallback(count);
      meter.addBatchObservableCallback(both, [one]);
      meter.addBatchObservableCallback(both, [one]);
      const {
        'lib_sizes_bucket{le="10"}': _first,
        'lib_sizes_bucket{le="+Inf"}': _all,
        ...page
      } = await scrapedOf(bridge, 'lib_');
      assert.deepEqual(page, {
        lib_requests_total: 7,
        lib_sizes_sum: 3,
        lib_sizes_count: 2,
        lib_level: 2,
        'lib_seen_total{at="0"}': 4,
        'lib_one_total{at="0"}': 4,
      });
      const rejected = log.flatMap((line) => /instrument "(.*)": a measurement is rejected \(value\): got/.exec(line)?.[1] ?? []);
      assert.deepEqual(rejected.sort(), ['lib.level', 'lib.one', 'lib.requests', 'lib.seen', 'lib.sizes']);
      observed.removeCallback(count);
      meter.removeBatchObservableCallback(both, [one]);
      seen[0] = 9;
      const after = await scrapedOf(bridge, 'lib_');
      assert.notEqual(after['lib_seen_total{at="0"}'], 9);
      assert.notEqual(after['lib_one_total{at="0"}'], 9);
    });
  }
}
