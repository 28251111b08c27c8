/** Views of instruments that no contract names, on both engines (Metrics SDK, "View"). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Meter } from '@opentelemetry/api';
import { contract, counter, type ViewOptions } from '../../../../src/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';
import { told } from './stock-sdk.ts';

const declared = contract('shop', { orders: counter({ help: 'Orders.' }) });

const engines = { store: {}, sdk: { engine: sdkEngine() } } as const;

/** What a page shows of the library `lib`, whose instruments are called `lib.…`. */
async function shown(engine: keyof typeof engines, views: readonly ViewOptions[], use: (meter: Meter) => void) {
  const { bridge, log } = testBridge(declared, { views, ...engines[engine] });
  use(bridge.meterProvider.getMeter('lib', '1.0'));
  // Twice: what is observed replaces what was, and what is recorded goes on.
  await scrapedOf(bridge, 'lib_');
  const page = await scrapedOf(bridge, 'lib_');
  const { resourceMetrics } = await bridge.producer.collect();
  await bridge.close();
  return { page, log, pushed: told(resourceMetrics.scopeMetrics.filter(({ scope }) => scope.name === 'lib')) };
}

interface Case {
  readonly views: readonly ViewOptions[];
  readonly use: (meter: Meter) => void;
  readonly page: Readonly<Record<string, number>>;
  readonly log?: readonly RegExp[];
  /** By meter and metric, in OTLP's words. */
  readonly pushed?: Readonly<Record<string, unknown>>;
}

const requests = (meter: Meter): void => {
  const counted = meter.createCounter('lib.requests');
  counted.add(1, { route: '/a', user: 1 });
  counted.add(2, { user: 2, route: '/a' });
  counted.add(4, { route: '/b', user: 1 });
};
const pools =
  (create: 'createObservableCounter' | 'createObservableUpDownCounter' | 'createObservableGauge') => (meter: Meter) => {
    const pool = meter[create]('lib.pool');
    pool.addCallback((result) => {
      result.observe(4, { pool: 'a', user: 1 });
      // The same set of attributes: the last one counts.
      result.observe(5, { user: 1, pool: 'a' });
      result.observe(7, { pool: 'a', user: 2 });
    });
    pool.addCallback((result) => result.observe(100, { pool: 'b', user: 1 }));
  };

