/** Rules for instruments: names, units, descriptions, advice, duplicates. */
import assert from 'node:assert/strict';
import { collected, told } from './provider.ts';
import { rule } from './rule.ts';

const longest = `a${'b'.repeat(254)}`;

for (const name of ['a', 'Z', 'http.server_request-duration/v2', 'a1', longest]) {
  rule('Metrics API, "Instrument name syntax"', `legal: ${name.slice(0, 40)}`, async (provided) => {
    const lines = await told(() => provided.provider.getMeter('m').createCounter(name).add(1));
    assert.deepEqual(lines, []);
    assert.deepEqual(await collected(provided), { [`${name}{}`]: 1 });
  });
}

for (const name of ['', '1st', '_private', '.dot', 'sp ace', 'ünits', 'a\n', `${longest}c`]) {
  rule(
    'Metrics SDK, "Instrument name"',
    `an error tells of the illegal name ${JSON.stringify(name.slice(0, 20))}`,
    async ({ provider }) => {
      const lines = await told(() => provider.getMeter('m').createCounter(name).add(1));
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', /name/i);
    },
  );
}

const kinds = ['createCounter', 'createUpDownCounter', 'createGauge', 'createHistogram'] as const;
for (const create of kinds) {
  rule(
    'Metrics API, "Synchronous Instrument API"',
    `unit, description and advice are optional: ${create}`,
    async ({ provider, collect }) => {
      const instrument = provider.getMeter('m')[create]('x') as unknown as Record<string, (value: number) => void>;
      (instrument.add ?? instrument.record)?.call(instrument, 1);
      const [scope] = await collect();
      const { unit, description } = scope?.metrics[0]?.descriptor ?? {};
      assert.deepEqual({ unit, description }, { unit: '', description: '' });
    },
  );
}

rule('Metrics SDK, "Instrument unit", "Instrument description"', 'null is as nothing', async ({ provider, collect }) => {
  const meter = provider.getMeter('m');
  const lines = await told(() => {
    meter.createCounter('x', { unit: null, description: null } as never).add(1);
    meter.createCounter('x').add(2);
  });
  assert.deepEqual(lines, []);
  const [scope] = await collect();
  const { unit, description } = scope?.metrics[0]?.descriptor ?? {};
  assert.deepEqual({ unit, description, metrics: scope?.metrics.length }, { unit: '', description: '', metrics: 1 });
});

rule('Metrics SDK, "Instrument unit"', 'it is not validated, and keeps its case', async ({ provider, collect }) => {
  const unit = 'kB/s and whatever else is said of it, up to 63 characters, or so';
  const lines = await told(() => provider.getMeter('m').createCounter('x', { unit }).add(1));
  assert.deepEqual(lines, []);
  assert.equal((await collect())[0]?.metrics[0]?.descriptor.unit, unit);
});

rule('Metrics API, "Instrument description"', 'it holds 1,023 characters of any script', async ({ provider, collect }) => {
  const description = '§ Ж 中'.repeat(205).slice(0, 1_023);
  provider.getMeter('m').createCounter('x', { description }).add(1);
  assert.equal((await collect())[0]?.metrics[0]?.descriptor.description, description);
});

