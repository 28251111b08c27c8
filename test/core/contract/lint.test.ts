import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContractOptions,
  contract,
  counter,
  type Declarations,
  fromJson,
  gauge,
  histogram,
  lint,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';

const help = 'Something.';

function ids(metrics: Declarations, options?: ContractOptions): readonly string[] {
  return lint(contract('rm', metrics, options)).map(({ id, series }) => `${id} ${series}`);
}

const cases: readonly (readonly [string, Declarations, readonly string[]])[] = [
  ['a counter', { jobs: counter({ help }) }, []],
  ['a histogram in seconds', { jobDuration: histogram({ help, unit: 's' }) }, []],
  ['a gauge in bytes', { repoSize: gauge({ help, unit: 'By' }) }, []],
  // promtool is silent about runwisp_daemon_memory_total_bytes
  ['total inside a name', { memoryTotal: gauge({ help, unit: 'By' }) }, []],
  ['a gauge with _total', { hostsTotal: gauge({ help }) }, ['total-suffix rm_hosts_total']],
  ['an up-down counter with _total', { hostsTotal: upDownCounter({ help }) }, ['total-suffix rm_hosts_total']],
  ['a gauge with _count', { snapshotCount: gauge({ help }) }, ['count-suffix rm_snapshot_count']],
  ['a gauge with _sum', { costSum: gauge({ help }) }, ['sum-suffix rm_cost_sum']],
  ['a gauge with _bucket', { leakyBucket: gauge({ help }) }, ['bucket-suffix rm_leaky_bucket']],
  ['a gauge with _created', { lastCreated: gauge({ help }) }, ['created-suffix rm_last_created']],
  ['an abbreviated unit', { durationMs: summary({ help }) }, ['abbreviated-unit rm_duration_ms']],
  ['milliseconds', { duration: gauge({ help, unit: 'ms' }) }, ['non-base-unit rm_duration_milliseconds']],
  ['kibibytes', { size: gauge({ help, unit: 'KiBy' }) }, ['non-base-unit rm_size_kibibytes']],
  ['the type in a name', { jobsGauge: gauge({ help }) }, ['type-in-name rm_jobs_gauge']],
  ['a base unit with a prefix', { loadMillivolts: gauge({ help }) }, ['non-base-unit rm_load_millivolts']],
  ['unit 1', { assignments: gauge({ help, unit: '1' }) }, ['ratio-unit rm_assignments_ratio']],
  ['unit 1 of a ratio', { hitRatio: gauge({ help, unit: '1' }) }, []],
];
for (const [what, metrics, expected] of cases) {
  test(`${what}: ${expected.join() || 'nothing'}`, () => assert.deepEqual(ids(metrics), expected));
}

test('a counter without _total, which only a file can hold', () => {
  const foreign = fromJson({ name: 'f', metrics: { a: { kind: 'counter', series: 'f_jobs', help } } });
  assert.deepEqual(
    lint(foreign).map(({ id }) => id),
    ['counter-without-total'],
  );
});

test('an accepted finding is silent', () => {
  assert.deepEqual(ids({ hostsTotal: gauge({ help }) }, { accepts: { rm_hosts_total: ['total-suffix'] } }), []);
});

test('acceptance is by series', () => {
  const metrics = { hostsTotal: gauge({ help }), rowsTotal: gauge({ help }) };
  assert.deepEqual(ids(metrics, { accepts: { rm_hosts_total: ['total-suffix'] } }), ['total-suffix rm_rows_total']);
});

test('an accepted finding that does not occur is a finding', () => {
  const found = lint(contract('rm', { hosts: gauge({ help }) }, { accepts: { rm_hosts: ['total-suffix'] } }));
  assert.deepEqual(
    found.map(({ id, at }) => [id, at]),
    [['accepted-without-cause', 'rm.accepts.rm_hosts']],
  );
});

test('a finding says where, what and what to do', () => {
  assert.deepEqual(lint(contract('rm', { hostsTotal: gauge({ help }) })), [
    {
      id: 'total-suffix',
      series: 'rm_hosts_total',
      at: 'rm.metrics.hostsTotal',
      message: 'rm_hosts_total is a gauge, but ends in _total',
      fix: 'choose a name without _total',
    },
  ]);
});
