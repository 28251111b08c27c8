/** Rules for measurements: their values, their attributes, and the cardinality limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, ValueType } from '@opentelemetry/api';
import { collected, type Provided, providers, told } from './provider.ts';
import { rule } from './rule.ts';

rule('Metrics SDK, "Default Aggregation"', 'sums add up, gauges keep the last', async (provided) => {
  const meter = provided.provider.getMeter('m');
  const instruments = [meter.createCounter('c'), meter.createUpDownCounter('u')];
  for (const value of [5, 2]) for (const one of instruments) one.add(value);
  instruments[1]?.add(-10);
  const gauge = meter.createGauge('g');
  for (const value of [5, -2]) gauge.record(value);
  assert.deepEqual(await collected(provided), { 'c{}': 7, 'u{}': -3, 'g{}': -2 });
});

rule('Metrics SDK, "Sum Aggregation"', 'the monotonicity follows from the kind', async ({ provider, collect }) => {
  const meter = provider.getMeter('m');
  meter.createCounter('c').add(1);
  meter.createUpDownCounter('u').add(1);
  meter.createObservableCounter('oc').addCallback((result) => result.observe(1));
  meter.createObservableUpDownCounter('ou').addCallback((result) => result.observe(1));
  const [scope] = await collect();
  const monotonic = Object.fromEntries(
    scope?.metrics.map((one) => [one.descriptor.name, 'isMonotonic' in one ? one.isMonotonic : undefined]) ?? [],
  );
  assert.deepEqual(monotonic, { c: true, u: false, oc: true, ou: false });
});

rule('Metrics API, "Counter", "Add"', 'an increment is not negative', async (provided) => {
  const counter = provided.provider.getMeter('m').createCounter('x');
  await told(() => {
    counter.add(3);
    counter.add(-1);
  });
  assert.deepEqual(await collected(provided), { 'x{}': 3 });
});

rule('Metrics API, "Histogram", "Record"', 'a value is not negative', async (provided) => {
  const histogram = provided.provider.getMeter('m').createHistogram('x', { advice: { explicitBucketBoundaries: [1] } });
  await told(() => {
    histogram.record(3);
    histogram.record(-1);
  });
  assert.deepEqual(await collected(provided), { 'x{}': { count: 1, bounds: [1] } });
});

rule('Metrics API, "Instrument"', 'integers: fractional digits are ignored', async (provided) => {
  const counter = provided.provider.getMeter('m').createCounter('x', { valueType: ValueType.INT });
  await told(() => {
    counter.add(1.9);
    counter.add(2);
  });
  assert.deepEqual(await collected(provided), { 'x{}': 3 });
});

rule(
  'Metrics SDK, "Numerical limits handling"',
  'NaN and infinities are handled: sums and histograms stay numbers',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1] } });
    await told(() => {
      for (const value of [1, Number.NaN, Number.POSITIVE_INFINITY, 2]) {
        counter.add(value);
        histogram.record(value);
      }
    });
    assert.deepEqual(await collected(provided), { 'c{}': 3, 'h{}': { count: 2, bounds: [1] } });
  },
  { sdkDiffers: 'sdk-metrics 3.1 adds them' },
);

rule('Common, "Attribute Collections"', 'sets are equal irrespective of their order', async (provided) => {
  const counter = provided.provider.getMeter('m').createCounter('x');
  counter.add(1, { a: '1', b: 2, c: true });
  counter.add(2, { c: true, b: 2, a: '1' });
  counter.add(4, { b: 2, a: '1', c: true });
  assert.deepEqual(await collected(provided), { 'x{a="1",b=2,c=true}': 7 });
});

rule('Common, "Attribute"', 'sets that differ in a value, a name or its case are different', async (provided) => {
  const counter = provided.provider.getMeter('m').createCounter('x');
  const sets: Attributes[] = [{}, { a: '1' }, { a: true }, { A: '1' }, { a: ['1'] }, { a: '1', b: '2' }];
  for (const [at, attributes] of sets.entries()) counter.add(at + 1, attributes);
  const found = await collected(provided);
  assert.deepEqual(Object.values(found).toSorted(), [1, 2, 3, 4, 5, 6]);
});

/**
 * Departs from Common, "Attribute", on purpose: Prometheus has neither types of values nor empty labels, and would store one of
 * the series alone.
 */
test('sets that differ in the type of a value, or in an empty one, are one series (store)', async () => {
  const provided = providers.store();
  const counter = provided.provider.getMeter('m').createCounter('x');
  const sets: Attributes[] = [
    {},
    { a: '' },
    { a: '1' },
    { a: 1 },
    { a: true },
    { a: 'true' },
    { a: ['1'] },
    { a: '["1"]' },
    { a: '1', b: '' },
  ];
  for (const [at, attributes] of sets.entries()) counter.add(at + 1, attributes);
  assert.deepEqual(Object.values(await collected(provided)).toSorted(), [11, 15, 16, 3].toSorted());
  await provided.shutdown();
});

