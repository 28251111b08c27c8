/**
 * A RunWisp whose run database, tasks, machine and clock are played by a generator; with it, from its document, what must arrive.
 */
import { runwisp, runwispRecorder, type TaskReading } from '../../instrumentation/runwisp/index.ts';
import { expectedOf } from './expected-of.ts';
import { type PlayedDaemon, someTimeMs, startBridge } from './played-daemon.ts';
import type { Random } from './random.ts';
import { ownRoad } from './roads.ts';
import { seriesKey } from './series.ts';

const upBeforeMs = 90_500;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startRunwispDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<PlayedDaemon> {
  const totals = { success: 0, failed: 0, missed: 0, lastFailureMs: undefined as number | undefined };
  let tasks: TaskReading[] = [];
  let host = {};

  const { bridge, clock, daemon } = await startBridge(runwisp, { endpoint, road });
  runwispRecorder(bridge, {
    runTotals: () => totals,
    tasks: () => tasks,
    host: () => host,
    startedAt: someTimeMs - upBeforeMs,
    version: '0.9.1+weird"\\',
    clock,
  });

  function reading(name: string, kind: TaskReading['kind']): TaskReading {
    return { name, kind, active: random.between(0, 4), cpuPercent: random.next() * 400, memoryBytes: random.between(1, 2 ** 40) };
  }

  return Object.freeze({
    ...daemon,
    truth: () =>
      new Map([
        ['runwisp_runs_total{status="success"}', totals.success],
        ['runwisp_runs_total{status="failed"}', totals.failed],
        ['runwisp_runs_total{status="missed"}', totals.missed],
        ['runwisp_daemon_uptime_seconds{}', (clock() - someTimeMs + upBeforeMs) / 1_000],
        ...tasks.map(({ name, kind, active }): [string, number] => {
          const labels = { task: name, kind: kind === '' ? 'task' : kind };
          return [seriesKey('runwisp_task_active_runs', Object.entries(labels)), active];
        }),
      ]),
    run(steps: number) {
      for (let i = 0; i < steps; i++) totals[random.pick(['success', 'failed', 'missed'] as const)] += 1;
      for (const status of ['success', 'failed', 'missed'] as const) totals[status] += 1;
      totals.lastFailureMs = clock() - random.between(0, 100_000);
      tasks = [
        reading('backup', 'task'),
        reading('web "blue"', 'service'),
        reading('résumé\\new\nline', ''),
        reading('cleanup', 'task'),
      ];
      const memoryTotal = random.between(2 ** 30, 2 ** 40);
      host = { cpuPercent: random.next() * 100, memoryUsed: random.between(0, memoryTotal), memoryTotal };
    },
    /** A task is deleted, another one's process ends, and retention takes runs away. */
    lose() {
      const [{ name, kind } = reading('idle', 'task'), , ...others] = tasks;
      tasks = [{ name, kind, active: 0 }, ...others];
      totals.success -= 1;
      totals.lastFailureMs = undefined;
    },
  });
}

export const expectedOfRunwisp = expectedOf(runwisp, 'runwisp', [
  ['runwisp.runs', 'runwisp_runs_total', 'counter', '{run}'],
  ['runwisp.runs.last.failure.timestamp', 'runwisp_runs_last_failure_timestamp_seconds', 'gauge', 's'],
  ['runwisp.task.active.runs', 'runwisp_task_active_runs', 'gauge', '{run}'],
  ['runwisp.task.cpu', 'runwisp_task_cpu_percent', 'gauge', '%'],
  ['runwisp.task.memory', 'runwisp_task_memory_bytes', 'gauge', 'By'],
  ['runwisp.daemon.cpu', 'runwisp_daemon_cpu_percent', 'gauge', '%'],
  ['runwisp.daemon.memory.used', 'runwisp_daemon_memory_used_bytes', 'gauge', 'By'],
  ['runwisp.daemon.memory.total', 'runwisp_daemon_memory_total_bytes', 'gauge', 'By'],
  ['runwisp.daemon.uptime', 'runwisp_daemon_uptime_seconds', 'gauge', 's'],
  ['runwisp.build.info', 'runwisp_build_info', 'info', ''],
]);
