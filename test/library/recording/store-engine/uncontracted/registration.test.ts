/** Names, duplicates and callbacks of instruments that no contract names, by the OpenTelemetry specification. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes, Meter } from '@opentelemetry/api';
import { testBridge } from '../../../../../src/testing.ts';
import { scraped, scrapedOf } from '../../scraped.ts';
import { declared, open, pushed, warnings } from '../library-meter.ts';

test('an invalid name is warned of, and works (Metrics SDK, "Instrument name")', async () => {
  const { bridge, meter } = open();
  meter.createCounter('0lib bad').add(3);
  assert.match(warnings[0] ?? '', /Invalid metric name: "0lib bad"/);
  const [data] = await pushed(bridge, '0lib bad');
  assert.equal(data?.dataPoints[0]?.value, 3);
});

for (const name of ['a', 'A.b_c-d/e9', 'x'.repeat(255)]) {
  test(`a valid name is not warned of: ${name.slice(0, 12)}`, () => {
    open().meter.createCounter(name);
    assert.deepEqual(warnings, []);
  });
}

test('identical instruments are one (Metrics SDK, "Duplicate instrument registration")', async () => {
  const { bridge, meter } = open();
  const options = { unit: 's', description: 'Hits.' };
  meter.createCounter('lib.hits', options).add(1);
  bridge.meterProvider.getMeter('lib', '1.0').createCounter('lib.hits', options).add(2);
  assert.deepEqual(await scrapedOf(bridge, 'lib_hits'), { lib_hits_seconds_total: 3 });
  assert.deepEqual(warnings, []);
});

test('names differ in case only: the first one is used, with a warning', async () => {
  const { bridge, meter } = open();
  meter.createCounter('lib.hits').add(1);
  meter.createCounter('LIB.Hits').add(2);
  assert.deepEqual(await scrapedOf(bridge, 'lib_'), { lib_hits_total: 3 });
  assert.match(warnings.join(), /lib\.hits: an instrument of this name exists already, with name "LIB\.Hits"/);
});

const conflicts: readonly [name: string, second: (meter: Meter) => void, said: RegExp][] = [
  [
    'another description',
    (meter) => meter.createCounter('lib.hits', { unit: 's', description: 'Other.' }).add(1),
    /description .* The longest description is used\./,
  ],
  [
    'another unit',
    (meter) => meter.createCounter('lib.hits', { unit: 'ms', description: 'Hits.' }).add(1),
    /unit "ms" instead of "s"\. Both/,
  ],
  [
    'another kind',
    (meter) => meter.createGauge('lib.hits', { unit: 's', description: 'Hits.' }).record(1),
    /what "gauge" instead of "counter"\. Both/,
  ],
  [
    'observable',
    (meter) => meter.createObservableCounter('lib.hits', { unit: 's', description: 'Hits.' }),
    /observable counter.*Both/,
  ],
];
for (const [name, second, said] of conflicts) {
  test(`a conflicting registration warns, and both work: ${name}`, async () => {
    const { bridge, meter } = open();
    meter.createCounter('lib.hits', { unit: 's', description: 'Hits.' }).add(4);
    second(meter);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', said);
    const values = (await pushed(bridge, 'lib.hits')).flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value));
    assert.equal(values.includes(4) || values.includes(5), true);
    await scraped(bridge);
  });
}

test('other advice is no conflict of identity: the first one is used', async () => {
  const { bridge, meter } = open();
  meter.createHistogram('lib.time', { advice: { explicitBucketBoundaries: [1] } }).record(1);
  meter.createHistogram('lib.time', { advice: { explicitBucketBoundaries: [2] } }).record(1);
  const [data] = await pushed(bridge, 'lib.time');
  assert.deepEqual((data?.dataPoints[0]?.value as { buckets: object } | undefined)?.buckets, { boundaries: [1], counts: [2, 0] });
  assert.equal(warnings.length, 1);
});

test('meters are told apart by name, version and schema', async () => {
  const { bridge } = open();
  for (const version of ['1', '2']) bridge.meterProvider.getMeter('lib', version).createGauge('lib.heat').record(Number(version));
  assert.deepEqual(
    (await pushed(bridge, 'lib.heat')).map(({ dataPoints }) => dataPoints[0]?.value),
    [1, 2],
  );
});

test('callbacks: several on one instrument, removed, batch; a series that is not observed again is gone', async () => {
  const { bridge, meter } = open();
  const size = meter.createObservableUpDownCounter('lib.size');
  const waits = meter.createObservableCounter('lib.waits');
  let pools = ['a', 'b'];
  let runs = 0;
  const first = (result: { observe(value: number, attributes?: Attributes): void }) => {
    runs += 1;
    for (const pool of pools) result.observe(1, { pool });
  };
  const batch = (result: { observe(metric: never, value: number, attributes?: Attributes): void }) => {
    result.observe(size as never, 5, { pool: 'batch' });
    result.observe(waits as never, 6);
  };
  size.addCallback(first);
  size.addCallback(first);
  meter.addBatchObservableCallback(batch as never, [size, waits]);
  meter.addBatchObservableCallback(batch as never, [waits, size]);
  assert.deepEqual(await scrapedOf(bridge, 'lib_'), {
    'lib_size{pool="a"}': 1,
    'lib_size{pool="b"}': 1,
    'lib_size{pool="batch"}': 5,
    lib_waits_total: 6,
  });
  assert.equal(runs, 1);
  pools = ['b'];
  meter.removeBatchObservableCallback(batch as never, [size, waits]);
  assert.deepEqual(await scrapedOf(bridge, 'lib_size'), { 'lib_size{pool="b"}': 1 });
  size.removeCallback(first);
  assert.deepEqual(await scrapedOf(bridge, 'lib_size'), {});
});

test('a callback that fails keeps the last good values, for 60 s', async () => {
  const { bridge, clock } = testBridge(declared);
  let broken = false;
  bridge.meterProvider
    .getMeter('lib')
    .createObservableGauge('lib.size')
    .addCallback((result) => {
      if (broken) throw new Error('no pool');
      result.observe(3);
    });
  assert.deepEqual(await scrapedOf(bridge, 'lib_size'), { lib_size: 3 });
  broken = true;
  clock.advance(60_000);
  assert.deepEqual(await scrapedOf(bridge, 'lib_size'), { lib_size: 3 });
  clock.advance(1);
  assert.deepEqual(await scrapedOf(bridge, 'lib_size'), {});
});
