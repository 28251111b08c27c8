/** Starts a RunWisp: its parts first, then its listeners, then its work. */

import { mountRunwispMetrics, type RunwispProbes, runwisp, runwispRecorder } from '../../instrumentation/runwisp/index.ts';
import { meterbridge } from '../../src/index.ts';
import { createBookkeeping } from '../bookkeeping.ts';
import { fromData } from '../database.ts';
import type { Host } from '../host.ts';
import { openMain } from '../listen.ts';
import { createApi } from './api.ts';
import { loadConfig, type RunwispConfig } from './config.ts';
import { createProc, type Proc, sum } from './proc.ts';
import { DATABASE_NAME, openRunStore } from './run-store.ts';
import { schedule } from './schedule.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

const VERSION = '0.1.0';

export const start: Host = async (args, { log, closing }) => {
  const config = loadConfig(args, process.env);
  const startedAt = Date.now();
  const bridge = meterbridge(runwisp, { log, scrape: { onStale: 'fail' } });
  const store = fromData(config.data, DATABASE_NAME, () => openRunStore(config.data, startedAt));
  closing.defer(store.close);
  // The last push still queries the database.
  closing.defer(() => bridge.close());
  const books = createBookkeeping(log);
  closing.defer(books.close);
  const supervisor = createSupervisor(store, books, config.folder, log);
  closing.defer(supervisor.stop);
  const tasks = probeTasks(config, supervisor, createProc());
  runwispRecorder(bridge, { runTotals: store.totals, ...tasks, startedAt, version: VERSION });
  const app = createApi(config, supervisor, startedAt, log);
  closing.defer(() => app.close());

  const { url } = await mountRunwispMetrics({ app, bridge, config: config.metrics });
  const main = await openMain(app, config, { host: '--host', port: '--port' });
  // Only now: the process that holds the port is the only one that works in this folder.
  const left = await store.processes.endLeftBehind();
  if (left > 0) log(`${left} processes were left behind by a daemon that was killed, and are ended`);
  for (const task of config.tasks) if (task.kind === 'service') supervisor.start(task, 'service');
  for (const task of config.tasks) closing.defer(schedule(task, store, books, supervisor, log));
  if (config.token === undefined) log('no token: tasks cannot be started over HTTP; set RUNWISP_TOKEN or [daemon] token');
  return { main, metrics: config.metrics.enabled ? (url ?? `${main}/metrics`) : undefined };
};

function probeTasks({ tasks }: RunwispConfig, supervisor: Supervisor, proc: Proc): Pick<RunwispProbes, 'tasks' | 'host'> {
  return {
    host: proc.host,
    tasks() {
      const trees = proc.trees(tasks.flatMap(supervisor.pids));
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