const defaults = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
rule('Metrics SDK, "Explicit Bucket Histogram Aggregation"', 'default boundaries, inclusive above', async (provided) => {
  const histogram = provided.provider.getMeter('m').createHistogram('x');
  for (const value of [0, 5, 5.1, 10_000, 10_001]) histogram.record(value);
  assert.deepEqual(await collected(provided), { 'x{}': { count: 5, bounds: defaults } });
  const value = (await provided.collect())[0]?.metrics[0]?.dataPoints[0]?.value as unknown as { buckets: { counts: number[] } };
  assert.deepEqual(value.buckets.counts, [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
});

rule('Metrics SDK, "Instrument advisory parameter: ExplicitBucketBoundaries"', 'they are used', async (provided) => {
  const advice = { explicitBucketBoundaries: [1, 2] };
  provided.provider.getMeter('m').createHistogram('x', { advice }).record(1.5);
  assert.deepEqual(await collected(provided), { 'x{}': { count: 1, bounds: [1, 2] } });
});

rule(
  'Metrics SDK, "Instrument advisory parameters"',
  'an error tells of one that is not valid, and it counts as not given',
  async (provided) => {
    const advice = { explicitBucketBoundaries: ['1', '2'] as never };
    const lines = await told(() => provided.provider.getMeter('m').createHistogram('x', { advice }).record(1));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.deepEqual(await collected(provided), { 'x{}': { count: 1, bounds: defaults } });
  },
  { sdkDiffers: 'sdk-metrics 3.1 takes what it is given' },
);

rule('Metrics SDK, "Instrument advisory parameters"', 'of identical instruments the first advice holds', async (provided) => {
  const meter = provided.provider.getMeter('m');
  meter.createHistogram('x', { advice: { explicitBucketBoundaries: [1] } }).record(1);
  meter.createHistogram('x', { advice: { explicitBucketBoundaries: [7] } }).record(2);
  assert.deepEqual(await collected(provided), { 'x{}': { count: 2, bounds: [1] } });
});

rule(
  'Metrics SDK, "Instrument advisory parameters"',
  'another advice for an identical instrument is told of',
  async ({ provider }) => {
    const meter = provider.getMeter('m');
    const lines = await told(() => {
      meter.createHistogram('x', { advice: { explicitBucketBoundaries: [1] } });
      meter.createHistogram('x', { advice: { explicitBucketBoundaries: [7] } });
    });
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', /^x: .*bounds/);
  },
  { sdkDiffers: 'sdk-metrics 3.1 does not compare advice' },
);

rule(
  'Metrics SDK, "Duplicate instrument registration"',
  'identical instruments are aggregated together, without a word',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const options = { unit: 's', description: 'X.' };
    const lines = await told(() => {
      meter.createCounter('x', options).add(1);
      meter.createCounter('x', options).add(2);
    });
    assert.deepEqual(lines, []);
    assert.deepEqual(await collected(provided), { 'x{}': 3 });
  },
);

rule(
  'Metrics data model, "OpenTelemetry protocol data model: producer recommendations"',
  'of identical instruments the longest description is used, and a warning tells',
  async ({ provider, collect }) => {
    const meter = provider.getMeter('m');
    const lines = await told(() => {
      for (const description of ['Some.', 'More of it.', 'Less.']) meter.createCounter('x', { description }).add(1);
    });
    assert.equal(lines.length, 2, lines.join('\n'));
    const [scope] = await collect();
    const found = scope?.metrics.map(({ descriptor, dataPoints }) => [descriptor.description, dataPoints[0]?.value]);
    assert.deepEqual(found, [['More of it.', 3]]);
  },
);

rule(
  'Metrics SDK, "Duplicate instrument registration"',
  'of other units or kinds: both export data, and a warning tells',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const lines = await told(() => {
      meter.createCounter('x', { unit: 's' }).add(1);
      meter.createCounter('x', { unit: 'By' }).add(2);
      meter.createHistogram('x', { unit: 's' }).record(3);
    });
    assert.ok(lines.length >= 2, lines.join('\n'));
    const [scope] = await provided.collect();
    const shown = scope?.metrics.map(({ descriptor: { unit }, dataPoints: [point] }) => [unit, typeof point?.value]);
    assert.deepEqual(shown, [
      ['s', 'number'],
      ['By', 'number'],
      ['s', 'object'],
    ]);
  },
);

rule(
  'Metrics SDK, "Duplicate instrument registration"',
  'another description: data of both arrives, and a warning tells',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const lines = await told(() => {
      meter.createCounter('x', { description: 'one' }).add(1);
      meter.createCounter('x', { description: 'another' }).add(2);
    });
    assert.ok(lines.length >= 1, lines.join('\n'));
    let sum = 0;
    for (const { metrics } of await provided.collect())
      for (const { dataPoints } of metrics) for (const { value } of dataPoints) sum += value as number;
    assert.equal(sum, 3);
  },
);

rule('Metrics SDK, "Meter"', 'distinct meters are separate namespaces', async (provided) => {
  const { provider } = provided;
  const lines = await told(() => {
    provider.getMeter('m').createCounter('x').add(1);
    provider.getMeter('m', '2').createGauge('x').record(2);
    provider.getMeter('n').createHistogram('x').record(3);
  });
  assert.deepEqual(lines, []);
  assert.equal((await provided.collect()).length, 3);
});

rule(
  'Metrics SDK, "Name conflict"',
  'names differ in nothing but case: the first one is used',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    meter.createCounter('requestCount').add(1);
    meter.createCounter('RequestCount').add(2);
    assert.deepEqual(await collected(provided), { 'requestCount{}': 3 });
  },
  { sdkDiffers: 'sdk-metrics 3.1 compares names with their case' },
);

rule(
  'Metrics SDK, "Name conflict"',
  'it is told of, and holds for a duplicate of another kind too',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const lines = await told(() => {
      meter.createCounter('requestCount').add(1);
      meter.createCounter('RequestCount').add(1);
      meter.createGauge('REQUESTCOUNT').record(7);
    });
    assert.equal(lines.length, 2, lines.join('\n'));
    const names = (await provided.collect()).flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));
    assert.deepEqual(names, ['requestCount', 'requestCount']);
  },
  { sdkDiffers: 'sdk-metrics 3.1 is silent about case, and exports the conflicting instrument under its own' },
);
