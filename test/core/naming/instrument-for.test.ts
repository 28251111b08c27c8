import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { familyName } from '../../../src/core/naming/family-name.ts';
import { instrumentFor } from '../../../src/core/naming/instrument-for.ts';
import { type Kind, kinds } from '../../../src/core/naming/kind.ts';
import { sampleNames } from '../../../src/core/naming/sample-names.ts';
import { type Strategy, strategies } from '../../../src/core/naming/strategy.ts';

// The five hosts' documents: series and kind. Instrument and unit by their rule: `_` → `.`, the unit's word and a counter's
// `_total` dropped.
const hosts: readonly (readonly [series: string, kind: Kind, name: string, unit: string])[] = [
  ['runwisp_runs_total', 'counter', 'runwisp.runs', ''],
  ['runwisp_runs_last_failure_timestamp_seconds', 'gauge', 'runwisp.runs.last.failure.timestamp', 's'],
  ['runwisp_task_active_runs', 'gauge', 'runwisp.task.active.runs', ''],
  ['runwisp_task_cpu_percent', 'gauge', 'runwisp.task.cpu', '%'],
  ['runwisp_task_memory_bytes', 'gauge', 'runwisp.task.memory', 'By'],
  ['runwisp_daemon_cpu_percent', 'gauge', 'runwisp.daemon.cpu', '%'],
  ['runwisp_daemon_memory_used_bytes', 'gauge', 'runwisp.daemon.memory.used', 'By'],
  ['runwisp_daemon_memory_total_bytes', 'gauge', 'runwisp.daemon.memory.total', 'By'],
  ['runwisp_daemon_uptime_seconds', 'gauge', 'runwisp.daemon.uptime', 's'],
  ['runwisp_build_info', 'info', 'runwisp.build.info', ''],
  ['wasmrun_agent_exec_total', 'counter', 'wasmrun.agent.exec', ''],
  ['wasmrun_agent_exec_duration_ms', 'summary', 'wasmrun.agent.exec.duration.ms', ''],
  ['wasmrun_agent_output_truncated_total', 'counter', 'wasmrun.agent.output.truncated', ''],
  ['wasmrun_agent_sessions_created_total', 'counter', 'wasmrun.agent.sessions.created', ''],
  ['wasmrun_agent_exec_rejected_total', 'counter', 'wasmrun.agent.exec.rejected', ''],
  ['wasmrun_agent_sessions_active', 'gauge', 'wasmrun.agent.sessions.active', ''],
  ['wasmrun_agent_sessions_total', 'gauge', 'wasmrun.agent.sessions.total', ''],
  ['wasmrun_agent_exec_in_flight', 'gauge', 'wasmrun.agent.exec.in.flight', ''],
  ['wasmrun_agent_sessions_disk_bytes', 'gauge', 'wasmrun.agent.sessions.disk', 'By'],
  ['wasmrun_agent_workers_live', 'gauge', 'wasmrun.agent.workers.live', ''],
  ['wasmrun_agent_requests_in_flight', 'gauge', 'wasmrun.agent.requests.in.flight', ''],
  ['crewshipd_uptime_seconds', 'gauge', 'crewshipd.uptime', 's'],
  ['crewshipd_goroutines', 'gauge', 'crewshipd.goroutines', ''],
  ['crewshipd_memory_alloc_bytes', 'gauge', 'crewshipd.memory.alloc', 'By'],
  ['crewshipd_memory_sys_bytes', 'gauge', 'crewshipd.memory.sys', 'By'],
  ['crewshipd_ws_connections', 'gauge', 'crewshipd.ws.connections', ''],
  ['crewshipd_gc_runs_total', 'counter', 'crewshipd.gc.runs', ''],
  ['crewshipd_credential_audit_dropped_total', 'counter', 'crewshipd.credential.audit.dropped', ''],
  ['crewshipd_assignments', 'gauge', 'crewshipd.assignments', ''],
  ['crewshipd_assignment_queue_depth', 'gauge', 'crewshipd.assignment.queue.depth', ''],
  ['crewshipd_assignment_queue_crews', 'gauge', 'crewshipd.assignment.queue.crews', ''],
  ['crewshipd_assignment_queue_depth_max', 'gauge', 'crewshipd.assignment.queue.depth.max', ''],
  ['crewshipd_pipeline_runs', 'gauge', 'crewshipd.pipeline.runs', ''],
  ['crewshipd_agent_run_events_total', 'counter', 'crewshipd.agent.run.events', ''],
  ['crewshipd_llm_calls_total', 'counter', 'crewshipd.llm.calls', ''],
  ['crewshipd_llm_cost_usd_total', 'counter', 'crewshipd.llm.cost.usd', ''],
  ['crewshipd_containers_tracked', 'gauge', 'crewshipd.containers.tracked', ''],
  ['crewshipd_containers_reporting', 'gauge', 'crewshipd.containers.reporting', ''],
  ['crewshipd_db_migration_version', 'gauge', 'crewshipd.db.migration.version', ''],
  ['rm_hosts_total', 'gauge', 'rm.hosts.total', ''],
  ['rm_hosts_online', 'gauge', 'rm.hosts.online', ''],
  ['rm_active_alerts', 'gauge', 'rm.active.alerts', ''],
  ['rm_build_info', 'info', 'rm.build.info', ''],
  ['rm_host_agent_online', 'gauge', 'rm.host.agent.online', ''],
  ['rm_host_last_backup_timestamp_seconds', 'gauge', 'rm.host.last.backup.timestamp', 's'],
  ['rm_host_last_backup_success', 'gauge', 'rm.host.last.backup.success', ''],
  ['rm_host_repo_size_bytes', 'gauge', 'rm.host.repo.size', 'By'],
  ['rm_host_snapshot_count', 'gauge', 'rm.host.snapshot.count', ''],
  ['rm_host_open_alerts', 'gauge', 'rm.host.open.alerts', ''],
  ['rm_host_repo_status', 'gauge', 'rm.host.repo.status', ''],
  ['rm_job_duration_seconds', 'histogram', 'rm.job.duration', 's'],
  ['solti_runner_tasks_started_total', 'counter', 'solti.runner.tasks.started', ''],
  ['solti_runner_tasks_completed_total', 'counter', 'solti.runner.tasks.completed', ''],
  ['solti_runner_task_duration_seconds', 'histogram', 'solti.runner.task.duration', 's'],
  ['solti_runner_errors_total', 'counter', 'solti.runner.errors', ''],
  ['solti_sv_tasks_in_flight', 'gauge', 'solti.sv.tasks.in.flight', ''],
  ['solti_sv_task_restarts_total', 'counter', 'solti.sv.task.restarts', ''],
  ['solti_sv_task_timeouts_total', 'counter', 'solti.sv.task.timeouts', ''],
  ['solti_sv_subscriber_overflow_total', 'counter', 'solti.sv.subscriber.overflow', ''],
  ['solti_sv_subscriber_panicked_total', 'counter', 'solti.sv.subscriber.panicked', ''],
  ['solti_sv_task_backoff_count_total', 'counter', 'solti.sv.task.backoff.count', ''],
  ['solti_sv_task_backoff_duration_seconds', 'histogram', 'solti.sv.task.backoff.duration', 's'],
  ['solti_sv_task_terminal_total', 'counter', 'solti.sv.task.terminal', ''],
  ['solti_sv_attempts_to_finalize', 'histogram', 'solti.sv.attempts.to.finalize', ''],
  ['solti_sv_tasks_by_phase', 'gauge', 'solti.sv.tasks.by.phase', ''],
  ['solti_ctrl_submissions_total', 'counter', 'solti.ctrl.submissions', ''],
  ['solti_ctrl_rejections_total', 'counter', 'solti.ctrl.rejections', ''],
  ['solti_api_requests_total', 'counter', 'solti.api.requests', ''],
  ['solti_api_request_duration_seconds', 'histogram', 'solti.api.request.duration', 's'],
  ['solti_api_in_flight_requests', 'gauge', 'solti.api.in.flight.requests', ''],
  ['solti_discover_attempts_total', 'counter', 'solti.discover.attempts', ''],
  ['solti_discover_outcomes_total', 'counter', 'solti.discover.outcomes', ''],
  ['solti_discover_duration_seconds', 'histogram', 'solti.discover.duration', 's'],
  ['solti_discover_failures_total', 'counter', 'solti.discover.failures', ''],
  ['solti_discover_last_success_timestamp_seconds', 'gauge', 'solti.discover.last.success.timestamp', 's'],
  ['solti_discover_holds_total', 'counter', 'solti.discover.holds', ''],
  ['solti_discover_hold_duration_seconds', 'histogram', 'solti.discover.hold.duration', 's'],
  ['solti_build_info', 'info', 'solti.build.info', ''],
];

