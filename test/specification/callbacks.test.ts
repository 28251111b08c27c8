/** Rules for asynchronous instruments and their callbacks. */
import assert from 'node:assert/strict';
import type { BatchObservableCallback, ObservableCallback } from '@opentelemetry/api';
import { collected, told } from './provider.ts';
import { rule } from './rule.ts';

rule('Metrics API, "Asynchronous Instrument API"', 'callbacks are called on demand only, once a collection', async (provided) => {
  let calls = 0;
  const gauge = provided.provider.getMeter('m').createObservableGauge('x');
  gauge.addCallback((result) => {
    calls += 1;
    result.observe(calls);
  });
  assert.equal(calls, 0);
  for (const round of [1, 2, 3]) assert.deepEqual(await collected(provided), { 'x{}': round });
});

rule('Metrics API, "Asynchronous Instrument API"', 'a callback that was added twice is evaluated once', async (provided) => {
  let calls = 0;
  const gauge = provided.provider.getMeter('m').createObservableGauge('x');
  const callback: ObservableCallback = () => {
    calls += 1;
  };
  gauge.addCallback(callback);
  gauge.addCallback(callback);
  await provided.collect();
  assert.equal(calls, 1);
});

rule('Metrics API, "Asynchronous Instrument API"', 'several callbacks of an instrument are all evaluated', async (provided) => {
  const gauge = provided.provider.getMeter('m').createObservableGauge('x');
  for (const a of ['1', '2']) gauge.addCallback((result) => result.observe(Number(a), { a }));
  assert.deepEqual(await collected(provided), { 'x{a="1"}': 1, 'x{a="2"}': 2 });
});

rule('Metrics API, "Asynchronous Instrument API"', 'a callback may be asynchronous', async (provided) => {
  const gauge = provided.provider.getMeter('m').createObservableGauge('x');
  gauge.addCallback(async (result) => {
    await new Promise((resolve) => setImmediate(resolve));
    result.observe(1);
  });
  assert.deepEqual(await collected(provided), { 'x{}': 1 });
});

rule('Metrics API, "Asynchronous Instrument API"', 'a registration can be undone; another callback stays', async (provided) => {
  const calls: string[] = [];
  const gauge = provided.provider.getMeter('m').createObservableGauge('x');
  const one: ObservableCallback = () => void calls.push('one');
  gauge.addCallback(one);
  gauge.addCallback(() => void calls.push('other'));
  gauge.removeCallback(one);
  gauge.removeCallback(one);
  await provided.collect();
  assert.deepEqual(calls, ['other']);
});

rule('Metrics API, "Asynchronous Counter"', 'the value observed is the value, however often it is read', async (provided) => {
  const meter = provided.provider.getMeter('m');
  meter.createObservableCounter('c').addCallback((result) => result.observe(7));
  meter.createObservableUpDownCounter('u').addCallback((result) => result.observe(-7));
  for (const round of [1, 2]) assert.deepEqual(await collected(provided), { 'c{}': 7, 'u{}': -7 }, `round ${round}`);
});

rule('Metrics SDK, "Duplicate instrument registration"', 'callbacks of identical instruments report to one', async (provided) => {
  const meter = provided.provider.getMeter('m');
  for (const a of ['1', '2']) meter.createObservableGauge('x').addCallback((result) => result.observe(Number(a), { a }));
  assert.deepEqual(await collected(provided), { 'x{a="1"}': 1, 'x{a="2"}': 2 });
});

rule(
  'Metrics SDK, "Observations inside asynchronous callbacks"',
  'a set that is not observed during a successful callback has no data',
  async (provided) => {
    let sets = ['1', '2'];
    const meter = provided.provider.getMeter('m');
    const instruments = [meter.createObservableGauge('g'), meter.createObservableCounter('c')];
    for (const one of instruments) one.addCallback((result) => sets.forEach((a) => void result.observe(1, { a })));
    assert.equal(Object.keys(await collected(provided)).length, 4);
    sets = ['2'];
    assert.deepEqual(await collected(provided), { 'g{a="2"}': 1, 'c{a="2"}': 1 });
    sets = [];
    assert.deepEqual(await collected(provided), {});
  },
  { sdkDiffers: 'sdk-metrics 3.1 keeps them under cumulative temporality' },
);

