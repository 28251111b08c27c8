import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { familyName } from '../../../src/core/naming/family-name.ts';
import { type Kind, kinds } from '../../../src/core/naming/kind.ts';
import { type Strategy, strategies } from '../../../src/core/naming/strategy.ts';

type Row = readonly [name: string, kind: Kind, unit: string, series: string];

// Conformance: what arrives when the hosts' series are declared under their full name.
const fullNames: readonly Row[] = [
  ['runwisp_runs_total', 'counter', '', 'runwisp_runs_total'],
  ['runwisp_runs_total', 'counter', '{run}', 'runwisp_runs_total'],
  ['runwisp_runs_total', 'counter', '1', 'runwisp_runs_total'],
  ['runwisp_runs_last_failure_timestamp_seconds', 'gauge', 's', 'runwisp_runs_last_failure_timestamp_seconds'],
  ['runwisp_runs_last_failure_timestamp_seconds', 'gauge', '1', 'runwisp_runs_last_failure_timestamp_seconds_ratio'],
  ['runwisp_daemon_cpu_percent', 'gauge', '%', 'runwisp_daemon_cpu_percent'],
  ['runwisp_daemon_cpu_percent', 'gauge', '1', 'runwisp_daemon_cpu_percent_ratio'],
  ['runwisp_daemon_memory_used_bytes', 'gauge', 'By', 'runwisp_daemon_memory_used_bytes'],
  ['runwisp_daemon_memory_total_bytes', 'gauge', 'By', 'runwisp_daemon_memory_total_bytes'],
  ['runwisp_daemon_memory_total_bytes', 'counter', 'By', 'runwisp_daemon_memory_bytes_total'],
  ['runwisp_daemon_uptime_seconds', 'gauge', 's', 'runwisp_daemon_uptime_seconds'],
  ['crewshipd_uptime_seconds', 'counter', 's', 'crewshipd_uptime_seconds_total'],
  ['runwisp_build_info', 'gauge', '', 'runwisp_build_info'],
  ['runwisp_build_info', 'info', '', 'runwisp_build_info'],
  ['rm_build_info', 'info', '1', 'rm_build_info_ratio'],
  ['runwisp_task_active_runs', 'gauge', '{run}', 'runwisp_task_active_runs'],
  ['runwisp_task_active_runs', 'updowncounter', '{run}', 'runwisp_task_active_runs'],
  ['runwisp_task_active_runs', 'gauge', '1', 'runwisp_task_active_runs_ratio'],
  ['runwisp_task_active_runs', 'updowncounter', '1', 'runwisp_task_active_runs'],
  ['wasmrun_agent_exec_total', 'counter', '', 'wasmrun_agent_exec_total'],
  ['wasmrun_agent_exec_duration_ms_sum', 'counter', '', 'wasmrun_agent_exec_duration_ms_sum_total'],
  ['wasmrun_agent_exec_duration_ms_sum', 'counter', 'ms', 'wasmrun_agent_exec_duration_ms_sum_milliseconds_total'],
  ['wasmrun_agent_exec_duration_ms_count', 'counter', '', 'wasmrun_agent_exec_duration_ms_count_total'],
  ['wasmrun_agent_exec_duration_ms', 'histogram', '', 'wasmrun_agent_exec_duration_ms'],
  ['wasmrun_agent_exec_duration_ms', 'histogram', 'ms', 'wasmrun_agent_exec_duration_ms_milliseconds'],
  ['wasmrun_agent_exec_duration_ms', 'summary', '', 'wasmrun_agent_exec_duration_ms'],
  ['wasmrun_agent_sessions_total', 'gauge', '', 'wasmrun_agent_sessions_total'],
  ['wasmrun_agent_sessions_total', 'gauge', '{session}', 'wasmrun_agent_sessions_total'],
  ['wasmrun_agent_sessions_total', 'gauge', '1', 'wasmrun_agent_sessions_total_ratio'],
  ['rm_hosts_total', 'gauge', '', 'rm_hosts_total'],
  ['rm_hosts_total', 'gauge', '{host}', 'rm_hosts_total'],
  ['rm_hosts_total', 'gauge', '1', 'rm_hosts_total_ratio'],
  ['crewshipd_llm_cost_usd_total', 'counter', '', 'crewshipd_llm_cost_usd_total'],
  ['crewshipd_llm_cost_usd_total', 'counter', '{USD}', 'crewshipd_llm_cost_usd_total'],
  ['crewshipd_llm_cost_usd_total', 'counter', 'usd', 'crewshipd_llm_cost_usd_total'],
  ['crewshipd_llm_cost_usd_total', 'counter', 'USD', 'crewshipd_llm_cost_usd_USD_total'],
  ['rm_host_snapshot_count', 'gauge', '', 'rm_host_snapshot_count'],
  ['rm_job_duration_seconds', 'histogram', 's', 'rm_job_duration_seconds'],
  ['rm_job_duration_seconds', 'histogram', 'ms', 'rm_job_duration_seconds_milliseconds'],
  ['solti_runner_task_duration_seconds', 'histogram', 's', 'solti_runner_task_duration_seconds'],
  ['rm_active_alerts', 'gauge', '', 'rm_active_alerts'],
  ['rm_active_alerts', 'gauge', '1', 'rm_active_alerts_ratio'],
  ['crewshipd_assignments', 'gauge', '', 'crewshipd_assignments'],
  ['crewshipd_assignment_queue_depth_max', 'gauge', '', 'crewshipd_assignment_queue_depth_max'],
  ['crewshipd_db_migration_version', 'gauge', '', 'crewshipd_db_migration_version'],
];

