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

/** Served as OpenMetrics, with a TYPE line that OpenMetrics forbids. */
export const runwispPage = pageOf(
  [
    ['runwisp_runs_total', 'counter', ...each('status', 'success', 'failed', 'missed')],
    ['runwisp_runs_last_failure_timestamp_seconds', 'gauge'],
    ['runwisp_task_active_runs', 'gauge', ...runwispTasks],
    ['runwisp_task_cpu_percent', 'gauge', runwispTasks[0]],
    ['runwisp_task_memory_bytes', 'gauge', runwispTasks[0]],
    ['runwisp_daemon_cpu_percent', 'gauge'],
    ['runwisp_daemon_memory_used_bytes', 'gauge'],
    ['runwisp_daemon_memory_total_bytes', 'gauge'],
    ['runwisp_daemon_uptime_seconds', 'gauge'],
    ['runwisp_build_info', 'gauge', 'version="0.6.0"'],
  ],
  '# EOF\n',
);
