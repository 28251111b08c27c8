/** Nothing that two contracts' JSON shows may differ unreported. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ContractJson, difference, fromJson, type MetricJson, toJson } from '../../../../src/core/contract/index.ts';
import { diffContracts } from '../../../../src/tools/check/diff/diff-contracts.ts';
import { arbitraryContract } from '../../../core/contract/arbitrary-contract.ts';

test('property: a contract and itself have no change, and each series a mapping to itself', () => {
  fc.assert(
    fc.property(arbitraryContract, (made) => {
      const { changes, mappings } = diffContracts(made, fromJson(toJson(made)));
      assert.deepEqual(changes, []);
      for (const [series, { to, factor, labels, values }] of mappings) {
        assert.equal(to?.series, series);
        assert.equal(factor, 1);
        assert.deepEqual([...labels.keys()], [...labels.values()]);
        assert.equal(values.size, 0);
      }
    }),
    { numRuns: 60 },
  );
});

test('property: two contracts have a change exactly if their JSON differs, and each change an id of its own', () => {
  fc.assert(
    fc.property(arbitraryContract, arbitraryContract, (old, next) => {
      const { changes } = diffContracts(old, next);
      assert.equal(changes.length > 0, difference(old, next) !== undefined);
      assert.equal(new Set(changes.map(({ id }) => id)).size, changes.length);
      assert.deepEqual(diffContracts(old, next).changes, changes);
    }),
    { numRuns: 200 },
  );
});

const full: MetricJson = {
  kind: 'histogram',
  observed: false,
  instrument: 'app.wait',
  series: 'app_wait_seconds',
  unit: 's',
  help: 'Time waited.',
  labels: {
    status: { kind: 'closed', values: ['ok', 'failed'] },
    route: { kind: 'capped', limit: 100, other: 'other', maxBytes: 256 },
    task: { kind: 'identity', limit: 100, other: 'other', maxBytes: 256 },
  },
  bounds: [0.1, 1],
  exponential: { maxSize: 160, maxScale: 20 },
  minMax: false,
  zeroFilled: false,
  omitEmpty: false,
  exemplars: false,
  unknownStart: false,
  constantLabels: { zone: 'a' },
  stability: 'stable',
};
const level: MetricJson = {
  ...{ kind: 'gauge', observed: true, instrument: 'app.queue', series: 'app_queue', unit: '', help: 'Queued.', labels: {} },
  ...{
    zeroFilled: false,
    omitEmpty: false,
    exemplars: false,
    unknownStart: false,
    across: 'sum',
    constantLabels: {},
    stability: 'stable',
  },
};
const total: MetricJson = {
  ...{ kind: 'counter', observed: true, instrument: 'app.runs', series: 'app_runs_total', unit: '', help: 'Runs.', labels: {} },
  ...{ zeroFilled: false, omitEmpty: false, exemplars: false, unknownStart: false, constantLabels: {}, stability: 'stable' },
};
const old: ContractJson = {
  name: 'app',
  defaultFormat: 'text',
  maxAgeMs: 60_000,
  accepts: {},
  metrics: { wait: full, queue: level, runs: total },
};

type Mutation = readonly [what: string, changed: ContractJson, ids: readonly string[]];

function of(key: 'wait' | 'queue' | 'runs', part: Partial<MetricJson>): ContractJson {
  return { ...old, metrics: { ...old.metrics, [key]: { ...old.metrics[key], ...part } as MetricJson } };
}
function ofLabel(name: 'status' | 'route' | 'task', part: object): ContractJson {
  return of('wait', { labels: { ...full.labels, [name]: { ...full.labels[name], ...part } as never } });
}
const wait = (...ids: readonly string[]) => ids.map((id) => `app_wait_seconds/${id}`);

const mutations: readonly Mutation[] = [
  ['defaultFormat', { ...old, defaultFormat: 'openmetrics' }, ['contract/default-format-changed']],
  ['maxAgeMs', { ...old, maxAgeMs: 30_000 }, ['contract/max-age-lowered']],
  ['maxAgeMs without limit', { ...old, maxAgeMs: null }, ['contract/max-age-raised']],
  ['name', { ...old, name: 'shop' }, ['contract/contract-renamed']],
  ['accepts', { ...old, accepts: { app_queue: ['total-suffix'] } }, ['contract/accepts-changed/app_queue']],
  ['order', { ...old, metrics: { queue: level, wait: full, runs: total } }, ['contract/metric-order']],
  ['a metric less', { ...old, metrics: { wait: full, queue: level } }, ['app_runs_total/metric-removed']],
  ['a key', { ...old, metrics: { wait: full, queue: level, starts: total } }, ['app_runs_total/key-renamed']],
  [
    'instrument and series',
    of('runs', { instrument: 'app.starts', series: 'app_starts_total' }),
    ['app_runs_total/series-renamed', 'app_runs_total/instrument-renamed'],
  ],
  ['verbatim', of('wait', { verbatim: true }), wait('verbatim-changed')],
  ['kind', of('queue', { kind: 'updowncounter' }), ['app_queue/level-to-level']],
  ['observed', of('queue', { observed: false }), ['app_queue/observed-to-recorded']],
  ['unit', of('queue', { unit: '{job}' }), ['app_queue/unit-respelled']],
  ['help', of('queue', { help: 'Jobs.' }), ['app_queue/help-changed']],
  ['a label more', of('queue', { labels: { zone: { kind: 'closed', values: ['a'] } } }), ['app_queue/label-added/zone']],
  [
    'a label less',
    of('wait', { labels: { status: full.labels.status, route: full.labels.route } as never }),
    wait('label-removed/task'),
  ],
  [
    'labels in another order',
    of('wait', { labels: { route: full.labels.route, status: full.labels.status, task: full.labels.task } as never }),
    wait('label-order'),
  ],
  ['a value more', ofLabel('status', { values: ['ok', 'failed', 'late'] }), wait('value-added/status=late')],
  ['a value less', ofLabel('status', { values: ['ok'] }), wait('value-removed/status=failed')],
  ['values in another order', ofLabel('status', { values: ['failed', 'ok'] }), wait('value-order/status')],
  ['limit lowered', ofLabel('route', { limit: 50 }), wait('limit-lowered/route')],
  ['limit raised', ofLabel('task', { limit: 500 }), wait('limit-raised/task')],
  ['other', ofLabel('route', { other: 'rest' }), wait('other-renamed/route')],
  ['maxBytes lowered', ofLabel('route', { maxBytes: 64 }), wait('max-bytes-lowered/route')],
  ['maxBytes raised', ofLabel('route', { maxBytes: 512 }), wait('max-bytes-raised/route')],
  ['optional', ofLabel('route', { optional: true }), wait('label-optional/route')],
  ['capped to identity', ofLabel('route', { kind: 'identity' }), wait('label-identified/route')],
  ['identity to capped', ofLabel('task', { kind: 'capped' }), wait('label-capped/task')],
  ['a bound less', of('wait', { bounds: [1] }), wait('bound-removed/0.1')],
  ['a bound more', of('wait', { bounds: [0.1, 0.5, 1] }), wait('bound-added/0.5')],
  ['maxSize', of('wait', { exponential: { maxSize: 80, maxScale: 20 } }), wait('resolution-lowered/maxSize')],
  ['maxScale', of('wait', { exponential: { maxSize: 160, maxScale: 19 } }), wait('resolution-lowered/maxScale')],
  ['minMax', of('wait', { minMax: true }), wait('min-max-changed')],
  ['zeroFilled', of('queue', { zeroFilled: true }), ['app_queue/zero-fill-of-levels']],
  ['zeroFilled of a total', of('runs', { zeroFilled: true }), ['app_runs_total/zero-fill-begun']],
  ['omitEmpty', of('queue', { omitEmpty: true }), ['app_queue/metadata-omitted']],
  ['exemplars', of('wait', { exemplars: true }), wait('exemplars-begun')],
  ['unknownStart', of('runs', { unknownStart: true }), ['app_runs_total/start-unknown']],
  ['across', of('queue', { across: 'max' }), ['app_queue/across-changed']],
  ['across omit', of('queue', { across: 'omit' }), ['app_queue/across-omitted']],
  ['a constant label less', of('wait', { constantLabels: {} }), wait('label-removed/zone')],
  ['a constant label more', of('queue', { constantLabels: { zone: 'a' } }), ['app_queue/label-added/zone']],
  ['another constant', of('wait', { constantLabels: { zone: 'b' } }), wait('value-renamed/zone=a')],
  [
    'a constant that the program decides now',
    of('wait', { constantLabels: { zone: { kind: 'parameter' } } }),
    wait('label-opened/zone'),
  ],
  ['deprecated', of('queue', { deprecated: 'Use app_jobs.' }), ['app_queue/deprecation-changed']],
  ['stability', of('queue', { stability: 'development' }), ['app_queue/stability-changed']],
];
for (const [what, changed, ids] of mutations) {
  test(`exactly what differs is reported: ${what}`, () => {
    const { changes } = diffContracts(fromJson(old), fromJson(changed));
    assert.deepEqual(
      changes.map(({ id }) => id),
      ids,
    );
  });
}

test('exponential buckets, text buckets and bounds that come or go', () => {
  const { exponential: _, ...classic } = full;
  const { bounds: __, ...native } = full;
  const text = { ...native, exponential: { maxSize: 160, maxScale: 20, textBuckets: 20 } };
  const ids = (a: MetricJson, b: MetricJson) =>
    diffContracts(...([a, b].map((wait) => fromJson({ ...old, metrics: { wait } })) as [never, never])).changes.map(
      ({ id }) => id,
    );
  assert.deepEqual(ids(full, classic), wait('exponential-removed'));
  assert.deepEqual(ids(classic, full), wait('exponential-added'));
  assert.deepEqual(ids(full, native), wait('buckets-removed'));
  assert.deepEqual(ids(native, full), wait('buckets-added'));
  assert.deepEqual(ids(native, text), wait('text-buckets-added'));
  assert.deepEqual(ids(text, native), wait('text-buckets-removed'));
});

test('counters of a summary in text', () => {
  const pause: MetricJson = { ...total, kind: 'summary', observed: false, instrument: 'app.pause', series: 'app_pause' };
  const of = (metric: MetricJson) => fromJson({ ...old, metrics: { pause: metric } });
  const ids = (a: MetricJson, b: MetricJson) => diffContracts(of(a), of(b)).changes.map(({ id }) => id);
  const counted = (sum: string): MetricJson => ({ ...pause, counters: { sum, count: 'Pauses.' } });
  for (const [a, b] of [
    [pause, counted('Sum.')],
    [counted('Sum.'), pause],
    [counted('Sum.'), counted('All.')],
  ] as const)
    assert.deepEqual(ids(a, b), ['app_pause/text-counters-changed']);
});
