/**
 * RunWisp's contract: every series of its metrics page, and those that are new upstream, in the page's order: the newest version
 * that is known.
 */
import { type ClosedLabel, type Contract, contract, counter, gauge, identity, info, oneOf } from '../../src/index.ts';

/** Maximum number of tasks and services of one daemon: further gauges are refused, and the self-metrics count them. */
const TASKS_AT_MOST = 500;

const taskLabels = { task: identity({ limit: TASKS_AT_MOST }), kind: oneOf('task', 'service') };

function runs<S extends string>(status: ClosedLabel<S>) {
  return counter({
    observed: true,
    unknownStart: true,
    unit: '{run}',
    help: 'Runs that ended, by status; counted in the run database, so retention may lower it.',
    labels: { status },
  });
}

const metrics = {
  runs: runs(oneOf('success', 'failed', 'missed')),
  runsLastFailureTimestamp: gauge({
    observed: true,
    unit: 's',
    help: 'When the latest failed run ended, in seconds since 1970; absent when no run ever failed.',
    omitEmpty: true,
  }),
  taskActiveRuns: gauge({ observed: true, unit: '{run}', help: 'Runs in flight, by task.', labels: taskLabels }),
  taskCpu: gauge({
    observed: true,
    unit: '%',
    help: "CPU use of a running task's processes, in per cent of one core.",
    labels: taskLabels,
  }),
  taskMemory: gauge({ observed: true, unit: 'By', help: "Resident memory of a running task's processes.", labels: taskLabels }),
  daemonCpu: gauge({ observed: true, unit: '%', help: 'CPU use of the machine, 0 to 100, between two readings.' }),
  daemonMemoryUsed: gauge({ observed: true, unit: 'By', help: 'Memory of the machine that is in use.' }),
  daemonMemoryTotal: gauge({ observed: true, unit: 'By', help: 'Memory of the machine.' }),
  daemonUptime: gauge({ observed: true, unit: 's', help: 'Time since the daemon started.' }),
  buildInfo: info({ help: 'The running daemon, always 1.', labels: { version: identity() } }),
};

const options = {
  defaultFormat: 'openmetrics' as const,
  // RunWisp's own TYPE line says `runwisp_runs_total`, which Prometheus reads and OpenMetrics forbids.
  accepts: { runwisp_runs_total: ['counter-name'] },
};

export const runwisp = contract('runwisp', metrics, options);

export default runwisp;

/** What RunWisp shows in other versions. */
export const versions = Object.freeze({
  /** The first that has metrics, which the page documents: runs are not missed, and tasks are not measured. */
  '0.6.0': (): Contract => {
    const { taskCpu, taskMemory, ...page } = metrics;
    return contract('runwisp', { ...page, runs: runs(oneOf('success', 'failed')) }, options);
  },
});