for (const [series, kind, name, unit] of hosts) {
  test(`${kind} ${series} is declared as ${name} (${unit}) and comes back`, () => {
    assert.deepEqual(instrumentFor(series, kind), { name, unit });
    assert.equal(familyName({ name, unit, kind }), series);
    // hosts give counts an annotation, which says nothing
    if (unit === '') assert.equal(familyName({ name, unit: '{thing}', kind }), series);
  });
}

test("the hosts' documents name 79 series, one summary's two samples among them", () => {
  assert.equal(new Set(hosts.map(([series]) => series)).size, 78);
  const samples = sampleNames('wasmrun_agent_exec_duration_ms', 'summary');
  assert.ok(samples.includes('wasmrun_agent_exec_duration_ms_sum') && samples.includes('wasmrun_agent_exec_duration_ms_count'));
});

const others: readonly (readonly [
  series: string,
  kind: Kind,
  expected: readonly [name: string, unit: string] | undefined,
  Strategy?,
])[] = [
  ['net_bytes_per_second', 'gauge', ['net', 'By/s']],
  ['calls_per_second', 'gauge', ['calls', '/s']],
  ['cpu_seconds_total', 'counter', ['cpu', 's']],
  ['seconds', 'gauge', ['seconds', '']],
  ['seconds_of_seconds', 'gauge', ['seconds.of.seconds', '']],
  ['hit_ratio', 'gauge', ['hit.ratio', '']],
  ['fan_per_minute', 'gauge', ['fan.per.minute', '']],
  ['http_requests', 'counter', undefined],
  ['_total', 'counter', undefined],
  ['a_total_total', 'counter', undefined],
  ['a__b', 'gauge', undefined],
  ['_a', 'gauge', undefined],
  ['a_', 'gauge', undefined],
  ['_1', 'gauge', undefined],
  ['job:up:sum', 'gauge', undefined],
  ['runs_total', 'counter', ['runs.total', ''], 'UnderscoreEscapingWithoutSuffixes'],
  ['cpu_seconds_total', 'counter', ['cpu.seconds.total', 's'], 'UnderscoreEscapingWithoutSuffixes'],
  ['http_requests', 'counter', ['http.requests', ''], 'UnderscoreEscapingWithoutSuffixes'],
  ['a__b', 'gauge', ['a__b', ''], 'UnderscoreEscapingWithoutSuffixes'],
  ['cpu_seconds_total', 'counter', ['cpu', 's'], 'NoUTF8EscapingWithSuffixes'],
  ['memory_used_bytes', 'gauge', ['memory_used', 'By'], 'NoUTF8EscapingWithSuffixes'],
  ['subtotal_total', 'counter', ['subtotal_total', ''], 'NoUTF8EscapingWithSuffixes'],
  ['http_requests', 'counter', undefined, 'NoUTF8EscapingWithSuffixes'],
  ['cpu_seconds_total', 'counter', ['cpu_seconds_total', 's'], 'NoTranslation'],
];