rule('Common, "Attribute"', 'every type of value arrives', async (provided) => {
  const attributes = { s: 'text', i: 7, d: 0.5, t: true, f: false, ss: ['a', 'b'], is: [1, 2], ts: [true, false] };
  provided.provider.getMeter('m').createCounter('x').add(1, attributes);
  const [point] = (await provided.collect())[0]?.metrics[0]?.dataPoints ?? [];
  assert.deepEqual({ ...point?.attributes }, attributes);
});

rule(
  'Common, "Attribute"',
  'what the caller does with its object afterwards changes nothing',
  async (provided) => {
    const counter = provided.provider.getMeter('m').createCounter('x');
    const attributes: Attributes = { a: '1' };
    counter.add(1, attributes);
    attributes.a = '2';
    counter.add(2, attributes);
    counter.add(4, { a: '1' });
    assert.deepEqual(await collected(provided), { 'x{a="1"}': 5, 'x{a="2"}': 2 });
  },
  { sdkDiffers: 'sdk-metrics 3.1 keeps the object' },
);

rule(
  'Metrics SDK, "Start timestamps"',
  'a total begins at the first measurement of its series, and keeps that',
  async ({ provider, collect }) => {
    const counter = provider.getMeter('m').createCounter('x');
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const starts: number[][] = [];
    const times: number[] = [];
    for (const a of ['1', '2', '1']) {
      await pause();
      times.push(Date.now());
      counter.add(1, { a });
      times.push(Date.now());
      const [scope] = await collect();
      starts.push(
        scope?.metrics[0]?.dataPoints.map(({ startTime: [seconds, nanos] }) => seconds * 1_000 + nanos / 1_000_000) ?? [],
      );
    }
    const [first, second] = starts[1] ?? [];
    // The SDK's clock has fractions of a millisecond.
    for (const [start, from] of [
      [first, 0],
      [second, 2],
    ] as const) {
      assert.ok(Number(start) >= Number(times[from]) && Number(start) <= Number(times[from + 1]) + 1, `${start} of ${times}`);
    }
    assert.deepEqual(starts, [[first], [first, second], [first, second]]);
  },
);

/** The default of the specification. */
const limit = 2_000;

async function overflow(provided: Provided): Promise<{ readonly sets: number; readonly over: unknown; readonly sum: number }> {
  const found = await collected(provided);
  const values = Object.values(found) as number[];
  return {
    sets: values.length,
    over: found['x{otel.metric.overflow=true}'],
    sum: values.reduce((total, value) => total + value, 0),
  };
}

rule(
  'Metrics SDK, "Overflow attribute"',
  'none overflows as long as there are no more sets than the limit, 2,000',
  async (provided) => {
    const counter = provided.provider.getMeter('m').createCounter('x');
    for (let at = 0; at < limit; at++) counter.add(1, { at });
    assert.deepEqual(await overflow(provided), { sets: limit, over: undefined, sum: limit });
  },
  { sdkDiffers: 'sdk-metrics 3.1 lets 1,999 pass' },
);

rule(
  'Metrics SDK, "Synchronous instrument cardinality limits"',
  'beyond it, nothing is lost or counted twice',
  async (provided) => {
    const counter = provided.provider.getMeter('m').createCounter('x');
    await told(() => {
      for (let at = 0; at < limit + 500; at++) counter.add(1, { at });
      for (let at = 0; at < limit + 500; at++) counter.add(1, { at });
    });
    const { sum, over } = await overflow(provided);
    assert.equal(sum, 2 * (limit + 500));
    assert.ok(Number(over) >= 1_000);
  },
);

rule(
  'Metrics SDK, "Synchronous instrument cardinality limits"',
  'the limit holds over collections, and sets from before the overflow go on',
  async (provided) => {
    const counter = provided.provider.getMeter('m').createCounter('x');
    await told(async () => {
      for (let from = 0; from < 3 * limit; from += limit / 2) {
        for (let at = from; at < from + limit / 2; at++) counter.add(1, { at });
        await provided.collect();
      }
      counter.add(10, { at: 0 });
    });
    assert.deepEqual(await overflow(provided), { sets: limit + 1, over: 2 * limit, sum: 3 * limit + 10 });
    assert.equal((await collected(provided))['x{at=0}'], 11);
  },
  { sdkDiffers: 'sdk-metrics 3.1 counts within one collection' },
);

rule(
  'Metrics SDK, "Asynchronous instrument cardinality limits"',
  'the first-observed attributes are preferred',
  async (provided) => {
    const gauge = provided.provider.getMeter('m').createObservableGauge('x');
    gauge.addCallback((result) => {
      for (let at = 0; at < limit + 10; at++) result.observe(1, { at });
    });
    await told(async () => void (await provided.collect()));
    const found = await collected(provided);
    assert.equal(Object.keys(found).length, limit + 1);
    for (const at of [0, limit - 1]) assert.equal(found[`x{at=${at}}`], 1);
    assert.equal(found[`x{at=${limit}}`], undefined);
  },
  { sdkDiffers: 'sdk-metrics 3.1 lets 1,999 pass' },
);
