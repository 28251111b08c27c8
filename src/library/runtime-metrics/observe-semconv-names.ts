import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import type { Bridge } from '../bridge/bridge.ts';
import type { HistogramValue, RecorderFor } from '../recording/index.ts';
import { type EventLoopDelay, watchEventLoopDelay } from './event-loop-delay.ts';
import { watchGarbageCollection } from './garbage-collection.ts';
import { openFiles, processMemory } from './process-files.ts';
import { semconvNames } from './semconv-names.ts';

type Recorders = RecorderFor<typeof semconvNames>;
interface Report {
  set(target: Recorders['memory'] | Recorders['uptime'], value: number): void;
  set(target: Recorders['cpu'], value: number, labels: { readonly 'cpu.mode': 'user' | 'system' }): void;
  set(target: Recorders['time'], value: number, labels: { readonly 'nodejs.eventloop.state': 'active' | 'idle' }): void;
  set(target: Recorders['heapUsed'], value: number, labels: { readonly 'v8js.heap.space.name': string }): void;
  set(target: Recorders['delay'], value: HistogramValue): void;
}

export function observeSemconvNames(bridge: Bridge): () => void {
  const m = bridge.register(semconvNames);
  const stopGc = watchGarbageCollection((seconds, kind) => m.gcDuration.record(seconds, { 'v8js.gc.type': kind }));
  const delay = watchEventLoopDelay();
  const loop = watchUtilization();
  const { gcDuration, ...observed } = m;
  const stop = bridge.observe(Object.values(observed), (observation) => {
    const report = observation as Report;
    reportProcess(m, report);
    reportHeap(m, report);
    reportDelay(m, report, delay);
    reportLoop(m, report, loop());
  });
  return () => {
    stop();
    stopGc();
    delay.stop();
  };
}

/** In milliseconds. */
interface Utilization {
  /** Since the start of the loop. */
  readonly total: EventLoopUtilization;
  /** Since the previous reading. */
  readonly since: EventLoopUtilization;
}

function watchUtilization(): () => Utilization {
  let before = performance.eventLoopUtilization();
  return () => {
    const total = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(total, before);
    before = total;
    return { total, since };
  };
}

/** Bun and Deno measure none of it, and say 0 for all; so does Node.js until the loop begins. */
function reportLoop(m: Recorders, report: Report, { total, since }: Utilization): void {
  if (total.active + total.idle === 0) return;
  report.set(m.time, total.active / 1_000, { 'nodejs.eventloop.state': 'active' });
  report.set(m.time, total.idle / 1_000, { 'nodejs.eventloop.state': 'idle' });
  if (since.active + since.idle > 0) report.set(m.utilization, since.utilization);
}

function reportProcess(m: Recorders, report: Report): void {
  const { user, system } = process.cpuUsage();
  report.set(m.cpu, user / 1e6, { 'cpu.mode': 'user' });
  report.set(m.cpu, system / 1e6, { 'cpu.mode': 'system' });
  report.set(m.uptime, process.uptime());
  report.set(m.memory, process.memoryUsage.rss());
  const { virtual } = processMemory();
  if (virtual !== undefined) report.set(m.virtual, virtual);
  const files = openFiles();
  if (files !== undefined) report.set(m.files, files);
}

function reportHeap(m: Recorders, report: Report): void {
  for (const space of v8.getHeapSpaceStatistics()) {
    const labels = { 'v8js.heap.space.name': space.space_name };
    report.set(m.heapLimit, space.space_size, labels);
    report.set(m.heapUsed, space.space_used_size, labels);
    report.set(m.heapAvailable, space.space_available_size, labels);
    report.set(m.heapPhysical, space.physical_space_size, labels);
  }
}

function reportDelay(m: Recorders, report: Report, delay: EventLoopDelay): void {
  const summary = delay.read();
  report.set(m.delay, delay.histogram());
  if (summary === undefined) return;
  report.set(m.delayMin, summary.min);
  report.set(m.delayMax, summary.max);
  report.set(m.delayMean, summary.mean);
  report.set(m.delayStddev, summary.stddev);
  report.set(m.delayP50, summary.p50);
  report.set(m.delayP90, summary.p90);
  report.set(m.delayP99, summary.p99);
}
