/** Rules for meters and for what is left of them after a shutdown. */
import assert from 'node:assert/strict';
import { collected, told } from './provider.ts';
import { rule } from './rule.ts';

rule('Metrics API, "Get a Meter"', 'name, version and schema make the scope', async ({ provider, collect }) => {
  provider.getMeter('m', '1.2.3', { schemaUrl: 'https://example.org/1' }).createCounter('x').add(1);
  const [one] = await collect();
  assert.deepEqual({ ...one?.scope }, { name: 'm', version: '1.2.3', schemaUrl: 'https://example.org/1' });
});

rule(
  'Metrics API, "Get a Meter"',
  'version and schema are optional; meters of equal parameters are identical',
  async (provided) => {
    provided.provider.getMeter('m').createCounter('x').add(1);
    provided.provider.getMeter('m').createCounter('x').add(2);
    assert.deepEqual(await collected(provided), { 'x{}': 3 });
    assert.equal((await provided.collect()).length, 1);
  },
);

rule('Metrics SDK, "Meter Creation"', 'an empty name gives a working meter, which keeps it', async (provided) => {
  provided.provider.getMeter('').createCounter('x').add(1);
  assert.deepEqual(await collected(provided), { 'x{}': 1 });
  assert.equal((await provided.collect())[0]?.scope.name, '');
});

for (const name of ['', null, undefined]) {
  rule(
    'Metrics SDK, "Meter Creation"',
    `the invalid name ${JSON.stringify(name)} is told of, and the meter works`,
    async (provided) => {
      const lines = await told(() =>
        provided.provider
          .getMeter(name as string)
          .createCounter('x')
          .add(1),
      );
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.deepEqual(await collected(provided), { 'x{}': 1 });
    },
    { sdkDiffers: 'sdk-metrics 3.1 says nothing' },
  );
}

rule('Metrics SDK, "Shutdown"', 'a meter asked for afterwards is a no-op', async (provided) => {
  await provided.shutdown();
  await told(() => {
    const meter = provided.provider.getMeter('late');
    meter.createCounter('x').add(1);
    meter.createHistogram('y').record(1);
    meter.createObservableGauge('z').addCallback((result) => result.observe(1));
    meter.addBatchObservableCallback(() => {}, []);
  });
});

rule(
  'Metrics SDK, "Shutdown"',
  'what was made before it does not fail, and its callbacks are not called any more',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const counter = meter.createCounter('x');
    let calls = 0;
    const gauge = meter.createObservableGauge('y');
    gauge.addCallback(() => {
      calls += 1;
    });
    await provided.shutdown();
    counter.add(2);
    meter.createCounter('z').add(4);
    await told(async () => void (await provided.collect().catch(() => [])));
    assert.equal(calls, 0);
  },
);

rule(
  'Metrics API, "Instrument"',
  'after a shutdown a measurement is nothing, whichever way it comes',
  async (provided) => {
    const meter = provided.provider.getMeter('m');
    const counter = meter.createCounter('x');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1] } });
    counter.add(1, { known: 'yes' });
    histogram.record(0.5);
    const before = await collected(provided);
    await provided.shutdown();
    counter.add(2, { known: 'yes' });
    counter.add(4, { known: 'no' });
    histogram.record(0.5);
    meter.createCounter('x').add(8, { known: 'yes' });
    meter.createCounter('late').add(16);
    meter.createObservableGauge('late.too').addCallback((result) => result.observe(32));
    assert.deepEqual(before, { 'x{known="yes"}': 1, 'h{}': { count: 1, bounds: [1] } });
    assert.deepEqual(await collected(provided), before);
  },
  { sdkDiffers: 'sdk-metrics 3.1 goes on recording' },
);