rule(
  'Metrics SDK, "Observations inside asynchronous callbacks"',
  'use outside of a callback is disregarded',
  async (provided) => {
    const gauge = provided.provider.getMeter('m').createObservableGauge('x');
    let late: Parameters<ObservableCallback>[0] | undefined;
    const callback: ObservableCallback = (result) => {
      late ??= result;
      result.observe(1);
    };
    gauge.addCallback(callback);
    await provided.collect();
    late?.observe(2, { late: true });
    assert.deepEqual(await collected(provided), { 'x{}': 1 });
  },
);

rule(
  'Metrics SDK, "Observations inside asynchronous callbacks"',
  'one that fails does not hold up the others',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const failing = meter.createObservableGauge('x');
    failing.addCallback(() => {
      throw new Error('broken');
    });
    meter.createObservableGauge('y').addCallback(async () => {
      throw new Error('broken');
    });
    meter.createObservableGauge('z').addCallback((result) => result.observe(1));
    assert.deepEqual(await collected(provided), { 'z{}': 1 });
  },
);

rule('Metrics API, "Asynchronous Instrument API"', 'one of several that fails costs what it observes alone', async (provided) => {
  const meter = provided.provider.getMeter('m');
  const [x, y] = [meter.createObservableGauge('x'), meter.createObservableGauge('y')];
  meter.addBatchObservableCallback(
    (result) => {
      result.observe(x, 1, { a: 'lost' });
      result.observe(y, 1, { a: 'lost' });
      throw new Error('broken');
    },
    [x, y],
  );
  for (const one of [x, y]) one.addCallback((result) => result.observe(2));
  assert.deepEqual(await collected(provided), { 'x{}': 2, 'y{}': 2 });
});

rule('Metrics API, "Multiple-instrument callbacks"', 'observations say which instrument they are of', async (provided) => {
  const meter = provided.provider.getMeter('m');
  const usage = meter.createObservableCounter('usage');
  const pressure = meter.createObservableGauge('pressure');
  let calls = 0;
  const batch: BatchObservableCallback = (result) => {
    calls += 1;
    result.observe(usage, 3, { property: 'a' });
    result.observe(pressure, 0.5, { property: 'a' });
  };
  meter.addBatchObservableCallback(batch, [usage, pressure]);
  meter.addBatchObservableCallback(batch, [pressure, usage]);
  assert.deepEqual(await collected(provided), { 'usage{property="a"}': 3, 'pressure{property="a"}': 0.5 });
  assert.equal(calls, 1);
  meter.removeBatchObservableCallback(batch, [pressure, usage]);
  await provided.collect();
  assert.equal(calls, 1);
});

rule('Metrics API, "Multiple-instrument callbacks"', 'an instrument that was not declared gets nothing', async (provided) => {
  const meter = provided.provider.getMeter('m');
  const declared = meter.createObservableGauge('declared');
  const other = meter.createObservableGauge('other');
  const callback: BatchObservableCallback = (result) => {
    result.observe(declared, 1);
    result.observe(other, 2);
  };
  await told(async () => {
    meter.addBatchObservableCallback(callback, [declared]);
    assert.deepEqual(await collected(provided), { 'declared{}': 1 });
  });
});

rule(
  'Metrics API, "Multiple-instrument callbacks"',
  'observations of one callback have identical timestamps',
  async ({ provider, collect }) => {
    const meter = provider.getMeter('m');
    const pair = [meter.createObservableGauge('a'), meter.createObservableCounter('b')];
    meter.addBatchObservableCallback(async (result) => {
      for (const one of pair) {
        result.observe(one, 1);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    }, pair);
    const [scope] = await collect();
    const times = scope?.metrics.flatMap(({ dataPoints }) => dataPoints.map(({ endTime }) => endTime.join('.')));
    assert.equal(times?.length, 2);
    assert.equal(new Set(times).size, 1);
  },
);
