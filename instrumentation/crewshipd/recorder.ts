/**
 * Connects crewshipd, through functions that the host passes in, with the contract's series: each collection reads the process,
 * and reads the database and the containers at most every 15 s.
 */

import { PerformanceObserver } from 'node:perf_hooks';
import { publicFunctions } from '../../src/host.ts';
import type { Bridge, ClosedLabel } from '../../src/index.ts';
import { assignmentStatus, type crewshipd, pipelineStatus, runEvent } from './contract.ts';

/** crewshipd's page guarantees it: scraping more often does not query the database more often. */
const DATABASE_AT_MOST_EVERY_MS = 15_000;

/** Rows with one status or event, as the database spells it. */
export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** The ledger's totals of one provider. */
export interface ProviderReading {
  readonly provider: string;
  readonly calls: number;
  readonly costUsd: number;
}

export interface DatabaseReading {
  /** By status, trimmed and in any case; an unknown one counts as `other`. */
  readonly assignments: readonly Counted[];
  /** Queued assignments, one number for each crew that has any. */
  readonly queues: readonly number[];
  /** By status, as above. */
  readonly pipelineRuns: readonly Counted[];
  /** By event, live and archived rows; an unknown event is dropped. */
  readonly runEvents: readonly Counted[];
  readonly providers: readonly ProviderReading[];
  /** Highest applied migration, e.g. 20260728110200; absent when there is none. */
  readonly migrationVersion?: number | undefined;
}

export interface ContainerReading {
  readonly tracked: number;
  /** Tracked containers that have answered with a sample. */
  readonly reporting: number;
}

export interface ProcessReading {
  /** Active handles and requests. */
  readonly goroutines: number;
  /** Bytes of heap in use. */
  readonly memoryAlloc: number;
  /** Resident bytes. */
  readonly memorySys: number;
  readonly gcRuns: number;
}

type Awaitable<T> = T | Promise<T>;

/**
 * The functions that the recorder calls. One that throws affects only its own series: their last good values are served for 60 s.
 */
export interface CrewshipdProbes {
  /** Called at most every 15 s. */
  database(): Awaitable<DatabaseReading>;
  /** Called at most every 15 s. */
  containers(): Awaitable<ContainerReading>;
  /** Open WebSocket connections. */
  wsConnections(): number;
  /** Credential audit events lost since the start. */
  credentialAuditDropped(): number;
  /** Start of the daemon, ms since the epoch. */
  readonly startedAt: number;
  /** Default: this process. */
  readonly process?: () => ProcessReading;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Records a crewshipd through `bridge`. Returns a function that detaches the recorder.
 *
 * @throws MeterbridgeError `OBSERVE_MISUSE` when a recorder is attached already
 */
export function crewshipdRecorder(
  bridge: Pick<Bridge<ReturnType<typeof crewshipd>>, 'metrics' | 'observe'>,
  probes: CrewshipdProbes,
): () => void {
  const { metrics } = bridge;
  const clock = probes.clock ?? Date.now;
  const own = probes.process === undefined ? thisProcess() : { read: probes.process, close: () => {} };
  const seldom = { atMostEveryMs: DATABASE_AT_MOST_EVERY_MS };
  const processMetrics = [metrics.goroutines, metrics.memoryAlloc, metrics.memorySys, metrics.gcRuns];
  const queueMetrics = [metrics.assignmentQueueDepth, metrics.assignmentQueueCrews, metrics.assignmentQueueDepthMax];
  const countMetrics = [metrics.assignments, metrics.pipelineRuns, metrics.agentRunEvents];
  const ledgerMetrics = [metrics.llmCalls, metrics.llmCostUsd];

  const detach = [
    // A clock that was set back must not make the uptime negative.
    metrics.uptime.observe(() => Math.max(0, (clock() - probes.startedAt) / 1_000)),
    bridge.observe(processMetrics, (seen) => {
      const { goroutines, memoryAlloc, memorySys, gcRuns } = own.read();
      seen.set(metrics.goroutines, goroutines);
      seen.set(metrics.memoryAlloc, memoryAlloc);
      seen.set(metrics.memorySys, memorySys);
      seen.set(metrics.gcRuns, gcRuns);
    }),
    metrics.wsConnections.observe(() => probes.wsConnections()),
    metrics.credentialAuditDropped.observe(() => probes.credentialAuditDropped()),
    bridge.observe(
      [...countMetrics, ...queueMetrics, ...ledgerMetrics, metrics.dbMigrationVersion],
      async (seen) => {
        const { assignments, queues, pipelineRuns, runEvents, providers, migrationVersion } = await probes.database();
        for (const [status, count] of folded(assignmentStatus, assignments)) seen.set(metrics.assignments, count, { status });
        for (const [status, count] of folded(pipelineStatus, pipelineRuns)) seen.set(metrics.pipelineRuns, count, { status });
        for (const [event, count] of folded(runEvent, runEvents)) seen.set(metrics.agentRunEvents, count, { event });
        seen.set(metrics.assignmentQueueDepth, sum(queues));
        seen.set(metrics.assignmentQueueCrews, queues.length);
        seen.set(
          metrics.assignmentQueueDepthMax,
          queues.reduce((most, depth) => Math.max(most, depth), 0),
        );
        // In this order, because the contract names the first 24 and adds up the rest: the same providers for calls and for cost.
        for (const { provider, calls, costUsd } of providers.toSorted(byCalls)) {
          seen.set(metrics.llmCalls, calls, { provider });
          seen.set(metrics.llmCostUsd, costUsd, { provider });
        }
        if (migrationVersion !== undefined) seen.set(metrics.dbMigrationVersion, migrationVersion);
      },
      seldom,
    ),
    bridge.observe(
      [metrics.containersTracked, metrics.containersReporting],
      async (seen) => {
        const { tracked, reporting } = await probes.containers();
        seen.set(metrics.containersTracked, tracked);
        seen.set(metrics.containersReporting, reporting);
      },
      seldom,
    ),
    own.close,
  ];
  return () => {
    for (const stop of detach) stop();
  };
}

/** Sums the counts per label value, in the order of the label's values. */
function folded<V extends string>(label: ClosedLabel<V>, counts: readonly Counted[]): ReadonlyMap<`${V}`, number> {
  const totals = new Map(label.values.map((value) => [value, 0]));
  for (const { name, count } of counts) {
    const value = label.fold(name);
    totals.set(value, (totals.get(value) ?? 0) + count);
  }
  return totals;
}

function byCalls(a: ProviderReading, b: ProviderReading): number {
  return b.calls - a.calls || (a.provider < b.provider ? -1 : Number(a.provider > b.provider));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Timers only wait; the counterpart of goroutines are active handles and requests. */
const TIMERS: ReadonlySet<string> = new Set(['Timeout', 'Immediate']);

function thisProcess(): { read(): ProcessReading; close(): void } {
  let gcRuns = 0;
  const observer = new PerformanceObserver((list) => {
    gcRuns += list.getEntries().length;
  });
  observer.observe({ type: 'gc' });
  return {
    read() {
      const { heapUsed, rss } = process.memoryUsage();
      const active = process.getActiveResourcesInfo().filter((type) => !TIMERS.has(type));
      return { goroutines: active.length, memoryAlloc: heapUsed, memorySys: rss, gcRuns };
    },
    close: () => observer.disconnect(),
  };
}

publicFunctions(crewshipdRecorder);
