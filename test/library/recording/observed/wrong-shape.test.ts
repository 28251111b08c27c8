/**
 * A callback of a wrong shape is a failed collection with a line: the last good values stay, and no 0 appears that nothing
 * observed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, oneOf, summary } from '../../../../src/core/contract/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';

const declared = contract('w', {
  used: gauge({ observed: true, help: 'Used.', labels: { state: oneOf('on', 'off') } }),
  plain: counter({ observed: true, help: 'Plain.' }),
  time: histogram({ observed: true, unit: 's', help: 'Time.', bounds: [1] }),
  size: summary({ observed: true, help: 'Size.' }),
});

interface Observation {
  set(value?: unknown, labels?: unknown): void;
}
type Name = keyof typeof declared.metrics;

const wrong: readonly [what: string, name: Name, callback: (o: Observation) => unknown, got: string][] = [
  ['a number where labels are declared', 'used', () => 1, '1'],
  ['an array where labels are declared', 'used', () => [1], '[1]'],
  ['an object where labels are declared', 'used', () => ({ on: 1 }), '{"on":1}'],
  ['a promise of a number where labels are declared', 'used', async () => 1, '1'],
  ['no labels', 'used', (o) => o.set(1), 'nothing'],
  ['an undefined label', 'used', (o) => o.set(1, { state: undefined }), 'nothing'],
  ['a string as labels', 'used', (o) => o.set(1, 'on'), '"on"'],
  ['a string as a value', 'used', (o) => o.set('1', { state: 'on' }), '"1"'],
  ['no value', 'used', (o) => o.set(undefined, { state: 'on' }), 'nothing'],
  ['a string', 'plain', () => '1', '"1"'],
  ['null', 'plain', () => null, 'null'],
  ['an object', 'plain', () => ({ value: 1 }), '{"value":1}'],
  ['NaN', 'plain', () => Number.NaN, 'NaN'],
  ['a negative counter', 'plain', async () => -1, '-1'],
  ['a number for a histogram', 'time', () => 1, '1'],
  ['too few counts', 'time', () => ({ counts: [1], sum: 1 }), '{"counts":[1],"sum":1}'],
  // metrics.proto: `fixed64 bucket_counts`, `fixed64 count`.
  ['fractional counts', 'time', () => ({ counts: [0.5, 1], sum: 1 }), '{"counts":[0.5,1],"sum":1}'],
  ['a negative count', 'time', () => ({ counts: [2, -1], sum: 1 }), '{"counts":[2,-1],"sum":1}'],
  ['a text as a count', 'time', () => ({ counts: ['1', 1], sum: 1 }), '{"counts":["1",1],"sum":1}'],
  ['a count that no double holds', 'time', () => ({ counts: [2 ** 53, 0], sum: 1 }), '{"counts":[9007199254740992,0],"sum":1}'],
  [
    'counts whose total no double holds',
    'time',
    () => ({ counts: [2 ** 53 - 1, 1], sum: 1 }),
    '{"counts":[9007199254740991,1],"sum":1}',
  ],
  ['a fractional count of a summary', 'size', () => ({ count: 1.5, sum: 1 }), '{"count":1.5,"sum":1}'],
  ['a number for a summary', 'size', () => 1, '1'],
];

for (const [what, name, callback, got] of wrong) {
  test(`${what} (${name})`, async () => {
    const { metrics, bridge, log } = testBridge(declared, { selfMetrics: true });
    metrics[name].observe(callback as never);
    assert.deepEqual(await scrapedOf(bridge, 'w_'), {}, 'never zeros');
    assert.equal(
      (await scrapedOf(bridge, 'meterbridge_collections_total{outcome="failed"}'))[
        'meterbridge_collections_total{outcome="failed"}'
      ],
      2,
    );
    const failed = log.filter((line) => line.includes('collection failed'));
    assert.equal(failed.length, 1, log.join('\n'));
    assert.ok(failed[0]?.includes(`got ${got}; `) && failed[0].includes('Fix: '), failed[0]);
  });
}

test('the fix for a series without a value is to leave it out, so that the others stay', async () => {
  const { metrics, bridge, log } = testBridge(declared);
  metrics.used.observe((o) => o.set(undefined as never, { state: 'on' }));
  await scrapedOf(bridge, 'w_');
  assert.match(log.join('\n'), /Fix: report such a value, leave out a series that has none, or throw if it is unknown\./);
});

test('a callback of several metrics that returns its values in place of setting them', async () => {
  const { metrics, bridge, log } = testBridge(declared);
  bridge.observe([metrics.plain, metrics.used], (() => [1, 2]) as never);
  assert.deepEqual(await scrapedOf(bridge, 'w_'), {});
  assert.match(log.join('\n'), /bridge\.observe: a callback's result: got \[1, 2\]; /);
});

// A `fixed64` holds them, and so does a double up to 2^53 - 1.
test('counts above 2^32', async () => {
  const { metrics, bridge } = testBridge(declared);
  metrics.time.observe(() => ({ counts: [5_000_000_000, 1], sum: 3 }));
  metrics.size.observe(() => ({ count: 2 ** 53 - 1, sum: 1 }));
  const scraped = await scrapedOf(bridge, 'w_');
  assert.deepEqual([scraped['w_time_seconds_bucket{le="1"}'], scraped.w_time_seconds_count], [5_000_000_000, 5_000_000_001]);
  assert.equal(scraped.w_size_count, 2 ** 53 - 1);
});