const cases: Readonly<Record<string, Case>> = {
  'an attribute that is dropped: what differs in it alone adds up': {
    views: [{ instrumentName: 'lib.*', attributeKeys: { excluded: ['user'] } }],
    use: requests,
    page: { 'lib_requests_total{route="/a"}': 3, 'lib_requests_total{route="/b"}': 4 },
  },
  'attributes that are kept, and of these one that is dropped': {
    views: [{ meterName: 'lib', attributeKeys: { included: ['user', 'route'], excluded: ['route'] } }],
    use: requests,
    page: { 'lib_requests_total{user="1"}': 5, 'lib_requests_total{user="2"}': 2 },
  },
  'no attribute at all': {
    views: [{ meterName: 'lib', attributeKeys: { included: [] } }],
    use: requests,
    page: { lib_requests_total: 7 },
  },
  'sums of a callback add up, and a set that is observed twice counts once': {
    views: [{ instrumentType: 'OBSERVABLE_COUNTER', attributeKeys: { excluded: ['user'] } }],
    use: pools('createObservableCounter'),
    page: { 'lib_pool_total{pool="a"}': 12, 'lib_pool_total{pool="b"}': 100 },
  },
  'so do those of an up-down counter': {
    views: [{ instrumentName: 'lib.pool', attributeKeys: { included: ['pool'] } }],
    use: pools('createObservableUpDownCounter'),
    page: { 'lib_pool{pool="a"}': 12, 'lib_pool{pool="b"}': 100 },
  },
  'of a gauge the newest counts': {
    views: [{ instrumentName: 'lib.pool', attributeKeys: { included: ['pool'] } }],
    use: pools('createObservableGauge'),
    page: { 'lib_pool{pool="a"}': 7, 'lib_pool{pool="b"}': 100 },
  },
  'two views make two metrics': {
    views: [
      { instrumentName: 'lib.requests', attributeKeys: { excluded: ['user'] } },
      { instrumentName: 'lib.requests', name: 'lib.users', attributeKeys: { included: ['user'] } },
    ],
    use: requests,
    page: {
      'lib_requests_total{route="/a"}': 3,
      'lib_requests_total{route="/b"}': 4,
      'lib_users_total{user="1"}': 5,
      'lib_users_total{user="2"}': 2,
    },
  },
  'two views of an observable instrument; its callback runs once': {
    views: [
      { instrumentName: 'lib.pool', attributeKeys: { excluded: ['user'] } },
      { instrumentName: 'lib.pool', name: 'lib.last', aggregation: { type: 'LAST_VALUE' }, attributeKeys: { included: [] } },
    ],
    use: (meter) => {
      let runs = 0;
      meter.createObservableCounter('lib.pool').addCallback((result) => {
        runs += 1;
        result.observe(runs, { user: 1 });
        result.observe(10 * runs, { user: 2 });
      });
    },
    page: { lib_pool_total: 22, lib_last: 20 },
  },
  'two views that make a metric of one name: the first is applied': {
    views: [
      { instrumentName: 'lib.*', attributeKeys: { included: ['route'] } },
      { instrumentName: 'lib.requests', attributeKeys: { included: ['user'] } },
    ],
    use: requests,
    page: { 'lib_requests_total{route="/a"}': 3, 'lib_requests_total{route="/b"}': 4 },
    log: [/^lib\.requests: options\.views\[0\] and options\.views\[1\] make a metric called lib\.requests .*count twice\. Fix: /],
  },
  // Metrics SDK, "Duplicate instrument registration": both work; what tells them apart, or gives both one description, ends the
  // warning.
  'a view that gives one of two instruments of a name another one: no line is logged': {
    views: [{ instrumentName: 'lib.x', instrumentType: 'GAUGE', name: 'lib.y' }],
    use: (meter) => {
      meter.createCounter('lib.x').add(1);
      meter.createGauge('lib.x').record(2);
    },
    page: { lib_x_total: 1, lib_y: 2 },
    log: [],
  },
  'a view that gives one description to all: no line is logged': {
    views: [{ instrumentName: 'lib.x', description: 'By the view.' }],
    use: (meter) => {
      meter.createCounter('lib.x', { description: 'One.' }).add(1);
      meter.createCounter('lib.x', { description: 'Another one.' }).add(2);
    },
    page: { lib_x_total: 3 },
    pushed: { 'lib lib.x': { unit: '', description: 'By the view.', type: 'SUM', isMonotonic: true, points: { '[]': 3 } } },
    log: [],
  },
  'without such a view, the line has one': {
    views: [{ instrumentName: 'lib.other', description: 'By the view.' }],
    use: (meter) => {
      meter.createCounter('lib.x').add(1);
      meter.createGauge('lib.x', { unit: 's' }).record(2);
    },
    page: { lib_x_total: 1, lib_x_seconds: 2 },
    log: [
      /^lib\.x: an instrument .*by a view, e\.g\. \{"instrumentName":"lib\.x","instrumentType":"GAUGE","instrumentUnit":"s","name":"lib\.x\.other"\}\.$/,
    ],
  },
  'an attribute is dropped ahead of the limit': {
    views: [{ instrumentName: 'lib.requests', attributeKeys: { excluded: ['user'] }, aggregationCardinalityLimit: 2 }],
    use: requests,
    page: { 'lib_requests_total{route="/a"}': 3, 'lib_requests_total{route="/b"}': 4 },
    log: [],
  },
  'what is dropped is not there, even if another view selects it too by another name': {
    views: [
      { instrumentName: 'lib.*', aggregation: { type: 'DROP' } },
      { instrumentName: 'lib.requests', name: 'lib.all', attributeKeys: { included: [] } },
    ],
    use: (meter) => {
      requests(meter);
      meter.createCounter('lib.dropped').add(1);
      meter.createObservableGauge('lib.dropped.too').addCallback((result) => result.observe(1));
    },
    page: { lib_all_total: 7 },
  },
  'a sum of a histogram, and the last value of a counter': {
    views: [
      { instrumentType: 'HISTOGRAM', aggregation: { type: 'SUM' } },
      { meterName: 'lib', instrumentType: 'COUNTER', aggregation: { type: 'LAST_VALUE' }, attributeKeys: { included: [] } },
    ],
    use: (meter) => {
      requests(meter);
      const time = meter.createHistogram('lib.time', { unit: 's' });
      for (const value of [0.5, 2, -1]) time.record(value);
    },
    page: { lib_requests: 4, lib_time_seconds_total: 2.5 },
  },
  'boundaries, ahead of those that the instrument advises': {
    views: [{ instrumentName: 'lib.time', aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM', options: { boundaries: [1] } } }],
    use: (meter) => {
      const time = meter.createHistogram('lib.time', { advice: { explicitBucketBoundaries: [2, 3] } });
      for (const value of [0.5, 1, 1.5]) time.record(value);
    },
    page: { 'lib_time_bucket{le="1"}': 2, 'lib_time_bucket{le="+Inf"}': 3, lib_time_sum: 3, lib_time_count: 3 },
  },
  'buckets of a gauge, without a sum': {
    views: [{ instrumentName: 'lib.heat', aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM', options: { boundaries: [0] } } }],
    use: (meter) => {
      const heat = meter.createGauge('lib.heat');
      for (const value of [-3, 1, 2]) heat.record(value);
    },
    page: { 'lib_heat_bucket{le="0"}': 1, 'lib_heat_bucket{le="+Inf"}': 3, lib_heat_count: 3 },
    pushed: {
      'lib lib.heat': {
        unit: '',
        description: '',
        type: 'HISTOGRAM',
        points: { '[]': { count: 3, min: -3, max: 2, buckets: { boundaries: [0], counts: [1, 2] } } },
      },
    },
  },
  // Metrics data model, "ExponentialHistogram": at scale -2 bucket i goes from 16^i, exclusive, to 16^(i + 1). Four of them are
  // the fewest for 1 to 1,000.
  'exponential buckets, of the size and up to the scale of the view': {
    views: [
      {
        instrumentName: 'lib.time',
        description: 'By the view.',
        aggregation: { type: 'EXPONENTIAL_HISTOGRAM', options: { maxSize: 4, maxScale: 3, recordMinMax: false } },
      },
      { instrumentName: 'lib.count', aggregation: { type: 'EXPONENTIAL_HISTOGRAM', options: { maxScale: 0 } } },
    ],
    use: (meter) => {
      const time = meter.createHistogram('lib.time', { unit: 's', description: 'By the library.' });
      for (const value of [1, 2, 3, 1000]) time.record(value);
      meter.createCounter('lib.count').add(4);
    },
    page: {
      'lib_time_seconds_bucket{le="+Inf"}': 4,
      lib_time_seconds_count: 4,
      lib_time_seconds_sum: 1006,
      'lib_count_bucket{le="+Inf"}': 1,
      lib_count_count: 1,
      lib_count_sum: 4,
    },
    pushed: {
      'lib lib.time': {
        unit: 's',
        description: 'By the view.',
        type: 'EXPONENTIAL_HISTOGRAM',
        points: { '[]': { count: 4, sum: 1006, scale: -2, zeroCount: 0, positive: { offset: -1, bucketCounts: [1, 2, 0, 1] } } },
      },
      'lib lib.count': {
        unit: '',
        description: '',
        type: 'EXPONENTIAL_HISTOGRAM',
        points: {
          '[]': { count: 1, sum: 4, min: 4, max: 4, scale: 0, zeroCount: 0, positive: { offset: 1, bucketCounts: [1] } },
        },
      },
    },
  },
  'an observable instrument has no histogram: it is recorded as if there were no such view': {
    views: [{ instrumentName: 'lib.pool', aggregation: { type: 'EXPLICIT_BUCKET_HISTOGRAM' } }],
    use: pools('createObservableGauge'),
    page: { 'lib_pool{pool="a",user="1"}': 5, 'lib_pool{pool="a",user="2"}': 7, 'lib_pool{pool="b",user="1"}': 100 },
    log: [/^lib\.pool: options\.views\[0\] is not applied: an observable instrument has no histogram\. It is recorded as if/],
  },
  'criteria of another meter': {
    views: [
      { meterName: 'other', attributeKeys: { included: [] } },
      { meterName: 'lib', meterVersion: '2.0', attributeKeys: { included: [] } },
      { instrumentName: 'lib.*', meterSchemaUrl: 'https://example.com', attributeKeys: { included: [] } },
      { instrumentUnit: 's', meterName: 'lib', attributeKeys: { included: [] } },
      { instrumentType: 'GAUGE', attributeKeys: { included: [] } },
    ],
    use: (meter) => meter.createCounter('lib.requests').add(1, { user: 1 }),
    page: { 'lib_requests_total{user="1"}': 1 },
  },
  'a limit of sets of attributes': {
    views: [{ instrumentName: 'lib.requests', aggregationCardinalityLimit: 2 }],
    use: (meter) => {
      const counted = meter.createCounter('lib.requests');
      for (const user of [1, 2, 3, 4, 1]) counted.add(1, { user });
    },
    page: {
      'lib_requests_total{user="1"}': 2,
      'lib_requests_total{user="2"}': 1,
      'lib_requests_total{otel_metric_overflow="true"}': 2,
    },
  },
};

for (const [name, { views, use, page, log, pushed }] of Object.entries(cases)) {
  for (const engine of ['store', 'sdk'] as const) {
    test(`${name} (${engine})`, async () => {
      const got = await shown(engine, views, use);
      assert.deepEqual(got.page, page);
      if (pushed !== undefined) assert.deepEqual(got.pushed, pushed);
      if (log === undefined) return;
      assert.equal(got.log.length, log.length, got.log.join('\n'));
      for (const [at, line] of log.entries()) assert.match(got.log[at] ?? '', line);
    });
  }
}