// Conformance: the default strategy's rules one by one.
const rules: readonly Row[] = [
  ['http.server.duration', 'histogram', 's', 'http_server_duration_seconds'],
  ['a..b__c', 'gauge', '', 'a_b_c'],
  ['_a.', 'gauge', '', 'a'],
  ['a:b', 'gauge', '', 'a:b'],
  ['cost', 'counter', 'USD', 'cost_USD_total'],
  ['seconds.since.start', 'gauge', 's', 'seconds_since_start'],
  ['total.runs.total', 'counter', '', 'runs_total'],
  ['subtotal', 'counter', '', 'subtotal_total'],
  ['ratio.of.ratio', 'gauge', '1', 'of_ratio'],
  ['hits', 'unknown', '1', 'hits'],
  ['hits', 'counter', '1', 'hits_total'],
  ['hits', 'stateset', '1', 'hits'],
  ['hits', 'gaugehistogram', '1', 'hits'],
  ['9lives', 'gauge', '', '_9lives'],
  ['net', 'gauge', 'By/s', 'net_bytes_per_second'],
  ['net', 'counter', 'By/s', 'net_bytes_per_second_total'],
  ['fan', 'gauge', '{rotation}/min', 'fan_per_min'],
  ['speed', 'gauge', 'm/s', 'speed_meters_per_second'],
  // The unit's main word is found again, `per_second` never is.
  ['x_bytes_per_second', 'gauge', 'By/s', 'x_bytes_per_second_per_second'],
  ['', 'gauge', '', ''],
  ['...', 'counter', '', 'total'],
  ['...', 'gauge', '', ''],
];

for (const [name, kind, unit, series] of [...fullNames, ...rules]) {
  test(`default strategy: ${kind} ${name}, unit '${unit}' becomes ${series}`, () => {
    assert.equal(familyName({ name, unit, kind }), series);
  });
}

const byStrategy: readonly (readonly [Strategy, ...Row])[] = [
  ['UnderscoreEscapingWithSuffixes', 'foo.bar', 'counter', 'By', 'foo_bar_bytes_total'],
  ['UnderscoreEscapingWithoutSuffixes', 'foo.bar', 'counter', 'By', 'foo_bar'],
  ['NoUTF8EscapingWithSuffixes', 'foo.bar', 'counter', 'By', 'foo.bar_bytes_total'],
  ['NoTranslation', 'foo.bar', 'counter', 'By', 'foo.bar'],
  ['UnderscoreEscapingWithoutSuffixes', 'a__b..c', 'gauge', '', 'a__b_c'],
  ['UnderscoreEscapingWithoutSuffixes', 'exec_duration_ms_sum', 'counter', 'ms', 'exec_duration_ms_sum'],
  ['UnderscoreEscapingWithoutSuffixes', '1st', 'gauge', '', '_1st'],
  ['NoUTF8EscapingWithSuffixes', 'subtotal', 'counter', '', 'su_total'],
  ['NoUTF8EscapingWithSuffixes', 'total', 'counter', '', 'total_total'],
  ['NoUTF8EscapingWithSuffixes', 'x_bytes_per_second', 'gauge', 'By/s', 'x_bytes_per_second'],
  ['NoUTF8EscapingWithSuffixes', 'hit.ratio', 'gauge', '1', 'hit_ratio'],
  ['NoUTF8EscapingWithSuffixes', 'temp', 'gauge', '°', 'temp_°'],
  ['NoTranslation', '...', 'gauge', '1', '...'],
];

for (const [strategy, name, kind, unit, series] of byStrategy) {
  test(`${strategy}: ${kind} ${name}, unit '${unit}' becomes ${series}`, () => {
    assert.equal(familyName({ name, unit, kind }, strategy), series);
  });
}

const anyKind = fc.constantFrom(...kinds);
const anyUnit = fc.oneof(
  fc.constantFrom('', '1', 's', 'By', 'By/s', '%', '{run}', 'USD', '1/{x}'),
  fc.string({ unit: 'grapheme' }),
);
const nameToken = fc.oneof(
  fc.constantFrom('total', 'ratio', 'seconds', 'bytes', 'per', 'x', '9'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const anyName = fc
  .array(fc.tuple(nameToken, fc.constantFrom('.', '_', '', '-', '__')), { maxLength: 6 })
  .map((parts) => parts.flat().join(''));

for (const strategy of ['UnderscoreEscapingWithSuffixes', 'UnderscoreEscapingWithoutSuffixes'] as const) {
  test(`${strategy}: a name is legal or empty`, () => {
    fc.assert(
      fc.property(anyName, anyUnit, anyKind, (name, unit, kind) => {
        assert.match(familyName({ name, unit, kind }, strategy), /^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/);
      }),
    );
  });
}

// An unknown unit may leave a `_` at the end or a token of its own (`a_total`), which tokens do not keep: known units only.
const knownUnit = fc.constantFrom('', '1', 's', 'By', 'By/s', '/d', '%', '{run}');

// Not for NoUTF8EscapingWithSuffixes: `total` becomes `total_total`, and that `total`.
for (const strategy of strategies.filter((each) => each !== 'NoUTF8EscapingWithSuffixes')) {
  test(`${strategy}: a name that came out, declared without a unit, comes out unchanged`, () => {
    fc.assert(
      fc.property(anyName, knownUnit, anyKind, (name, unit, kind) => {
        const once = familyName({ name, unit, kind }, strategy);
        assert.equal(familyName({ name: once, unit: '', kind }, strategy), once);
      }),
    );
  });
}
