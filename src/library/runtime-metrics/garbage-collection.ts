/** Every garbage collection of this thread, with its kind. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

export const gcKinds = ['major', 'minor', 'incremental', 'weakcb'] as const;
export type GcKind = (typeof gcKinds)[number];

const kinds: Readonly<Record<number, GcKind>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Calls `paused` for each collection that ends, until the returned function is called. */
export function watchGarbageCollection(paused: (seconds: number, kind: GcKind) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { readonly detail?: { readonly kind?: number } })[]) {
      const kind = kinds[entry.detail?.kind ?? -1];
      if (kind !== undefined) paused(entry.duration / 1_000, kind);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
