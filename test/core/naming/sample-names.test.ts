import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kind } from '../../../src/core/naming/kind.ts';
import { openMetricsFamily, sampleNames } from '../../../src/core/naming/sample-names.ts';

// OpenMetrics 1.0, "Suffixes": what each type may write.
const rows: readonly (readonly [series: string, kind: Kind, family: string, samples: readonly string[]])[] = [
  ['runwisp_runs_total', 'counter', 'runwisp_runs', ['runwisp_runs_total', 'runwisp_runs_created']],
  ['foreign_runs', 'counter', 'foreign_runs', ['foreign_runs']],
  ['rm_hosts_total', 'gauge', 'rm_hosts_total', ['rm_hosts_total']],
  ['active', 'updowncounter', 'active', ['active']],
  ['rm_build_info', 'info', 'rm_build_info', ['rm_build_info']],
  ['x', 'histogram', 'x', ['x_bucket', 'x_sum', 'x_count', 'x_created']],
  ['x', 'summary', 'x', ['x', 'x_sum', 'x_count', 'x_created']],
  ['x', 'unknown', 'x', ['x']],
  ['x', 'stateset', 'x', ['x']],
  ['x', 'gaugehistogram', 'x', ['x_bucket', 'x_gsum', 'x_gcount']],
];

for (const [series, kind, family, samples] of rows) {
  test(`${kind} ${series} is family ${family} and writes ${samples.join(', ')}`, () => {
    assert.equal(openMetricsFamily(series, kind), family);
    assert.deepEqual(sampleNames(series, kind), samples);
  });
}
