/**
 * Connects RunWisp, through functions that the host passes in, with the contract's series. It reads at each collection and keeps
 * nothing.
 */
import { publicFunctions } from '../../src/host.ts';
import type { Bridge } from '../../src/index.ts';
import type { runwisp } from './contract.ts';

/** How many runs ended in each way, as the run database counts them now. */
export interface RunTotals {
  readonly success: number;
  readonly failed: number;
  /** Schedules that passed without a run; they count neither as success nor as failure. */
  readonly missed: number;
  /** When the latest failed run ended, ms since the epoch; absent when no run ever failed. */
  readonly lastFailureMs?: number | undefined;
}

export interface TaskReading {
  readonly name: string;
  /** An empty string means `task`. */
  readonly kind: 'task' | 'service' | '';
  /** Runs in flight. */
  readonly active: number;
  /** Per cent of one core; absent without a running process, or where it cannot be read. */
  readonly cpuPercent?: number | undefined;
  /** Resident bytes; absent without a running process, or where it cannot be read. */
  readonly memoryBytes?: number | undefined;
}

/** An unreadable value is absent, never 0. */
export interface HostReading {
  /** 0–100, over all cores. */
  readonly cpuPercent?: number | undefined;
  /** Bytes in use: total minus available. */
  readonly memoryUsed?: number | undefined;
  readonly memoryTotal?: number | undefined;
}

type Awaitable<T> = T | Promise<T>;

/** The functions that each collection calls. One that throws affects only its own series: their last good values are served. */
export interface RunwispProbes {
  runTotals(): Awaitable<RunTotals>;
  tasks(): Awaitable<readonly TaskReading[]>;
  host(): Awaitable<HostReading>;
  /** Start of the daemon, ms since the epoch. */
  readonly startedAt: number;
  /** The daemon's own version. */
  readonly version: string;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Records a RunWisp through `bridge`. Returns a function that detaches the recorder.
 *
 * @throws MeterbridgeError `OBSERVE_MISUSE` when a recorder is attached already
 */
export function runwispRecorder(bridge: Pick<Bridge<typeof runwisp>, 'metrics' | 'observe'>, probes: RunwispProbes): () => void {
  const { metrics } = bridge;
  const clock = probes.clock ?? Date.now;
  metrics.buildInfo.set({ version: probes.version });
  const detach = [
    bridge.observe([metrics.runs, metrics.runsLastFailureTimestamp], async (seen) => {
      const totals = await probes.runTotals();
      for (const status of ['success', 'failed', 'missed'] as const) seen.set(metrics.runs, totals[status], { status });
      if (totals.lastFailureMs !== undefined)
        seen.set(metrics.runsLastFailureTimestamp, Math.floor(totals.lastFailureMs / 1_000));
    }),
    bridge.observe([metrics.taskActiveRuns, metrics.taskCpu, metrics.taskMemory], async (seen) => {
      for (const { name, kind, active, cpuPercent, memoryBytes } of (await probes.tasks()).toSorted(byName)) {
        const labels = { task: name, kind: kind === '' ? 'task' : kind };
        seen.set(metrics.taskActiveRuns, active, labels);
        if (cpuPercent !== undefined) seen.set(metrics.taskCpu, cpuPercent, labels);
        if (memoryBytes !== undefined) seen.set(metrics.taskMemory, memoryBytes, labels);
      }
    }),
    bridge.observe([metrics.daemonCpu, metrics.daemonMemoryUsed, metrics.daemonMemoryTotal], async (seen) => {
      const { cpuPercent, memoryUsed, memoryTotal } = await probes.host();
      if (cpuPercent !== undefined) seen.set(metrics.daemonCpu, cpuPercent);
      if (memoryUsed !== undefined) seen.set(metrics.daemonMemoryUsed, memoryUsed);
      if (memoryTotal !== undefined) seen.set(metrics.daemonMemoryTotal, memoryTotal);
    }),
    // A clock that was set back must not make the uptime negative.
    metrics.daemonUptime.observe(() => Math.max(0, (clock() - probes.startedAt) / 1_000)),
  ];
  return () => {
    for (const stop of detach) stop();
  };
}

function byName(a: TaskReading, b: TaskReading): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

publicFunctions(runwispRecorder);
