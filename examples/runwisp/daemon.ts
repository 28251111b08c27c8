/** Puts a RunWisp together: its parts first, then its doors, and only then its work. */

import { mountRunwispMetrics, type RunwispProbes, runwisp, runwispRecorder } from '../../instrumentation/runwisp/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { RunningHost } from '../host.ts';
import { createApi } from './api.ts';
import type { RunwispConfig } from './config.ts';
import { createProc, type Proc } from './proc.ts';
import { openRunStore } from './run-store.ts';
import { startSchedules } from './schedule.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

export interface DaemonOptions {
  readonly version: string;
  readonly log: (line: string) => void;
}

/** @throws when a listener cannot be opened; nothing has been started then. */
export async function startDaemon(config: RunwispConfig, { version, log }: DaemonOptions): Promise<RunningHost> {
  const clock = Date.now;
  const startedAt = clock();
  const bridge = meterbridge(runwisp, { log, scrape: { onStale: 'fail' } });
  const store = openRunStore(config.data, startedAt);
  const supervisor = createSupervisor({ store, folder: config.folder, clock, log });
  const tasks = probeTasks(config, supervisor, createProc());
  runwispRecorder(bridge, { runTotals: () => store.totals(), ...tasks, startedAt, version, clock });
  const app = createApi({ config, supervisor, version, startedAt, clock, log });
  let stopSchedules = (): void => {};

  async function close(): Promise<void> {
    // First whatever could start another run.
    stopSchedules();
    await app.close();
    await supervisor.stop();
    // The last push still asks the database.
    await bridge.close();
    store.close();
  }

  try {
    const metrics = await mountRunwispMetrics({ app, bridge, config: config.metrics });
    const main = await app.listen({ host: config.host, port: config.port });
    // Only now: who has the port is the only one at work here.
    const left = await store.processes.endLeftBehind();
    if (left > 0) log(`${left} processes were left behind by a daemon that was killed, and are ended`);
    for (const task of config.tasks) if (task.kind === 'service') supervisor.start(task, 'service');
    stopSchedules = startSchedules(config.tasks, { store, supervisor, clock, log });
    if (config.token === undefined) log('no token: tasks cannot be started over HTTP; set RUNWISP_TOKEN or [daemon] token');
    return Object.freeze({ main, metrics: config.metrics.enabled ? (metrics.url ?? `${main}/metrics`) : undefined, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function probeTasks({ tasks }: RunwispConfig, supervisor: Supervisor, proc: Proc): Pick<RunwispProbes, 'tasks' | 'host'> {
  return {
    host: () => proc.host(),
    tasks() {
      const trees = proc.trees(tasks.flatMap((task) => supervisor.pids(task)));
      return tasks.map((task) => {
        const readings = supervisor.pids(task).flatMap((pid) => trees.get(pid) ?? []);
        const cpus = readings.flatMap(({ cpuPercent }) => cpuPercent ?? []);
        return {
          name: task.name,
          kind: task.kind,
          active: supervisor.active(task),
          cpuPercent: cpus.length > 0 ? sum(cpus) : undefined,
          memoryBytes: readings.length > 0 ? sum(readings.map(({ memoryBytes }) => memoryBytes)) : undefined,
        };
      });
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
