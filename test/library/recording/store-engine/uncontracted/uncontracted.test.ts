/** Instruments that no contract names: attributes, limits, values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attributes, metrics as api, type Meter, ValueType } from '@opentelemetry/api';
import { sdkEngine } from '../../../../../src/sdk.ts';
import { testBridge } from '../../../../../src/testing.ts';
import { scraped, scrapedOf } from '../../scraped.ts';
import { declared, open, pushed, warnings } from '../library-meter.ts';

test('of sets that differ only in types, the first gives the attributes; no order tells sets apart', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits');
  const sets: Attributes[] = [
    { a: '1' },
    { a: 1 },
    { a: true },
    { a: 'true' },
    { a: 1.5 },
    { a: ['1', '2'] },
    { a: [1, 2] },
    { a: '["1","2"]' },
    {},
  ];
  for (const round of [1, 2, 3]) for (const set of sets) hits.add(round, { ...set });
  for (const set of [
    { x: 1, y: 2 },
    { y: 2, x: 1 },
    { x: 1, y: 2 },
    { y: 2, x: 1 },
  ])
    hits.add(1, set);
  const [data] = await pushed(bridge, 'lib.hits');
  const points = new Map(data?.dataPoints.map(({ attributes, value }) => [JSON.stringify(attributes), value]));
  const expected = new Map<string, number>([
    ['{"a":"1"}', 12],
    ['{"a":true}', 12],
    ['{"a":1.5}', 6],
    ['{"a":["1","2"]}', 12],
    ['{"a":[1,2]}', 6],
    ['{}', 6],
    ['{"x":1,"y":2}', 4],
  ]);
  assert.deepEqual(points, expected);
});

test('the attributes that a caller passes are not kept', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits');
  const list = ['a'];
  const attributes: Attributes = { list, route: '/' };
  hits.add(1, attributes);
  list.push('b');
  hits.add(2, attributes);
  attributes.route = '/x';
  hits.add(4, attributes);
  const [data] = await pushed(bridge, 'lib.hits');
  assert.deepEqual(
    data?.dataPoints.map(({ attributes, value }) => [attributes, value]),
    [
      [{ list: ['a'], route: '/' }, 1],
      [{ list: ['a', 'b'], route: '/' }, 2],
      [{ list: ['a', 'b'], route: '/x' }, 4],
    ],
  );
});

test('2,000 sets of attributes, then otel.metric.overflow; sets that are known go on', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits');
  for (const round of [1, 2]) for (let at = 0; at < 2_010; at++) hits.add(round, { at });
  const lines = await scrapedOf(bridge, 'lib_hits');
  assert.equal(Object.keys(lines).length, 2_001);
  assert.equal(lines['lib_hits_total{otel_metric_overflow="true"}'], 30);
  assert.equal(lines['lib_hits_total{at="1999"}'], 3);
  assert.equal(lines['lib_hits_total{at="2000"}'], undefined);
  assert.equal(warnings.length, 1, warnings.join('\n'));
  assert.match(warnings[0] ?? '', /lib\.hits: more than 2000 sets of attributes/);
});

test('the overflow is counted; however a known set is said, it goes on', async () => {
  const { bridge } = testBridge(declared, { selfMetrics: true });
  const hits = bridge.meterProvider.getMeter('lib').createCounter('lib.hits');
  class Request {
    at = 0;
    to = 'x';
  }
  for (let at = 0; at < 2_000; at++) hits.add(1, { at, to: 'x\ufffd', long: 'y'.repeat(300) });
  for (let at = 2_000; at < 2_100; at++) hits.add(1, { at, to: 'x\ufffd' });
  const known: object[] = [
    { long: 'y'.repeat(300), to: 'x\ufffd', at: 0 },
    { at: -0, to: 'x\ud800', long: 'y'.repeat(300) },
    { at: 0, to: 'x\ufffd', long: 'y'.repeat(300), none: undefined, no: null, fn() {}, odd: {} },
    Object.assign(new Request(), { to: 'x\ufffd', long: 'y'.repeat(300) }),
    Object.assign(Object.create({ inherited: 1 }), { at: 0, to: 'x\ufffd', long: 'y'.repeat(300) }),
  ];
  for (const set of known) hits.add(1, set as Attributes);
  hits.add(1, new Request() as never);
  const lines = await scraped(bridge);
  assert.equal(lines.get('meterbridge_measurements_folded_total{reason="overflow"}'), 101);
  assert.equal(lines.get('lib_hits_total{otel_metric_overflow="true"}'), 101);
  const first = [...lines].find(([line]) => line.includes('at="0"'));
  assert.equal(first?.[1], 1 + known.length);
});

test("an observable's excess adds up under otel.metric.overflow", async () => {
  const { bridge, meter } = open();
  meter.createObservableGauge('lib.size').addCallback((result) => {
    for (let at = 0; at < 2_003; at++) result.observe(2, { at });
  });
  for (const round of [1, 2]) {
    const lines = await scrapedOf(bridge, 'lib_size');
    assert.equal(Object.keys(lines).length, 2_001, `round ${round}`);
    assert.equal(lines['lib_size{otel_metric_overflow="true"}'], 6);
  }
});

test('default buckets, advised buckets, and nonsense', async () => {
  const { bridge, meter } = open();
  meter.createHistogram('lib.default').record(7);
  meter.createHistogram('lib.advised', { advice: { explicitBucketBoundaries: [1, 10] } }).record(7);
  meter.createHistogram('lib.single', { advice: { explicitBucketBoundaries: [] } }).record(7);
  meter.createHistogram('lib.nonsense', { advice: { explicitBucketBoundaries: ['x'] as never } }).record(7);
  const boundaries = async (name: string) =>
    (await pushed(bridge, name))[0]?.dataPoints.map(({ value }) => (value as { buckets: object }).buckets);
  const specified = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];
  const defaults = [{ boundaries: specified, counts: specified.concat(0).map((_, at) => (at === 2 ? 1 : 0)) }];
  assert.deepEqual(await boundaries('lib.default'), defaults);
  assert.deepEqual(await boundaries('lib.advised'), [{ boundaries: [1, 10], counts: [0, 1, 0] }]);
  assert.deepEqual(await boundaries('lib.single'), [{ boundaries: [], counts: [1] }]);
  assert.deepEqual(await boundaries('lib.nonsense'), defaults);
  assert.match(warnings.join(), /lib\.nonsense: advice/);
});

for (const engine of [undefined, sdkEngine()]) {
  test(`a histogram is pushed with its least and largest value, as the SDK's is: ${engine?.name ?? 'store'}`, async () => {
    const { bridge } = testBridge(declared, engine === undefined ? {} : { engine });
    const waits = bridge.meterProvider.getMeter('lib').createHistogram('lib.wait');
    for (const value of [7, 0.5, 3]) waits.record(value, { a: 1 });
    waits.record(12);
    await bridge.refresh();
    const [data] = await pushed(bridge, 'lib.wait');
    const extremes = data?.dataPoints.map(({ value }) => [(value as { min?: number }).min, (value as { max?: number }).max]);
    assert.deepEqual(extremes, [
      [0.5, 7],
      [12, 12],
    ]);
  });
}

const refused: readonly [name: string, call: (meter: Meter) => void][] = [
  ['a negative number added to a counter', (meter) => meter.createCounter('lib.odd').add(-1)],
  ['NaN added', (meter) => meter.createCounter('lib.odd').add(Number.NaN)],
  ['infinity added', (meter) => meter.createUpDownCounter('lib.odd').add(Number.POSITIVE_INFINITY)],
  ['text recorded', (meter) => meter.createGauge('lib.odd').record('1' as never)],
  ['a negative number recorded by a histogram', (meter) => meter.createHistogram('lib.odd').record(-0.5)],
];
for (const [name, call] of refused) {
  test(`rejected, and logged once: ${name}`, async () => {
    const { bridge, meter } = open();
    call(meter);
    call(meter);
    assert.deepEqual(await scrapedOf(bridge, 'lib_odd'), {});
    assert.equal(warnings.length, 1, warnings.join('\n'));
    assert.match(warnings[0] ?? '', /^lib\.odd: a measurement was rejected/);
  });
}

test('ValueType.INT ignores fractional digits', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits', { valueType: ValueType.INT });
  for (const value of [1, 2.9, 3.5]) hits.add(value);
  assert.deepEqual(await scrapedOf(bridge, 'lib_hits'), { lib_hits_total: 6 });
  assert.equal(warnings.length, 1);
});

test('nothing that is passed makes a call throw', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits');
  const odd = [
    null,
    7,
    'x',
    () => {},
    Symbol('x'),
    [1],
    { a: () => {} },
    { a: { b: 1 } },
    { a: Symbol('x') },
    { a: null },
    { a: undefined },
    { a: 1n },
  ];
  const throwing = {
    get a(): string {
      throw new Error('a getter of the caller');
    },
  };
  for (const round of [1, 2])
    for (const attributes of [...odd, throwing]) assert.doesNotThrow(() => hits.add(round, attributes as never));
  for (const name of [undefined, null, '', '1st', 'ünï', 'x'.repeat(256), 7])
    meter.createCounter(name as never, null as never).add(1);
  assert.ok([...(await scraped(bridge)).keys()].some((series) => series.startsWith('lib_hits_total')));
});

test('after close: meters that do nothing, and nothing throws (Metrics SDK, "Shutdown")', async () => {
  const { bridge, meter } = open();
  const hits = meter.createCounter('lib.hits');
  await bridge.close();
  hits.add(1);
  const late = bridge.meterProvider.getMeter('late');
  late.createCounter('late.hits').add(1);
  late.createObservableGauge('late.size').addCallback(() => {});
  assert.match(warnings.join(), /shutdown MeterProvider/);
});

test('registered globally, it records what libraries measure', async () => {
  const { bridge } = open();
  try {
    assert.equal(api.setGlobalMeterProvider(bridge.meterProvider), true);
    api.getMeter('library').createCounter('library.calls').add(2);
    api.getMeter('p').createCounter('p.runs').add(1);
  } finally {
    api.disable();
  }
  assert.deepEqual(await scrapedOf(bridge, 'library_'), { library_calls_total: 2 });
  assert.deepEqual(await scrapedOf(bridge, 'p_'), { p_runs_total: 1 });
});

/**
 * What `@opentelemetry/instrumentation-http` does to its meter: two histograms with advice, attributes of several types,
 * `updateMetricInstruments` twice.
 */
