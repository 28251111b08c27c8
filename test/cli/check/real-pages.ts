/**
 * The pages of the hosts' own programs: names, types, order, labels and their values as the programs' sources write them. Numbers and most HELP texts are not
 * theirs, because no contract has to know them.
 */

/** Name, type, and the labels of each series. */
type Family = readonly [name: string, type: string, ...series: string[]];

function pageOf(families: readonly Family[], end = ''): string {
  return families.map((family) => blockOf(family)).join('') + end;
}

function blockOf([name, type, ...series]: Family): string {
  const lines = (series.length === 0 ? [''] : series).map((labels) => `${name}${labels === '' ? '' : `{${labels}}`} 1\n`);
  return `# HELP ${name} As the program words it.\n# TYPE ${name} ${type}\n${lines.join('')}`;
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
  ...['uptime_seconds', 'goroutines', 'memory_alloc_bytes', 'memory_sys_bytes'].map((name): Family => [`crewshipd_${name}`, 'gauge', host]),
  ['crewshipd_gc_runs_total', 'counter', host],
  ['crewshipd_ws_connections', 'gauge', host],
  ['crewshipd_credential_audit_dropped_total', 'counter', host],
  ['crewshipd_assignments', 'gauge', ...onHost('status', 'pending', 'queued', 'running', 'completed', 'failed', 'cancelled', 'other')],
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
