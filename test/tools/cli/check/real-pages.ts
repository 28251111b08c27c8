/**
 * The pages of the hosts' own programs: names, types, order, labels and their values as the programs' sources write them. Numbers
 * and most HELP texts are not theirs, because no contract has to know them.
 */

/** Name, type, and the labels of each series. */
type Family = readonly [name: string, type: string, ...series: string[]];

function pageOf(families: readonly Family[], end = ''): string {
  return families.map((family) => blockOf(family)).join('') + end;
}

/** A histogram has the bounds behind its labels. */
const withBounds = (bounds: string, ...series: readonly string[]): readonly string[] => [...series, `bounds ${bounds}`];

function blockOf([name, type, ...series]: Family): string {
  const [, bounds] = series.at(-1)?.split('bounds ') ?? [];
  if (bounds !== undefined) return histogramOf(name, bounds.split(' '), series.slice(0, -1));
  const lines = (series.length === 0 ? [''] : series).map((labels) => `${name}${labels === '' ? '' : `{${labels}}`} 1\n`);
  return `# HELP ${name} As the program words it.\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function histogramOf(name: string, bounds: readonly string[], series: readonly string[]): string {
  const lines = (series.length === 0 ? [''] : series).flatMap((labels) => {
    const own = labels === '' ? '' : `{${labels}}`;
    const buckets = [...bounds, '+Inf'].map((bound) => `${name}_bucket{${labels === '' ? '' : `${labels},`}le="${bound}"} 1\n`);
    return [...buckets, `${name}_sum${own} 0.001\n`, `${name}_count${own} 1\n`];
  });
  return `# HELP ${name} As the program words it.\n# TYPE ${name} histogram\n${lines.join('')}`;
}

const each = (label: string, ...values: readonly string[]) => values.map((value) => `${label}="${value}"`);

const runwispTasks = ['task="api-server",kind="service"', 'task="nightly-backup",kind="task"'] as const;

const runwispDaemon: readonly Family[] = [
  ['runwisp_daemon_cpu_percent', 'gauge'],
  ['runwisp_daemon_memory_used_bytes', 'gauge'],
  ['runwisp_daemon_memory_total_bytes', 'gauge'],
  ['runwisp_daemon_uptime_seconds', 'gauge'],
  ['runwisp_build_info', 'gauge', 'version="0.6.0"'],
];

/** Served as OpenMetrics, with a TYPE line that OpenMetrics forbids. */
export const runwispPage = pageOf(
  [
    ['runwisp_runs_total', 'counter', ...each('status', 'success', 'failed', 'missed')],
    ['runwisp_runs_last_failure_timestamp_seconds', 'gauge'],
    ['runwisp_task_active_runs', 'gauge', ...runwispTasks],
    ['runwisp_task_cpu_percent', 'gauge', runwispTasks[0]],
    ['runwisp_task_memory_bytes', 'gauge', runwispTasks[0]],
    ...runwispDaemon,
  ],
  '# EOF\n',
);

/** The first version that has metrics. */
export const firstRunwispPage = pageOf(
  [
    ['runwisp_runs_total', 'counter', ...each('status', 'success', 'failed')],
    ['runwisp_runs_last_failure_timestamp_seconds', 'gauge'],
    ['runwisp_task_active_runs', 'gauge', ...runwispTasks],
    ...runwispDaemon,
  ],
  '# EOF\n',
);

/** One value of a program. */
const host = 'hostname="elsewhere"';
const onHost = (label: string, ...values: readonly string[]) => each(label, ...values).map((own) => `${host},${own}`);

/** From the program's main branch. */
export const crewshipdPage = pageOf([
  ...['uptime_seconds', 'goroutines', 'memory_alloc_bytes', 'memory_sys_bytes'].map(
    (name): Family => [`crewshipd_${name}`, 'gauge', host],
  ),
  ['crewshipd_gc_runs_total', 'counter', host],
  ['crewshipd_ws_connections', 'gauge', host],
  ['crewshipd_credential_audit_dropped_total', 'counter', host],
  [
    'crewshipd_assignments',
    'gauge',
    ...onHost('status', 'pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other'),
  ],
  ...['depth', 'crews', 'depth_max'].map((name): Family => [`crewshipd_assignment_queue_${name}`, 'gauge', host]),
  [
    'crewshipd_pipeline_runs',
    'gauge',
    ...onHost('status', 'queued', 'running', 'completed', 'failed', 'cancelled', 'dry_run', 'interrupted', 'other'),
  ],
  ['crewshipd_agent_run_events_total', 'counter', ...onHost('event', 'started', 'completed', 'failed', 'cancelled', 'timeout')],
  ['crewshipd_llm_calls_total', 'counter', ...onHost('provider', 'ANTHROPIC', 'OPENAI')],
  ['crewshipd_llm_cost_usd_total', 'counter', ...onHost('provider', 'ANTHROPIC', 'OPENAI')],
  ['crewshipd_containers_tracked', 'gauge', host],
  ['crewshipd_containers_reporting', 'gauge', host],
  ['crewshipd_db_migration_version', 'gauge', host],
]);

