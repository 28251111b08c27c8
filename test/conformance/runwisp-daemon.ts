/** A RunWisp whose run database, tasks, machine and clock are played by a generator; with it, from its document, what must arrive. */
import assert from 'node:assert/strict';
import { runwisp, runwispRecorder, type TaskReading } from '../../instrumentation/runwisp/index.ts';
import { meterbridge } from '../../src/index.ts';
import type { ExpectedInstrument, ExpectedInstruments } from './debug-series.ts';
import type { Daemon } from './equality.ts';
import { someTimeMs } from './fixture-daemon.ts';
import type { Random } from './random.ts';
import { bridgeOptions, ownRoad } from './roads.ts';
import { seriesKey } from './series.ts';

export interface RunwispDaemon extends Daemon {
  /** What some series must show by now, from what was handed to the recorder. */
  truth(): ReadonlyMap<string, number>;
  /** Lets `steps` runs end and everything else change. */
  run(steps: number): void;
  /** A task is deleted, another one's process ends, and retention takes runs away. */
  lose(): void;
  close(): Promise<void>;
}

const stepMs = 1_000;
const upBeforeMs = 90_500;

/** @param endpoint of a Collector; without it nothing is pushed */
export async function startRunwispDaemon(random: Random, endpoint?: string, road = ownRoad): Promise<RunwispDaemon> {
  let now = someTimeMs;
  const totals = { success: 0, failed: 0, missed: 0, lastFailureMs: undefined as number | undefined };
  let tasks: TaskReading[] = [];
  let host = {};

  const bridge = meterbridge(runwisp, { isolated: true, clock: () => now, env: {}, log: () => {}, ...bridgeOptions(road, endpoint) });
  runwispRecorder(bridge, {
    runTotals: () => totals,
    tasks: () => tasks,
    host: () => host,
    startedAt: someTimeMs - upBeforeMs,
    version: '0.9.1+weird"\\',
    clock: () => now,
  });
  const { url } = await bridge.listen('127.0.0.1:0');

  function reading(name: string, kind: TaskReading['kind']): TaskReading {
    return { name, kind, active: random.between(0, 4), cpuPercent: random.next() * 400, memoryBytes: random.between(1, 2 ** 40) };
  }

  return Object.freeze({
    url,
    truth: () =>
      new Map([
        ['runwisp_runs_total{status="success"}', totals.success],
        ['runwisp_runs_total{status="failed"}', totals.failed],
        ['runwisp_runs_total{status="missed"}', totals.missed],
        ['runwisp_daemon_uptime_seconds{}', (now - someTimeMs + upBeforeMs) / 1_000],
        ...tasks.map(({ name, kind, active }): [string, number] => {
          const labels = { task: name, kind: kind === '' ? 'task' : kind };
          return [seriesKey('runwisp_task_active_runs', Object.entries(labels)), active];
        }),
      ]),
    run(steps: number) {
      for (let i = 0; i < steps; i++) totals[random.pick(['success', 'failed', 'missed'] as const)] += 1;
      for (const status of ['success', 'failed', 'missed'] as const) totals[status] += 1;
      totals.lastFailureMs = now - random.between(0, 100_000);
      tasks = [reading('backup', 'task'), reading('web "blue"', 'service'), reading('résumé\\new\nline', ''), reading('cleanup', 'task')];
      const memoryTotal = random.between(2 ** 30, 2 ** 40);
      host = { cpuPercent: random.next() * 100, memoryUsed: random.between(0, memoryTotal), memoryTotal };
    },
    lose() {
      const [{ name, kind } = reading('idle', 'task'), , ...others] = tasks;
      tasks = [{ name, kind, active: 0 }, ...others];
      totals.success -= 1;
      totals.lastFailureMs = undefined;
    },
    advance() {
      now += stepMs;
    },
    async push() {
      assert.equal(await bridge.flush(), true, 'the push failed');
    },
    close: bridge.close,
  });
}

type Kind = ExpectedInstrument['kind'];

const documented: readonly [instrument: string, series: string, kind: Kind, unit: string][] = [
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
];

/** Its document has no texts for HELP: those are the contract's. */
const helpOf = new Map(Object.values(runwisp.metrics).map((metric) => [metric.instrument, metric.help]));

export const expectedOfRunwisp: ExpectedInstruments = Object.fromEntries(
  documented.map(([instrument, series, kind, unit]) => [
    instrument,
    { scope: 'runwisp', series, kind, unit, help: helpOf.get(instrument) ?? '' },
  ]),
);
