/** solti 0.0.8 as its crate's source registers it: families, types, labels and bounds are typed from there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versions } from '../../../instrumentation/solti/index.ts';
import { type Contract, lint, type Metric } from '../../../src/index.ts';
import { diffContracts } from '../../../src/tools/check/diff/diff-contracts.ts';

const families: Readonly<Record<string, string>> = {
  solti_runner_errors_total: 'counter runner error',
  solti_taskvisor_attempts_in_flight: 'gauge',
  solti_taskvisor_task_restarts_total: 'counter',
  solti_taskvisor_task_backoffs_total: 'counter source',
  solti_taskvisor_task_backoff_duration_seconds: 'histogram 0.01 0.05 0.1 0.5 1 5 10 30 60 120 300 600 1800 3600',
  solti_taskvisor_task_final_outcomes_total: 'counter outcome',
  solti_taskvisor_attempt_timeouts_total: 'counter',
  solti_taskvisor_subscriber_overflows_total: 'counter',
  solti_taskvisor_subscriber_panics_total: 'counter',
  solti_taskvisor_runtime_failures_total: 'counter',
  solti_taskvisor_ownership_retirements_total: 'counter',
  solti_taskvisor_ownership_retired_units_total: 'counter',
  solti_taskvisor_controller_submitted_events_total: 'counter',
  solti_taskvisor_controller_rejections_total: 'counter reason',
  solti_core_tasks_by_phase: 'gauge phase',
  solti_api_requests_total: 'counter transport method path status',
  solti_api_request_duration_seconds: 'histogram transport method path 0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10',
  solti_api_in_flight_requests: 'gauge transport',
  solti_discover_attempts_total: 'counter',
  solti_discover_outcomes_total: 'counter outcome',
  solti_discover_duration_seconds: 'histogram outcome 0.005 0.01 0.05 0.1 0.5 1 5 10 30 60',
  solti_discover_failures_total: 'counter reason',
  solti_discover_last_success_timestamp_seconds: 'gauge',
  solti_discover_holds_total: 'counter',
  solti_discover_hold_duration_seconds: 'histogram 1 5 15 30 60 300 900 1800 3600',
  solti_build_info: 'info version',
};

const said = ({ kind, labels, bounds }: Metric) => [kind, ...Object.keys(labels), ...bounds].join(' ');
const byName = ({ metrics }: Contract) => new Map(Object.values(metrics).map((metric) => [metric.series, metric]));

test('0.0.8 has the families of its crate', async () => {
  const next = await versions['0.0.8']();
  assert.deepEqual(Object.fromEntries([...byName(next)].map(([series, metric]) => [series, said(metric)])), families);
  assert.deepEqual(lint(next), []);
});

test('its supervision and its controller have other names than those of 0.0.2, and its runners only errors', async () => {
  const [old, next] = await Promise.all([versions['0.0.2'](), versions['0.0.8']()]);
  const { changes } = diffContracts(old, next);
  const gone = changes.flatMap(({ id, series }) => (id.endsWith('/metric-removed') ? [series] : []));
  assert.deepEqual(
    gone.filter((series) => !/^solti_(sv|ctrl)_/.test(series)),
    ['solti_runner_tasks_started_total', 'solti_runner_tasks_completed_total', 'solti_runner_task_duration_seconds'],
  );
  assert.deepEqual(
    [...byName(old).keys()].filter((series) => /^solti_(sv|ctrl)_/.test(series) && !gone.includes(series)),
    [],
  );
});