const wasmrunFamilies = (...rejections: readonly string[]): readonly Family[] => [
  ['wasmrun_agent_exec_total', 'counter', ...each('result', 'success', 'error', 'timeout')],
  ['wasmrun_agent_exec_duration_ms_sum', 'counter'],
  ['wasmrun_agent_exec_duration_ms_count', 'counter'],
  ['wasmrun_agent_output_truncated_total', 'counter'],
  ['wasmrun_agent_sessions_created_total', 'counter'],
  ['wasmrun_agent_exec_rejected_total', 'counter', ...each('reason', 'concurrency', 'payload', 'unauthorized', ...rejections)],
  ['wasmrun_agent_sessions_active', 'gauge'],
  ['wasmrun_agent_sessions_total', 'gauge'],
  ['wasmrun_agent_exec_in_flight', 'gauge'],
  ['wasmrun_agent_sessions_disk_bytes', 'gauge'],
];

/** The documented version. */
export const wasmrunPage0205 = pageOf(wasmrunFamilies());

/** Version 0.22.0. */
export const wasmrunPage = pageOf([
  ...wasmrunFamilies('rate'),
  ['wasmrun_agent_workers_live', 'gauge'],
  ['wasmrun_agent_requests_in_flight', 'gauge'],
]);

const outcomes = each('outcome', 'failure', 'success');
const onSubprocess = (labels: readonly string[]) => labels.map((own) => `${own},runner="subprocess"`);
const request = 'method="GET",path="/api/v1/tasks/{id}",transport="http"';

/** The crate 0.0.2 with all its collectors, those of its process too; in the order of names, as its registry gathers them. */
export const soltiPage = pageOf([
  ['process_cpu_seconds_total', 'counter'],
  ...['max_fds', 'open_fds', 'resident_memory_bytes', 'start_time_seconds', 'threads', 'virtual_memory_bytes'].map(
    (name): Family => [`process_${name}`, 'gauge'],
  ),
  ['solti_api_in_flight_requests', 'gauge', 'transport="http"'],
  [
    'solti_api_request_duration_seconds',
    'histogram',
    ...withBounds('0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10', request),
  ],
  ['solti_api_requests_total', 'counter', 'method="GET",path="/api/v1/tasks/{id}",status="200",transport="http"'],
  ['solti_build_info', 'gauge', 'version="1.2.3"'],
  ['solti_ctrl_rejections_total', 'counter', 'reason="other"'],
  ['solti_ctrl_submissions_total', 'counter'],
  ['solti_discover_attempts_total', 'counter'],
  ['solti_discover_duration_seconds', 'histogram', ...withBounds('0.005 0.01 0.05 0.1 0.5 1 5 10 30 60', ...outcomes)],
  ['solti_discover_failures_total', 'counter', 'reason="timeout"'],
  ['solti_discover_hold_duration_seconds', 'histogram', ...withBounds('1 5 15 30 60 300 900 1800 3600')],
  ['solti_discover_holds_total', 'counter'],
  ['solti_discover_last_success_timestamp_seconds', 'gauge'],
  ['solti_discover_outcomes_total', 'counter', ...outcomes],
  ['solti_runner_errors_total', 'counter', 'error="spawn_failed",runner="subprocess"'],
  [
    'solti_runner_task_duration_seconds',
    'histogram',
    ...withBounds('0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 30 60 300 1800 3600', ...onSubprocess(outcomes)),
  ],
  ['solti_runner_tasks_completed_total', 'counter', ...onSubprocess(outcomes)],
  ['solti_runner_tasks_started_total', 'counter', ...each('runner', 'subprocess', 'wasm')],
  ['solti_sv_attempts_to_finalize', 'histogram', ...withBounds('1 2 3 5 10 20 50 100', ...each('outcome', 'exhausted', 'fatal'))],
  ['solti_sv_subscriber_overflow_total', 'counter'],
  ['solti_sv_subscriber_panicked_total', 'counter'],
  ['solti_sv_task_backoff_count_total', 'counter', 'source="unknown"'],
  ['solti_sv_task_backoff_duration_seconds', 'histogram', ...withBounds('0.01 0.05 0.1 0.5 1 5 10 30 60 120 300 600 1800 3600')],
  ['solti_sv_task_restarts_total', 'counter'],
  ['solti_sv_task_terminal_total', 'counter', ...each('reason', 'exhausted', 'fatal')],
  ['solti_sv_task_timeouts_total', 'counter'],
  [
    'solti_sv_tasks_by_phase',
    'gauge',
    ...each('phase', 'canceled', 'exhausted', 'failed', 'pending', 'running', 'succeeded', 'timeout'),
  ],
  ['solti_sv_tasks_in_flight', 'gauge'],
]);
