/**
 * What senders make the service hold, against one limit: series, resources, texts, bounds, bodies, batches and renderings. Each
 * holder reports how much it holds when asked, so nothing is counted twice or left behind.
 */
import { getHeapStatistics } from 'node:v8';

export interface MemoryBudget {
  /** Bytes that all holders may have together. */
  readonly limit: number;
  /** Bytes that they have now. */
  readonly used: number;
  /** Bytes that are still free, 0 at least. Ask once a batch or a request, not once a point. */
  readonly room: number;
  /**
   * The same for what stays, as series do: it leaves a quarter of the limit to what comes and goes, and half of V8's heap, which
   * may be smaller than the limit.
   */
  readonly lasting: { readonly bytes: number; readonly heap: number };
  /**
   * Counts what one more holder has.
   * @param bytes what it has now; called at each question, so it looks nothing up
   * @param heap how much of that is objects and strings; absent: all of it is buffers
   * @returns what ends it; safe to call twice
   */
  add(bytes: () => number, heap?: () => number): () => void;
}

/** Of the limit, for what stays. */
const lastingShare = 3 / 4;
/** Of V8's heap. */
const heapShare = 1 / 2;

/** @param heapLimit what V8's heap may grow to */
export function createMemoryBudget(limit: number, heapLimit = getHeapStatistics().heap_size_limit): MemoryBudget {
  const holders = new Set<{ readonly bytes: () => number; readonly heap: (() => number) | undefined }>();
  function used(): number {
    let total = 0;
    for (const { bytes } of holders) total += bytes();
    return total;
  }
  function usedHeap(): number {
    let total = 0;
    for (const { heap } of holders) total += heap?.() ?? 0;
    return total;
  }
  return Object.freeze<MemoryBudget>({
    limit,
    get used() {
      return used();
    },
    get room() {
      return Math.max(0, limit - used());
    },
    get lasting() {
      return { bytes: Math.max(0, limit * lastingShare - used()), heap: Math.max(0, heapLimit * heapShare - usedHeap()) };
    },
    add(bytes, heap) {
      const holder = { bytes, heap };
      holders.add(holder);
      return () => void holders.delete(holder);
    },
  });
}
