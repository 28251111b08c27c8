import v8 from 'node:v8';
import type { Bridge } from '../bridge/bridge.ts';
import type { HistogramValue, RecorderFor } from '../recording/index.ts';
import { type EventLoopDelay, watchEventLoopDelay } from './event-loop-delay.ts';
import { watchGarbageCollection } from './garbage-collection.ts';
import { mostOpenFiles, openFiles, processMemory } from './process-files.ts';
import { promClientNames } from './prom-client-names.ts';

type Recorders = RecorderFor<typeof promClientNames>;
type Labelled = Recorders['handles'];
type Unlabelled = Recorders['lag'];
interface Report {
  set(target: Unlabelled | Recorders['cpu'], value: number): void;
  set(target: Labelled, value: number, labels: { readonly type: string }): void;
  set(target: Recorders['spaceUsed'], value: number, labels: { readonly space: string }): void;
  set(target: Recorders['delay'], value: HistogramValue): void;
}

/** Functions of Node.js that its documentation leaves out, and that prom-client's dashboards need. */
interface Undocumented {
  _getActiveHandles?(): readonly unknown[];
  _getActiveRequests?(): readonly unknown[];
}

export function observePromClientNames(bridge: Bridge): () => void {
  const m = bridge.register(promClientNames);
  recordConstants(m);
  const stopGc = watchGarbageCollection((seconds, kind) => m.gcDuration.record(seconds, { kind }));
  const delay = watchEventLoopDelay();
  const lag = watchLag();
  const { version, started, maxFds, gcDuration, ...observed } = m;
  const stop = bridge.observe(Object.values(observed), (observation) => {
    const report = observation as Report;
    reportProcess(m, report);
    reportHeap(m, report);
    reportLoop(m, report, delay, lag());
    reportActive(m, report);
  });
  return () => {
    stop();
    stopGc();
    delay.stop();
  };
}

function recordConstants(m: Recorders): void {
  m.started.set(Math.round(Date.now() / 1_000 - process.uptime()));
  const limit = mostOpenFiles();
  if (limit !== undefined) m.maxFds.set(limit);
  const [major = '', minor = '', patch = ''] = process.version.slice(1).split('.');
  m.version.set({ version: process.version, major, minor, patch });
}

/** How long an immediate callback waits: each reading returns the previous measurement and starts the next. */
function watchLag(): () => number | undefined {
  let lag: number | undefined;
  const measure = () => {
    const from = performance.now();
    setImmediate(() => {
      lag = (performance.now() - from) / 1_000;
    }).unref();
  };
  measure();
  return () => {
    const before = lag;
    measure();
    return before;
  };
}

function reportProcess(m: Recorders, report: Report): void {
  const { user, system } = process.cpuUsage();
  report.set(m.cpuUser, user / 1e6);
  report.set(m.cpuSystem, system / 1e6);
  report.set(m.cpu, (user + system) / 1e6);
  const { virtual, data } = processMemory();
  if (virtual !== undefined) report.set(m.virtual, virtual);
  if (data !== undefined) report.set(m.data, data);
  const files = openFiles();
  if (files !== undefined) report.set(m.openFds, files);
}

function reportHeap(m: Recorders, report: Report): void {
  const memory = process.memoryUsage();
  report.set(m.resident, memory.rss);
  report.set(m.heapTotal, memory.heapTotal);
  report.set(m.heapUsed, memory.heapUsed);
  report.set(m.external, memory.external);
  for (const one of v8.getHeapSpaceStatistics()) {
    const labels = { space: one.space_name.replace(/_space$/, '') };
    report.set(m.spaceTotal, one.space_size, labels);
    report.set(m.spaceUsed, one.space_used_size, labels);
    report.set(m.spaceAvailable, one.space_available_size, labels);
  }
}

function reportLoop(m: Recorders, report: Report, delay: EventLoopDelay, lag: number | undefined): void {
  if (lag !== undefined) report.set(m.lag, lag);
  const summary = delay.read();
  report.set(m.delay, delay.histogram());
  if (summary === undefined) return;
  report.set(m.lagMin, summary.min);
  report.set(m.lagMax, summary.max);
  report.set(m.lagMean, summary.mean);
  report.set(m.lagStddev, summary.stddev);
  report.set(m.lagP50, summary.p50);
  report.set(m.lagP90, summary.p90);
  report.set(m.lagP99, summary.p99);
}

function reportActive(m: Recorders, report: Report): void {
  const node = process as typeof process & Undocumented;
  const classes = (things: readonly unknown[] = []) => things.map((thing) => Object(thing).constructor?.name ?? 'Object');
  count(report, m.resources, m.resourcesTotal, process.getActiveResourcesInfo());
  count(report, m.handles, m.handlesTotal, classes(node._getActiveHandles?.()));
  count(report, m.requests, m.requestsTotal, classes(node._getActiveRequests?.()));
}

function count(report: Report, byType: Labelled, total: Unlabelled, types: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, number] of counts) report.set(byType, number, { type });
  report.set(total, types.length);
}
