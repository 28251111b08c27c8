/** Expected texts are typed by the grammar of PromQL. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, identity, oneOf } from '../../../src/core/contract/index.ts';
import { buckets, labels, labelValue, legend, series } from '../../../src/tools/generate/index.ts';

const { metrics } = contract('app', {
  jobs: counter({ help: 'Jobs.', labels: { status: oneOf('ok', 'bad'), 'task.name': identity() } }),
  memory: gauge({ observed: true, unit: 'By', help: 'Memory.' }),
  wait: histogram({ unit: 's', help: 'Wait.', bounds: [1], labels: { kind: oneOf('new', 'old') } }),
});

const cases: readonly [what: string, text: string, expected: string][] = [
  ['a series', series(metrics.memory), 'app_memory_bytes'],
  ['a series by a label', series(metrics.jobs, { status: 'bad' }), 'app_jobs_total{status="bad"}'],
  ['an attribute by its label', series(metrics.jobs, { 'task.name': 'a' }), 'app_jobs_total{task_name="a"}'],
  [
    'a value that needs escaping',
    series(metrics.jobs, { 'task.name': 'a"b\\c\nd' }),
    'app_jobs_total{task_name="a\\"b\\\\c\\nd"}',
  ],
  ['two labels', series(metrics.jobs, { status: 'ok', 'task.name': 'a' }), 'app_jobs_total{status="ok",task_name="a"}'],
  ['buckets', buckets(metrics.wait), 'app_wait_seconds_bucket'],
  ['buckets by a label', buckets(metrics.wait, { kind: 'old' }), 'app_wait_seconds_bucket{kind="old"}'],
  ['labels of an aggregation', labels(metrics.wait, 'le', 'kind'), '(le, kind)'],
  ['a label of a legend', legend(metrics.jobs, 'task.name'), '{{task_name}}'],
  ['a label of an annotation', labelValue(metrics.jobs, 'task.name'), '{{ $labels.task_name }}'],
];

for (const [what, text, expected] of cases) test(what, () => assert.equal(text, expected));