function likeHttpInstrumentation(meter: Meter): void {
  const advice = { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };
  for (const round of [0, 1]) {
    const server = meter.createHistogram('http.server.request.duration', {
      description: 'Duration of HTTP server requests.',
      unit: 's',
      valueType: ValueType.DOUBLE,
      advice,
    });
    const old = meter.createHistogram('http.client.duration', {
      description: 'Measures the duration of outbound HTTP requests.',
      unit: 'ms',
    });
    for (const [at, route] of ['/', '/users/:id'].entries()) {
      server.record(0.004 * (at + round + 1), {
        'http.request.method': 'GET',
        'url.scheme': 'http',
        'http.response.status_code': 200 + at,
        'network.protocol.version': '1.1',
        'http.route': route,
      });
      old.record(3.25, { 'http.method': 'GET', 'net.peer.port': 80, 'http.status_code': 200 });
    }
  }
}

test('the usage of an HTTP instrumentation gives the same series as on the SDK', async () => {
  const seen = [];
  for (const engine of [undefined, sdkEngine()]) {
    const { bridge } = testBridge(declared, engine === undefined ? {} : { engine });
    likeHttpInstrumentation(bridge.meterProvider.getMeter('@opentelemetry/instrumentation-http', '0.2'));
    seen.push(Object.entries(await scrapedOf(bridge, 'http_')).sort());
    await bridge.close();
  }
  assert.equal(seen[0]?.length, 2 * (15 + 2) + (16 + 2));
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(warnings, []);
});
