/** Bytes that a piece of work allocates, whether or not they are collected meanwhile. */
import { GCProfiler } from 'node:v8';

export function allocatedBy(work: () => void): number {
  const allocated = startAllocation();
  work();
  return allocated();
}

/** The call says how much was allocated since: what is used then, plus what every collection in between has freed. */
export function startAllocation(): () => number {
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  return () => {
    const after = process.memoryUsage().heapUsed;
    const { statistics } = profiler.stop();
    const freed = statistics.reduce((sum, { beforeGC, afterGC }) => {
      return sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
    }, 0);
    return Math.max(0, after - before + freed);
  };
}
