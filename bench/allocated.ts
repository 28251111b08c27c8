/** Bytes that a piece of work allocates, whether or not they are collected meanwhile. */
import { GCProfiler } from 'node:v8';

/** What is used at the end, plus what every collection in between has freed. */
export function allocatedBy(work: () => void): number {
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  work();
  const after = process.memoryUsage().heapUsed;
  const { statistics } = profiler.stop();
  const freed = statistics.reduce((sum, { beforeGC, afterGC }) => {
    return sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
  }, 0);
  return Math.max(0, after - before + freed);
}