for (const [series, kind, expected, strategy] of others) {
  test(`${strategy ?? 'default strategy'}: ${kind} ${series} is declared as ${expected?.[0] ?? 'nothing'}`, () => {
    assert.deepEqual(instrumentFor(series, kind, strategy), expected && { name: expected[0], unit: expected[1] });
  });
}

const token = fc.oneof(
  fc.constantFrom('total', 'ratio', 'seconds', 'bytes', 'per', 'second', 'percent', 'x', '9', ''),
  fc.stringMatching(/^[a-z0-9:]{1,3}$/),
);
const legalSeries = fc
  .array(token, { minLength: 1, maxLength: 6 })
  .map((tokens) => tokens.join('_').replace(/^(?![a-zA-Z_:])/, 'x'));

for (const strategy of strategies) {
  test(`${strategy}: what is declared for a series brings it out`, () => {
    fc.assert(
      fc.property(legalSeries, fc.constantFrom(...kinds), (series, kind) => {
        const declared = instrumentFor(series, kind, strategy);
        if (declared !== undefined) assert.equal(familyName({ ...declared, kind }, strategy), series);
      }),
    );
  });

  test(`${strategy}: every plain gauge has an instrument`, () => {
    const plain = fc.stringMatching(/^[a-z][a-z0-9]{0,4}(_[a-z0-9]{1,6}){0,5}$/);
    fc.assert(fc.property(plain, (series) => assert.notEqual(instrumentFor(series, 'gauge', strategy), undefined)));
  });
}
